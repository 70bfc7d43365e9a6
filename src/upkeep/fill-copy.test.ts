import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyWork } from '../../test/support/copy-work.ts';
import { RondoError, type RondoErrorDetails } from '../errors/rondo-error.ts';
import type { ErrorCode } from '../errors/codes.ts';
import type { WantedFile } from './export-copy.ts';
import { fillCopy, type Filled } from './fill-copy.ts';

const NEEDED = Array.from({ length: 9 }, (_, index): WantedFile => {
  return { module: `example.com/m${index}`, version: 'v1.0.0', kind: 'mod' };
});

/** Fills a copy of which each file fails in this way. */
async function fillFailing(
  t: Parameters<typeof copyWork>[0],
  error: RondoError,
  whyNotWritable?: string,
): Promise<{ asked: number; filled: Filled | RondoError }> {
  const { work } = await copyWork(t);
  const store = { ...work.store, whyNotWritable: async () => whyNotWritable };
  let asked = 0;
  const mend = async (): Promise<void> => {
    asked += 1;
    throw error;
  };
  const filling = fillCopy(NEEDED, { ...work, store }, { mend, atOnce: 1, hashed: [] });
  const filled = await filling.catch((thrown: unknown) => {
    assert.ok(thrown instanceof RondoError);
    return thrown;
  });
  return { asked, filled };
}

test('a disk that is full ends it at once; one file that cannot be kept does not', async (t) => {
  const error = new RondoError('E_STORE', 'it was fetched, and could not be kept');
  const full = await fillFailing(t, error, 'the disk is full');
  assert.ok(full.filled instanceof RondoError);
  assert.deepEqual(
    [full.asked, full.filled.code, full.filled.message, full.filled.hint],
    [
      1,
      'E_STORE',
      'the copy cannot be written: the disk is full',
      'make room, or name another folder with --cache-dir',
    ],
  );
  const one = await fillFailing(t, error);
  assert.ok('missing' in one.filled);
  assert.deepEqual([one.asked, one.filled.missing.length], [9, 9]);
});

test('nothing more is asked for where nobody answers, and not where files fail one by one', async (t) => {
  const table: [ErrorCode, RondoErrorDetails, number][] = [
    ['E_NO_MIRROR', {}, 9],
    ['E_MIRROR_TIMEOUT', {}, 9],
    ['E_BAD_CONTENT', {}, 9],
    ['E_BUSY', {}, 9],
    ['E_NO_MIRROR', { unanswered: true }, 3],
    ['E_MIRROR_TIMEOUT', { unanswered: true }, 3],
    ['E_NO_ELIGIBLE_MIRROR', {}, 3],
  ];
  for (const [code, details, expected] of table) {
    const { asked, filled } = await fillFailing(t, new RondoError(code, 'it failed', details));
    assert.ok('missing' in filled);
    const nobody = filled.missing.filter((file) => file.nobody !== undefined).length;
    assert.deepEqual(
      [asked, nobody],
      [expected, expected === 9 ? 0 : 9],
      `${code} ${JSON.stringify(details)}`,
    );
  }
});
