import assert from 'node:assert/strict';
import { join } from 'node:path';
import { testWith } from '../../test/support/requirements.ts';
import '../../test/support/loopback-only.ts';
import { runCase } from '../frame/run-case.ts';
import { findProgram } from '../subjects/find-program.ts';
import { installRondo } from '../subjects/rondo.ts';
import { SMALL_FILES } from './case-01-small-files.ts';

const ROOT = join(import.meta.dirname, '..', '..');

// The shortest way through all of the bench: bundle, start, mirror, warming, wrk, accounting, judging, stop.
await testWith(['wrk'], 'a case runs against the bundle, and its goals wait for the peers', async (t) => {
  const { subject } = await installRondo(ROOT);
  const progress: string[] = [];
  const result = await runCase(SMALL_FILES, {
    runs: 1,
    quick: true,
    root: ROOT,
    signal: t.signal,
    searches: [
      { state: 'found', subject },
      { state: 'missing', name: 'goproxy', label: 'goproxy/goproxy', reason: 'left out by this test' },
    ],
    rondoCommand: () => [process.execPath],
    tool: () => findProgram({ variable: 'BENCH_WRK', names: ['wrk'], from: 'its package' }, process.env),
    progress: (words) => progress.push(words),
  });
  assert.deepEqual(result.end, { state: 'done' }, progress.join('\n'));
  assert.deepEqual(result.notes, []);
  const rate = result.summaries.find(({ measure }) => measure === 'rate');
  assert.ok(rate !== undefined && rate.median > 100, JSON.stringify(result.summaries));
  assert.deepEqual(
    result.goals.map(({ outcome }) => outcome.state),
    ['peer missing', 'not measured'],
  );
  if (process.platform === 'linux') {
    const [used] = result.usage;
    assert.ok(used !== undefined && used.cpuSeconds > 0 && used.peakBytes > 2 ** 20, JSON.stringify(used));
  }
});
