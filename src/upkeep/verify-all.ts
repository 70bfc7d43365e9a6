import type { SealReport } from '../proxy/seal.ts';
import type { Verifier } from '../verify/verifier.ts';
import { whyNotKnown } from './check-file.ts';
import { problemOf, verifyCopy, type CopyFinding, type CopyReport, type Mend } from './verify-copy.ts';
import { verifyRecords, type RecordFound } from './verify-records.ts';
import type { CopyWork } from './work.ts';

/** How what is wrong is mended: both ask the mirrors. */
export type Repair = {
  readonly mend: Mend;
  /** Fetches what the copy lacks to prove its records. */
  readonly seal: () => Promise<readonly SealReport[]>;
};

/**
 * Verifies all of the copy: first what it has of the checksum databases, by their signatures, then with that the files
 * of versions. What is wrong is set aside. A damaged record must not make a right file a wrong one, so what is wrong with
 * the records is mended first, or, without `repair`, they do not count.
 * @throws as verifyCopy and verifyRecords
 */
export async function verifyAll(work: CopyWork, repair: Repair | undefined): Promise<CopyReport> {
  const records = await verifyRecords(work);
  const aside = await setAside(records.found, work);
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
    if (finding.state !== 'wrong') {
      treated.push(finding);
      continue;
    }
    const moved = await store.setAside(finding.key, etag).then(
      (quarantine) => (quarantine === undefined ? {} : { quarantine }),
      (error: unknown) => ({ problem: problemOf(error) }),
    );
    treated.push({ ...finding, ...moved });
  }
  return treated;
}

/** Asks anew for the records that were set aside, and then once for all tiles that are missing by then. */
async function mendRecords(
  findings: readonly CopyFinding[],
  work: CopyWork,
  { seal }: Repair,
): Promise<CopyFinding[]> {
  const treated: CopyFinding[] = [];
  for (const finding of findings) {
    work.signal.throwIfAborted();
    treated.push(finding.state === 'wrong' ? await askAnew(finding, work) : finding);
  }
  if (!treated.some(({ quarantine }) => quarantine !== undefined)) return treated;
  const unsealed = (await seal()).flatMap((report) => report.unsealed);
  const [first] = unsealed;
  return treated.map((finding) => {
    if (finding.state !== 'wrong' || finding.mended === false) return finding;
    if (first === undefined) return { ...finding, mended: true };
    return { ...finding, mended: false, problem: `the copy cannot be sealed: ${first.what}: ${first.why}` };
  });
}

async function askAnew(finding: CopyFinding, { verifier, signal }: CopyWork): Promise<CopyFinding> {
  const { module, version, problem } = finding;
  if (problem !== undefined) return { ...finding, mended: false };
  if (module === undefined || version === undefined) return finding;
  try {
    const expectation = await verifier.expect(module, version, signal);
    if (expectation.kind === 'known' || expectation.kind === 'exempt') return finding;
    return { ...finding, mended: false, problem: whyNotKnown(expectation) };
  } catch (error) {
    signal.throwIfAborted();
    return { ...finding, mended: false, problem: problemOf(error) };
  }
}
