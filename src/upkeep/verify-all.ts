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
 * of versions. A damaged record must not make a right file a wrong one, so what is wrong with the records is mended
 * first, or, without `repair`, they do not count.
 * @throws as verifyCopy and verifyRecords
 */
export async function verifyAll(work: CopyWork, repair: Repair | undefined): Promise<CopyReport> {
  const records = await verifyRecords(work);
  const found =
    repair === undefined
      ? records.found.map(({ finding }) => finding)
      : await mendRecords(records.found, work, repair);
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

/** Sets aside what is wrong, asks for the records anew, and then once for all tiles that are missing by then. */
async function mendRecords(
  found: readonly RecordFound[],
  work: CopyWork,
  { seal }: Repair,
): Promise<CopyFinding[]> {
  const treated: CopyFinding[] = [];
  for (const each of found) {
    work.signal.throwIfAborted();
    treated.push(each.finding.state === 'wrong' ? await setAside(each, work) : each.finding);
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

async function setAside({ finding, etag }: RecordFound, work: CopyWork): Promise<CopyFinding> {
  const { store, verifier, signal } = work;
  const moved: { quarantine?: string } = {};
  try {
    const quarantine = await store.setAside(finding.key, etag);
    if (quarantine !== undefined) moved.quarantine = quarantine;
    const { module, version } = finding;
    if (module === undefined || version === undefined) return { ...finding, ...moved };
    const expectation = await verifier.expect(module, version, signal);
    if (expectation.kind === 'known' || expectation.kind === 'exempt') return { ...finding, ...moved };
    return { ...finding, ...moved, mended: false, problem: whyNotKnown(expectation) };
  } catch (error) {
    signal.throwIfAborted();
    return { ...finding, ...moved, mended: false, problem: problemOf(error) };
  }
}
