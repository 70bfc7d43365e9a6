import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { CopyWork } from '../upkeep/work.ts';
import type { Expectation } from '../verify/verifier.ts';
import { databaseH1, PUBLIC_SAMPLE, rightOf, type Sample } from './doctor-sample.ts';

const SAMPLE: Sample = { file: PUBLIC_SAMPLE, goSumH1: undefined };
const NAME = 'golang.org/x/text@v0.3.0';

/** Work of which nothing but the look-up is used. */
function work(signal: AbortSignal, answer?: Expectation): CopyWork {
  const expect = (_module: string, _version: string, until: AbortSignal): Promise<Expectation> =>
    answer === undefined
      ? new Promise((_resolve, reject) =>
          until.addEventListener('abort', () => reject(until.reason as Error), { once: true }),
        )
      : Promise.resolve(answer);
  return { verifier: { expect }, signal } as unknown as CopyWork;
}

test('the database is waited for 5 s, or until nobody waits any more', async () => {
  const clock = new VirtualClock();
  const stop = new AbortController();
  const known = { kind: 'known', mod: 'h1:mod', zip: 'h1:zip' } as const;
  assert.equal(await databaseH1(SAMPLE, work(stop.signal, known), clock), 'h1:zip');
  assert.equal(await databaseH1(SAMPLE, work(stop.signal, { kind: 'exempt' }), clock), undefined);
  let isOver = false;
  const late = databaseH1(SAMPLE, work(stop.signal), clock).finally(() => (isOver = true));
  await clock.advance(4999);
  assert.equal(isOver, false);
  await clock.advance(1);
  assert.equal(await late, undefined);
  const left = databaseH1(SAMPLE, work(stop.signal), clock);
  stop.abort(new Error('interrupted'));
  await assert.rejects(left, { message: 'interrupted' });
  assert.equal(clock.pending, 0);
});

test('the database is right, else go.sum, else most mirrors', () => {
  const seen = (...hashes: string[]): { sample: { bytes: number; ms: number; h1: string } }[] =>
    hashes.map((h1) => ({ sample: { bytes: 1, ms: 1, h1 } }));
  const summed = { ...SAMPLE, goSumH1: 'h1:sum' };
  assert.deepEqual(rightOf(summed, 'h1:db', seen('h1:a', 'h1:a')), {
    name: NAME,
    h1: 'h1:db',
    by: 'database',
  });
  assert.deepEqual(rightOf(summed, undefined, seen('h1:a', 'h1:a')), {
    name: NAME,
    h1: 'h1:sum',
    by: 'go.sum',
  });
  const most = rightOf(SAMPLE, undefined, seen('h1:b', 'h1:a', 'h1:a'));
  assert.deepEqual(most, { name: NAME, h1: 'h1:a', by: 'mirrors' });
  for (const hashes of [[], ['h1:a'], ['h1:a', 'h1:b'], ['h1:a', 'h1:a', 'h1:b', 'h1:b']])
    assert.equal(rightOf(SAMPLE, undefined, seen(...hashes)), undefined, hashes.join());
});
