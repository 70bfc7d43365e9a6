import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { hashInfo, hashMod } from '../gomod/h1.ts';
import { parseInfo } from '../gomod/info.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import type { Clock } from '../kit/clock.ts';
import { createExpectations, type ExpectationSettings } from './expectations.ts';
import { createFirstUse, type FirstUseStore } from './first-use.ts';
import type { HashAnswer, HashJob } from './hash-worker.ts';
import { MAX_ZIP_BYTES, type ModuleZipReport } from './read-module-zip.ts';
import type { Candidate, Expectation, Verdict, Verifier } from './verifier.ts';
import { createWorkerPool, WorkerFailure, type WorkerPool } from './worker-pool.ts';
import { say } from '../words/text.ts';

/** What a verifier works with. */
export type VerifierSettings = ExpectationSettings & {
  readonly firstUse: FirstUseStore;
  readonly clock: Clock;
  /** The worker's program; the bundle has it under another name. */
  readonly workerUrl?: URL;
  /** Threads at the most. Default: one less than there are cores. */
  readonly workers?: number;
  /** How long one file may take to check, in milliseconds. Default 2 min: 500 MiB on a slow disk. */
  readonly jobTimeoutMs?: number;
};

const DEFAULT_JOB_TIMEOUT_MS = 120_000;
/** The go command's limits: codehost.MaxGoMod and zip.MaxZipFile. An `.info` has none; real ones stay below 1 KiB. */
const MAX_BYTES = { info: 1024 * 1024, mod: 16 * 1024 * 1024, zip: MAX_ZIP_BYTES } as const;

type Threads = WorkerPool<HashJob, HashAnswer>;
type CompareFirstUse = ReturnType<typeof createFirstUse>;

/**
 * The Verifier. `judge` compares with the database's record where there is one; with `exempt` or
 * `unreachable` it trusts on first use: the structure must be right, a zip's entries that module's, and
 * the hash the one first seen. A mirror is called `wrong` only over a complete file; whatever could be an
 * accident of the transfer or a captive portal is `unusable`. A hash that is right settles it: then
 * nothing else is asked, however odd the file.
 *
 * `judge` rejects with RondoError E_STORE where this machine cannot read the candidate, with
 * E_NOT_IN_CHECKSUM_DB for a `.mod` or `.zip` whose expectation is `absent` and with the expectation's own
 * error for one that is `untrusted` (callers answer both before), with E_INTERRUPTED once closed.
 */
export function createVerifier(settings: VerifierSettings): Verifier {
  const threads: Threads = createWorkerPool({
    url: settings.workerUrl ?? new URL('./hash-worker.ts', import.meta.url),
    clock: settings.clock,
    jobTimeoutMs: settings.jobTimeoutMs ?? DEFAULT_JOB_TIMEOUT_MS,
    ...(settings.workers === undefined ? {} : { size: settings.workers }),
  });
  const firstUse = createFirstUse(settings.firstUse);
  return {
    ...createExpectations(settings),
    async judge(file, candidate, expectation) {
      const sizeBytes = 'bytes' in candidate ? candidate.bytes.length : candidate.sizeBytes;
      if (sizeBytes > MAX_BYTES[file.kind])
        return unusable(`it is larger than ${MAX_BYTES[file.kind]} bytes`);
      if (expectation.kind === 'absent' && file.kind !== 'info') {
        throw new RondoError('E_NOT_IN_CHECKSUM_DB', expectation.words);
      }
      if (expectation.kind === 'untrusted' && file.kind !== 'info') throw expectation.error;
      try {
        if (file.kind === 'zip') return await judgeZip(file, candidate, expectation, threads, firstUse);
        const bytes = 'bytes' in candidate ? candidate.bytes : await readBytes(candidate, threads);
        if (file.kind === 'info') return judgeInfo(file, bytes);
        return await judgeMod(file, bytes, expectation, firstUse);
      } catch (error) {
        // Each mirror's own file did that to its thread; the next mirror's may not.
        if (error instanceof WorkerFailure) return unusable(`it could not be checked: ${error.message}`);
        throw error;
      }
    },
    load: () => threads.load(),
    close: () => threads.close(),
  };
}

function judgeInfo(file: VersionFile, bytes: Uint8Array): Verdict {
  const flaw = flawOfText(bytes);
  if (flaw !== undefined) return unusable(flaw);
  try {
    const { version } = parseInfo(bytes);
    return version === file.version
      ? { kind: 'right', verified: 'none', h1: hashInfo(bytes) }
      : unusable(`it is of another version: ${version}`);
  } catch (error) {
    return unusable(messageOf(error));
  }
}

async function judgeMod(
  file: VersionFile,
  bytes: Uint8Array,
  expectation: Expectation,
  firstUse: CompareFirstUse,
): Promise<Verdict> {
  const h1 = hashMod(bytes);
  const flaw = flawOfText(bytes);
  return settle(file, 'mod', h1, expectation, firstUse, flaw === undefined ? undefined : unusable(flaw));
}

async function judgeZip(
  file: VersionFile,
  candidate: Candidate,
  expectation: Expectation,
  threads: Threads,
  firstUse: CompareFirstUse,
): Promise<Verdict> {
  const zip = 'bytes' in candidate ? { bytes: candidate.bytes } : { path: candidate.path };
  const known = expectation.kind === 'known' ? { expectedH1: expectation.zip } : {};
  const { module, version } = file;
  const sizeBytes = 'bytes' in candidate ? candidate.bytes.length : candidate.sizeBytes;
  const report = await readZip({ task: 'zip', module, version, ...known, zip }, sizeBytes, threads);
  if (report.kind !== 'hashed') {
    const html = 'bytes' in candidate ? flawOfText(candidate.bytes) : undefined;
    if (html !== undefined) return unusable(html);
    if (report.kind !== 'corrupt') return unusable(report.why);
    const expected = expectation.kind === 'known' ? { expected: expectation.zip } : {};
    return { kind: 'wrong', why: report.why, ...expected };
  }
  const verdict = await settle(
    file,
    'zip',
    report.h1,
    expectation,
    firstUse,
    objectionTo(report, expectation),
  );
  const { oddities, padding } = report;
  // Nobody is accused: it is only not kept, and not passed on.
  if (verdict.kind === 'right' && padding !== undefined) return unusable(padding);
  return verdict.kind === 'wrong' && oddities.length > 0 ? { ...verdict, oddities } : verdict;
}

/** What a zip's structure alone says against it. */
function structuralVerdict(report: Extract<ModuleZipReport, { kind: 'hashed' }>): Verdict | undefined {
  // Where the length is wrong, bytes were lost or added on the way: no lie of the mirror.
  if (!report.wholeLength) return unusable('its length is not what its end says: cut short or mixed up');
  if (report.foreign === undefined) return undefined;
  return { kind: 'wrong', why: `it belongs to another module: it has the entry ${report.foreign}` };
}

/** Where no hash says that it must be so, what the go command would not unpack is not kept, nor held to be the first seen. */
function objectionTo(
  report: Extract<ModuleZipReport, { kind: 'hashed' }>,
  expectation: Expectation,
): Verdict | undefined {
  const [oddity] = expectation.kind === 'known' ? [] : report.oddities;
  const odd = oddity === undefined ? undefined : unusable(`the go command would not unpack it: ${oddity}`);
  return structuralVerdict(report) ?? odd;
}

/**
 * The end of all judgements of a hash: equal to the database's settles it; else `objection`, what is
 * wrong without any comparison; else the difference; or first use.
 */
async function settle(
  file: VersionFile,
  kind: 'mod' | 'zip',
  h1: string,
  expectation: Expectation,
  firstUse: CompareFirstUse,
  objection: Verdict | undefined,
): Promise<Verdict> {
  if (expectation.kind === 'known') {
    const expected = expectation[kind];
    if (h1 === expected) return { kind: 'right', verified: 'database', h1 };
    const verdict = objection ?? { kind: 'wrong', why: 'its hash is not the one in the checksum database' };
    return verdict.kind === 'wrong' ? { ...verdict, expected, found: h1 } : verdict;
  }
  if (objection !== undefined) return objection;
  const expected = await firstUse(file.module, file.version, kind, h1);
  if (h1 === expected) return { kind: 'right', verified: 'first-use', h1 };
  return { kind: 'wrong', why: 'its hash is not the one that was first seen here', expected, found: h1 };
}

async function readZip(job: HashJob, sizeBytes: number, threads: Threads): Promise<ModuleZipReport> {
  const answer = await threads.run(job, sizeBytes);
  if (answer.task !== 'zip') throw unreadable(answer);
  return answer.report;
}

async function readBytes(
  { path, sizeBytes }: { readonly path: string; readonly sizeBytes: number },
  threads: Threads,
): Promise<Uint8Array> {
  const answer = await threads.run({ task: 'read', path }, sizeBytes);
  if (answer.task !== 'read') throw unreadable(answer);
  return answer.bytes;
}

function unreadable(answer: HashAnswer): RondoError {
  const why = answer.task === 'failed' ? answer.why : say('a worker answered something else');
  return new RondoError('E_STORE', say('cannot read a file that waits to be checked: {why}', { why }));
}

/** What no text or zip of a module can be: nothing at all, or a web page (a captive portal). Hostile. */
function flawOfText(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return 'it is empty';
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 64)).toString('latin1');
  // With or without a byte order mark.
  return /^(?:\xef\xbb\xbf)?\s*</.test(start) ? 'it is a web page' : undefined;
}

function unusable(why: string): Verdict {
  return { kind: 'unusable', why };
}
