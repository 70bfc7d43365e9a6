import assert from 'node:assert/strict';
import { test } from 'node:test';
import { madeUpFaults, madeUpSample } from './made-up-faults.ts';
import { standingsOf } from './standings.ts';

function firstIn(
  samples: Parameters<typeof madeUpSample>[0][],
  sees: 'right' | 'right-or-failure' = 'right',
) {
  const rows = [{ name: 'hang', what: 'hang before headers', sees }];
  const [standing] = standingsOf(madeUpFaults({ rows, samples: samples.map(madeUpSample) }));
  return standing?.lines.filter(({ first }) => first).map(({ contestant }) => contestant);
}

test('more right answers go before quicker ones', () => {
  assert.deepEqual(
    firstIn([
      { contestant: 'rondo', rightPercent: 100, p99Ms: 900 },
      { contestant: 'nginx', rightPercent: 67, p99Ms: 5 },
    ]),
    ['rondo'],
  );
});

test('of those equally right the quicker one, unless it cannot be told from the other', () => {
  const runs = (contestant: string, times: number[]) =>
    times.map((p99Ms, run) => ({ contestant, run, p99Ms, longestMs: 2 * p99Ms, rightPercent: 100 }));
  assert.deepEqual(
    firstIn([...runs('rondo', [40, 50, 60]), ...runs('nginx', [55, 65, 70]), ...runs('caddy', [61, 62, 63])]),
    ['rondo', 'nginx'],
  );
});

test('a lower p99 does not make up for a longer wait, nor the other way round', () => {
  assert.deepEqual(
    firstIn([
      { contestant: 'rondo', p99Ms: 300, longestMs: 900 },
      { contestant: 'nginx', p99Ms: 80, longestMs: 3100 },
      { contestant: 'caddy', p99Ms: 310, longestMs: 3200 },
    ]),
    ['rondo', 'nginx'],
  );
});

test('after an outage the earliest right answer counts', () => {
  const again = (contestant: string, firstRightMs: number, p99Ms: number) => ({
    contestant,
    firstRightMs,
    p99Ms,
    rightPercent: 90,
  });
  assert.deepEqual(firstIn([again('rondo', 900, 50), again('nginx', 300, 80)], 'right-or-failure'), [
    'nginx',
  ]);
});

test('nobody is first where nobody is right; contestants stand in the order of the results', () => {
  assert.deepEqual(firstIn([{ contestant: 'rondo', rightPercent: 0 }]), []);
  const samples = ['nginx', 'rondo'].map((contestant) => madeUpSample({ contestant }));
  const [standing] = standingsOf(madeUpFaults({ samples }));
  assert.deepEqual(
    standing?.lines.map(({ contestant }) => contestant),
    ['rondo', 'nginx'],
  );
  assert.equal(standing?.lines[0]?.summary('firstRightMs'), undefined);
});
