import type { SealReport } from '../proxy/seal.ts';
import { provenanceName } from '../store/provenance.ts';
import type { Verifier } from '../verify/verifier.ts';
import { whyNotKnown } from './check-file.ts';
import {
  failureOf,
  verifyCopy,
  WHY_MISSING,
  type CopyFinding,
  type CopyReport,
  type Mend,
} from './verify-copy.ts';
import { missingRecords, verifyRecords, type RecordFound } from './verify-records.ts';
import type { CopyWork } from './work.ts';
import { say } from '../words/text.ts';

/** How what is wrong is mended: both ask the mirrors. */
export type Repair = {
  readonly mend: Mend;
  /** Fetches what the copy lacks to prove its records. */
  readonly seal: () => Promise<readonly SealReport[]>;
};

/**
 * Verifies all of the copy: first what it has of the checksum databases, by their signatures, then with that the files
 * of versions. What is wrong is set aside; what was kept and is not there is told, too. A damaged record must not make a
 * right file a wrong one, so what is wrong with the records is mended first, or, without `repair`, they do not count.
 * @throws as verifyCopy and verifyRecords
 */
export async function verifyAll(work: CopyWork, repair: Repair | undefined): Promise<CopyReport> {
  const records = await verifyRecords(work);
  // Before anything is set aside: that is told once.
  const missing = await missingFindings(work);
  const aside = [...(await setAside(records.found, work)), ...missing];
  const found = repair === undefined ? aside : await mendRecords(aside, work, repair);
  const distrusted = new Set(found.filter(isStillWrong).map(({ module, version }) => `${module}@${version}`));
  const verifier = withoutRecords(work.verifier, distrusted);
  const copy = await verifyCopy({ ...work, verifier }, repair?.mend);
  return { ...copy, files: copy.files + records.files, findings: [...found, ...copy.findings] };
}

function isStillWrong({ kind, state, mended }: CopyFinding): boolean {
  return kind === 'record' && state === 'wrong' && mended !== true;
}

function withoutRecords(verifier: Verifier, distrusted: ReadonlySet<string>): Verifier {
  const why = 'the one in the copy is damaged';
  return {
    ...verifier,
    expect: (module, version, signal) =>
      distrusted.has(`${module}@${version}`)
        ? Promise.resolve({ kind: 'unreachable', why })
        : verifier.expect(module, version, signal),
  };
}

/** Sets aside what is wrong, so that nobody is served it any more. */
async function setAside(found: readonly RecordFound[], { store, signal }: CopyWork): Promise<CopyFinding[]> {
  const treated: CopyFinding[] = [];
  for (const { finding, etag } of found) {
    signal.throwIfAborted();
    if (finding.state !== 'wrong' || etag === undefined) {
      treated.push(finding);
      continue;
    }
    const moved = await store
      .setAside(finding.key, etag)
      .then((quarantine) => (quarantine === undefined ? {} : { quarantine }), failureOf);
    treated.push({ ...finding, ...moved });
  }
  return treated;
}

/** Records that were kept and are not there. */
async function missingFindings(work: CopyWork): Promise<CopyFinding[]> {
  const missing = await missingRecords(work);
  return missing.map((record) => ({ ...record, kind: 'record', state: 'missing', why: WHY_MISSING }));
}

function isToBeMended({ state }: CopyFinding): boolean {
  return state === 'wrong' || state === 'missing';
}

/** Asks anew for the records that were set aside or are missing, and then once for all tiles that are missing by then. */
async function mendRecords(
  findings: readonly CopyFinding[],
  work: CopyWork,
  { seal }: Repair,
): Promise<CopyFinding[]> {
  const treated: CopyFinding[] = [];
  for (const finding of findings) {
    work.signal.throwIfAborted();
    const asked = isToBeMended(finding) ? await askAnew(finding, work) : finding;
    if (asked !== undefined) treated.push(asked);
  }
  if (!treated.some((finding) => isToBeMended(finding) && finding.mended !== false)) return treated;
  const unsealed = (await seal()).flatMap((report) => report.unsealed);
  const [first] = unsealed;
  return treated.map((finding) => {
    if (!isToBeMended(finding) || finding.mended === false) return finding;
    if (first === undefined) return { ...finding, mended: true };
    return { ...finding, mended: false, problem: say('the copy cannot be sealed: {what}: {why}', first) };
  });
}

/** Undefined where the record is missing and nobody needs it any more: then that it was kept is forgotten. */
async function askAnew(
  finding: CopyFinding,
  { store, verifier, signal }: CopyWork,
): Promise<CopyFinding | undefined> {
  const { key, state, module, version, problem } = finding;
  if (problem !== undefined) return { ...finding, mended: false };
  if (module === undefined || version === undefined) return finding;
  try {
    const expectation = await verifier.expect(module, version, signal);
    if (expectation.kind === 'exempt' && state === 'missing') {
      await store.removeRecord(provenanceName(key));
      return undefined;
    }
    if (expectation.kind === 'known' || expectation.kind === 'exempt') return finding;
    return { ...finding, mended: false, problem: whyNotKnown(expectation) };
  } catch (error) {
    signal.throwIfAborted();
    return { ...finding, mended: false, ...failureOf(error) };
  }
}
