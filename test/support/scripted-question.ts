import { RondoError } from '../../src/errors/rondo-error.ts';
import type { RemoteFile } from '../../src/gomod/module-file.ts';
import type { Found, Question } from '../../src/mirrors/answer.ts';
import type { Mirrors } from '../../src/mirrors/mirrors.ts';
import { OUTCOMES } from './balance-defaults.ts';
import type { Line } from './scripted-upstream.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What is asked unless a test says otherwise. */
export const FILE: RemoteFile = { kind: 'list', module: 'example.com/m' };
/** A line of a script. */
export const GOOD: Line = { do: 'answer', afterMs: 40 };
/** A line of a script. */
export const HANG: Line = { do: 'hang' };
/** A line of a script. */
export const NOT_FOUND: Line = {
  do: 'other',
  outcome: OUTCOMES.notFound,
  words: 'not found: no such module',
};
/** A line of a script. */
export const UNAVAILABLE: Line = { do: 'other', outcome: OUTCOMES.unavailable };
/** A line of a script. */
export const REFUSED: Line = {
  do: 'other',
  outcome: { class: 'neutral', cause: 'refused', status: 403, detail: '403' },
  words: 'not carried here',
};

/** A line of a script. */
export const UNABLE: Line = {
  do: 'other',
  outcome: OUTCOMES.unable,
  words: 'no mirror may be asked right now',
};

/** A line of a script. */
export const DECLINED: Line = {
  do: 'other',
  outcome: { class: 'neutral', cause: 'server-error', status: 400, detail: '400 Bad Request' },
  words: 'no such syntax here',
};

/** How a question ended. */
export type End = { readonly mirror: string } | { readonly code: string; readonly error: RondoError };

/** Asks and drives virtual time until there is an end; the body is taken as complete. */
export async function runQuestion(
  clock: VirtualClock,
  mirrors: Mirrors,
  question: Partial<Question> = {},
): Promise<{ end: End; tookMs: number }> {
  const startMs = clock.now();
  let end: { value: End; atMs: number } | undefined;
  const asked = mirrors
    .ask({ file: FILE, method: 'GET', maxBodyBytes: 1000, ...question }, new AbortController().signal)
    .then(
      (found: Found): End => {
        found.settle({ kind: 'complete', bytes: 4 });
        return { mirror: found.mirror };
      },
      (error: unknown): End => {
        if (error instanceof RondoError) return { code: error.code, error };
        throw error;
      },
    )
    .then((value) => (end = { value, atMs: clock.now() }));
  for (let n = 0; n < 2000 && end === undefined; n += 1) await clock.advance(n === 0 ? 0 : 50);
  if (end === undefined) throw new Error('no end in 100 s of virtual time');
  await asked;
  return { end: end.value, tookMs: end.atMs - startMs };
}
