import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

const MIB = 2 ** 20;

/**
 * Makes objects, many of which live on, in steps between which timers fire. Prints the size that the young
 * generation came to, as a median: while a collection runs it is larger for moments, by V8's own choice.
 */
const program = (before: string): string => `
  import { getHeapSpaceStatistics } from 'node:v8';
  import { setImmediate as turn } from 'node:timers/promises';
  import { systemClock } from ${JSON.stringify(import.meta.resolve('../kit/clock.ts'))};
  import { boundYoungGeneration } from ${JSON.stringify(import.meta.resolve('./young-generation.ts'))};
  const size = () => getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size;
  let due = [];
  const clock = { ...systemClock, after: (_ms, fn) => { due.push(fn); return { cancel() {} }; } };
  ${before}
  let kept = [];
  const sizes = [];
  for (let step = 0; step < 2000; step += 1) {
    for (let i = 0; i < 2000; i += 1) kept.push({ i, list: [i] });
    if (kept.length > 200_000) kept = kept.slice(100_000);
    await turn();
    for (const fn of due.splice(0)) fn();
    if (step >= 1000) sizes.push(size());
  }
  console.log(JSON.stringify({ bytes: sizes.sort((a, b) => a - b)[500], waiting: due.length }));
`;

async function grown(before: string): Promise<{ bytes: number; waiting: number }> {
  const args = ['--input-type=module', '--max-semi-space-size=32', '-e', program(before)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as { bytes: number; waiting: number };
}

test('the young generation stays near its bound, which it would leave by itself', async () => {
  const [free, bound] = await Promise.all([grown(''), grown(`boundYoungGeneration(clock, ${3 * MIB});`)]);
  assert.ok(bound.bytes >= 3 * MIB && bound.bytes < 6 * MIB, `bound it grew to ${bound.bytes} bytes`);
  assert.ok(free.bytes > bound.bytes, `alone it grew to ${free.bytes} bytes, bound to ${bound.bytes}`);
  assert.equal(bound.waiting, 0, 'it looks no longer, once it has bound it');
});
