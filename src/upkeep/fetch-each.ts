import type { ErrorCode } from '../errors/codes.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import { runAtOnce } from '../kit/at-once.ts';
import { say } from '../words/text.ts';
import type { Said } from './said.ts';
import { countFiles, type CopyWork } from './work.ts';

/** A module at a version. */
export type Version = Pick<VersionFile, 'module' | 'version'>;

/** What the copy lacked, and what became of it. */
export type Fetched<T = Version> = {
  readonly fetched: number;
  readonly fetchedBytes: number;
  /** What it lacks still, and why. */
  readonly missing: readonly Missing<T>[];
};

/** `nobody`: no mirror has answered, or, after some of that kind, none was asked. */
type Missing<T> = T & { readonly why: Said; readonly nobody?: 'asked' | 'not asked' };

/** What became of one. `nobody`: no mirror has answered. */
export type FetchOutcome =
  | { readonly kind: 'fetched'; readonly bytes: number }
  | { readonly kind: 'not needed' }
  | { readonly kind: 'missing'; readonly why: Said; readonly nobody: boolean };

/** Hears how many bytes of a file have come, and of how many, if that is known. */
export type OnBytes = (bytes: number, ofBytes: number | undefined) => void;

/** How things are fetched. */
export type FetchOptions<T> = {
  readonly work: CopyWork;
  readonly atOnce: number;
  /** Whether it is one of those that take nearly all of the time; none is, by default. */
  readonly isLarge?: (one: T) => boolean;
};

/** Whatever file is asked for. Other failures of mirrors (E_NO_MIRROR, E_BAD_CONTENT) may be about one file alone. */
const NOBODY: ReadonlySet<ErrorCode> = new Set(['E_NO_ELIGIBLE_MIRROR', 'E_CHECKSUM_DB_UNREACHABLE']);

/** After so many in a row that nobody has answered, nothing is asked for any more: each has waited for all mirrors. */
const ENOUGH = 3;

/**
 * Fetches one after the other, `atOnce` of them at once, and tells how far it is. Resolves also where some are missing.
 * @throws the signal's reason; whatever `fetch` throws
 */
export async function fetchEach<T extends Version>(
  lacking: readonly T[],
  { work, atOnce, isLarge = () => false }: FetchOptions<T>,
  fetch: (one: T, onBytes: OnBytes) => Promise<FetchOutcome>,
): Promise<Fetched<T>> {
  const count = countFiles(lacking.length, work, lacking.filter(isLarge).length);
  const missing: Missing<T>[] = [];
  let fetched = 0;
  let fetchedBytes = 0;
  let inRow = 0;
  let last: Said = '';
  await runAtOnce(
    lacking,
    atOnce,
    async (one) => {
      let bytes = 0;
      const began = count.begin(isLarge(one));
      if (inRow >= ENOUGH)
        missing.push({
          ...one,
          why: say('not asked for, since nobody answers: {why}', { why: last }),
          nobody: 'not asked',
        });
      else {
        const outcome = await fetch(one, began);
        if (outcome.kind === 'fetched') {
          fetched += 1;
          bytes = outcome.bytes;
        }
        const failed = outcome.kind === 'missing' ? outcome : undefined;
        if (failed !== undefined)
          missing.push({ ...one, why: failed.why, ...(failed.nobody ? { nobody: 'asked' as const } : {}) });
        inRow = failed?.nobody === true ? inRow + 1 : 0;
        if (failed?.nobody === true) last = failed.why;
      }
      fetchedBytes += bytes;
      count.end(began, bytes);
    },
    work.signal,
  );
  return { fetched, fetchedBytes, missing: missing.toSorted(byName) };
}

/** What an error of a mirror, or of this machine, makes of one; what ends the work is thrown. */
export function whyMissing(
  error: unknown,
  { signal }: CopyWork,
  words: (error: RondoError) => Said,
): FetchOutcome {
  signal.throwIfAborted();
  if (!(error instanceof RondoError)) throw error;
  return { kind: 'missing', why: words(error), nobody: error.unanswered || NOBODY.has(error.code) };
}

function byName(a: Version, b: Version): number {
  const [x, y] = [nameOf(a), nameOf(b)];
  return x < y ? -1 : Number(x > y);
}

function nameOf({ module, version, kind = '' }: Version & { readonly kind?: string }): string {
  return `${module}@${version} .${kind}`;
}
