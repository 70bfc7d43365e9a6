import '../../test/support/loopback-only.ts';
import assert from 'node:assert/strict';
import { rowOf } from '../../test/faults/rows/rows.ts';
import { timesOf } from '../../test/faults/suite/line.ts';
import { testWith } from '../../test/support/requirements.ts';
import { ROOT } from '../../test/tidy/repository.ts';
import { CleanUp } from '../frame/clean-up.ts';
import { formatValue } from '../frame/format.ts';
import { installRondo } from '../subjects/rondo.ts';
import { runSoak } from './soak.ts';
import { faultsFound } from './verdict.ts';

/** Faults that are over when they are over: a mirror that hangs would be waited for a minute longer. */
const ROWS = ['503', 'reset', 'corrupt-first', 'refused', 'html', 'slow', 'other-zip', '429'].map(rowOf);

await testWith(
  ['linux', 'go'],
  'a soak of some seconds: all is right and nothing is left behind',
  async (t) => {
    const { subject } = await installRondo(ROOT);
    const cleanup = new CleanUp();
    t.after(async () => void (await cleanup.run()));
    const result = await runSoak(
      {
        rondo: subject,
        durationMs: 10_000,
        ratePerSecond: 40,
        seed: 1,
        faultMs: 1000,
        pauseMs: 400,
        quarantineMs: 1000,
        idleMs: 2000,
        // One mirror is good from the beginning to the end: what is tested here is the soak.
        recoveryMs: 10_000,
        rows: ROWS,
        progress: () => {},
      },
      cleanup,
    );
    const { figures, builds, samples } = result;
    const most = Math.max(...samples.map(({ residentBytes }) => residentBytes));
    t.diagnostic(
      `figures: soak of 10 s: ${figures.endings.right} of ${figures.requests} right, p50/p99/max ${timesOf(figures)} ms; ${builds.count} builds, ${builds.failures.length} failed; ${formatValue(most, 'bytes')} at most`,
    );
    assert.deepEqual(faultsFound(result), [], JSON.stringify(result.troubles));
    assert.equal(result.figures.endings.right, result.figures.requests);
    assert.ok(result.figures.requests > 300, `${result.figures.requests} requests`);
    assert.ok(result.cold > 50 && result.cold < result.figures.requests / 2, `${result.cold} new files`);
    assert.ok(result.spells.length > 3 && result.figures.attemptsPerRequest > 0.2);
    assert.ok(result.builds.count > 0 && result.samples.length > 0);
    assert.deepEqual(await cleanup.run(), []);
  },
);
