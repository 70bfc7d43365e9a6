import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

const MIB = 2 ** 20;

/**
 * Keeps 40 MiB of objects of which each is replaced after it has grown old: all garbage is the old generation's. Prints how
 * large that was at the most, once all are there.
 */
const program = (before: string): string => `
  import { getHeapSpaceStatistics } from 'node:v8';
  import { setImmediate as turn } from 'node:timers/promises';
  import { boundOldGeneration } from ${JSON.stringify(import.meta.resolve('./old-generation.ts'))};
  const size = () => getHeapSpaceStatistics().find((space) => space.space_name === 'old_space').space_used_size;
  ${before}
  const kept = Array.from({ length: 40_000 }, () => undefined);
  let most = 0;
  for (let n = 0; n < 800_000; n += 1) {
    kept[n % kept.length] = Array.from({ length: 100 }, (_, i) => i + n + 0.5);
    if (n % 1000 !== 0) continue;
    await turn();
    if (n > 200_000) most = Math.max(most, size());
  }
  console.log(most);
`;

async function largest(before: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    program(before),
  ]);
  return Number(stdout);
}

test('the old generation holds less garbage than it would by itself', async () => {
  const [free, bound] = await Promise.all([largest(''), largest('boundOldGeneration();')]);
  const said = `alone it grew to ${Math.round(free / MIB)} MiB, bound to ${Math.round(bound / MIB)}`;
  assert.ok(bound < 0.8 * free, said);
});
