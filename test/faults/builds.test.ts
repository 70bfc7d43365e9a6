/** A project of twenty modules is built beside each bad mirror of three, copy and GOMODCACHE empty each time. */
import assert from 'node:assert/strict';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import {
  BUILD_ROWS,
  buildBeside,
  getBesideHang,
  openBuildBench,
  type BuildBench,
  type Builds,
} from './suite/builds.ts';
import { DIVISOR } from './suite/suite.ts';

const BUILDS = 5;
/** No build may take so much longer than beside good mirrors in the same run; the goals are figures to be read. */
const MOST = 10;

let bench: Promise<BuildBench> | undefined;
let healthy: Promise<Builds> | undefined;

for (const row of BUILD_ROWS) {
  await testWith(['go'], `${BUILDS} builds beside a mirror with ${row.what}`, async (t) => {
    bench ??= openBuildBench({ after: () => undefined }, DIVISOR);
    const shared = await bench;
    healthy ??= buildBeside(undefined, 1, shared).then(() => buildBeside(undefined, BUILDS, shared));
    const good = await healthy;
    const builds = await buildBeside(row, BUILDS, shared);
    const ratio = builds.medianMs / good.medianMs;
    const times = `median ${Math.round(builds.medianMs)} ms, longest ${Math.round(builds.longestMs)} ms`;
    t.diagnostic(
      `figures: builds beside ${row.name}: 0 of ${BUILDS} failed, ${times}, ${ratio.toFixed(2)}x healthy`,
    );
    assert.ok(ratio < MOST, `${ratio.toFixed(1)} times as long`);
  });
}

await testWith(['go'], 'go get M/sub where two mirrors answer 404 for it and one hangs', async (t) => {
  const times = [await getBesideHang(), await getBesideHang(), await getBesideHang()];
  const told = times.map((ms) => Math.round(ms)).join(', ');
  t.diagnostic(`figures: go get M/sub beside a hanging mirror: ${told} ms`);
});
