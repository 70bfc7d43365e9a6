import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figuresOf, type Answered, type Ending } from '../../test/faults/rows/figures.ts';
import { rowOf } from '../../test/faults/rows/rows.ts';
import { faultSample } from './fault-sample.ts';

function answered(ending: Ending, dueMs: number, tookMs: number): Answered {
  return { ending, dueMs, tookMs, status: 0, said: '' };
}

const OF = { contestant: 'nginx', run: 1 };

test('latencies are those of right answers, the longest wait is anybody’s', () => {
  const answers = [
    answered('right', 0, 10),
    answered('right', 50, 30),
    answered('wrong', 100, 5),
    answered('unanswered', 150, 9000),
    answered('not-found', 200, 4000),
  ];
  const sample = faultSample(rowOf('hang'), { answers, figures: figuresOf(answers, 10) }, OF);
  assert.deepEqual(sample, {
    ...OF,
    row: 'hang',
    requests: 5,
    rightPercent: 40,
    wrongPercent: 20,
    falseNotFoundPercent: 20,
    p50Ms: 10,
    p99Ms: 30,
    longestMs: 9000,
    attempts: 2,
  });
});

test('a 404 is right where nobody has it', () => {
  const answers = [answered('not-found', 0, 10), answered('failed', 50, 30)];
  const sample = faultSample(rowOf('all-404'), { answers, figures: figuresOf(answers, 4) }, OF);
  assert.equal(sample.rightPercent, 50);
  assert.equal(sample.falseNotFoundPercent, 0);
  assert.equal(sample.p99Ms, 10);
});

test('while all mirrors are down a 5xx is as it should be, a 404 is not', () => {
  const row = rowOf('all-refused');
  const [down = 0, good = 0] = row.turns.map(({ atMs }) => atMs);
  const answers = [
    answered('failed', down - 1, 10),
    answered('failed', down, 10),
    answered('right', good - 2, 900),
    answered('not-found', good - 1, 10),
    answered('failed', good, 10),
    answered('right', good + 100, 20),
  ];
  const figures = figuresOf(answers, 6, { goodAtMs: good, withinMs: 5000 });
  const sample = faultSample(row, { answers, figures }, OF);
  assert.equal(sample.rightPercent, 50);
  assert.ok(Math.abs(sample.falseNotFoundPercent - 100 / 6) < 1e-9);
  assert.equal(sample.p99Ms, 900, 'of right answers alone');
  assert.equal(sample.firstRightMs, 120);
  assert.equal(sample.recoveredPercent, 50);
});

test('where nothing was right there are no latencies, and no recovery', () => {
  const row = rowOf('all-refused');
  const answers = [answered('failed', 30_000, 10)];
  const figures = figuresOf(answers, 0, { goodAtMs: 25_000, withinMs: 5000 });
  const sample = faultSample(row, { answers, figures }, OF);
  assert.equal(sample.rightPercent, 0);
  assert.ok(!('p50Ms' in sample) && !('firstRightMs' in sample));
});
