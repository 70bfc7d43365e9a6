import type { ErrorKind } from '../errors/codes.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import { runAtOnce } from '../kit/at-once.ts';
import { countProgress, type CopyWork } from './work.ts';

/** A module at a version. */
export type Version = Pick<VersionFile, 'module' | 'version'>;

/** What the copy lacked, and what became of it. */
export type Fetched<T = Version> = {
  readonly fetched: number;
  readonly fetchedBytes: number;
  /** What it lacks still, and why. */
  readonly missing: readonly (T & { readonly why: string })[];
};

/** What became of one. `nobody`: no mirror has answered. */
export type FetchOutcome =
  | { readonly kind: 'fetched'; readonly bytes: number }
  | { readonly kind: 'not needed' }
  | { readonly kind: 'missing'; readonly why: string; readonly nobody: boolean };

const NOBODY: ReadonlySet<ErrorKind> = new Set(['upstream', 'timeout', 'unavailable']);

/** After so many in a row that nobody has answered, nothing is asked for any more: each has waited for all mirrors. */
const ENOUGH = 3;

/**
 * Fetches one after the other, `atOnce` of them at once, and tells how far it is. Resolves also where some are missing.
 * @throws the signal's reason; whatever `fetch` throws
 */
export async function fetchEach<T extends Version>(
  lacking: readonly T[],
  { work, atOnce }: { readonly work: CopyWork; readonly atOnce: number },
  fetch: (one: T) => Promise<FetchOutcome>,
): Promise<Fetched<T>> {
  const count = countProgress(lacking.length, work);
  const missing: (T & { why: string })[] = [];
  let fetched = 0;
  let fetchedBytes = 0;
  let inRow = 0;
  let last = '';
  await runAtOnce(
    lacking,
    atOnce,
    async (one) => {
      let bytes = 0;
      if (inRow >= ENOUGH) missing.push({ ...one, why: `not asked for, since nobody answers: ${last}` });
      else {
        const outcome = await fetch(one);
        if (outcome.kind === 'fetched') {
          fetched += 1;
          bytes = outcome.bytes;
        }
        const failed = outcome.kind === 'missing' ? outcome : undefined;
        if (failed !== undefined) missing.push({ ...one, why: failed.why });
        inRow = failed?.nobody === true ? inRow + 1 : 0;
        if (failed?.nobody === true) last = failed.why;
      }
      fetchedBytes += bytes;
      count(bytes);
    },
    work.signal,
  );
  return { fetched, fetchedBytes, missing: missing.toSorted(byName) };
}

/** What an error of a mirror, or of this machine, makes of one; what ends the work is thrown. */
export function whyMissing(
  error: unknown,
  { signal }: CopyWork,
  words: (error: RondoError) => string,
): FetchOutcome {
  signal.throwIfAborted();
  if (!(error instanceof RondoError)) throw error;
  return { kind: 'missing', why: words(error), nobody: NOBODY.has(error.kind) };
}

function byName(a: Version, b: Version): number {
  return `${a.module}@${a.version}` < `${b.module}@${b.version}` ? -1 : 1;
}
