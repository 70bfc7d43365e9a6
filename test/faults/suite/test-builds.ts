import { testWith } from '../../support/requirements.ts';
import type { Row } from '../rows/row.ts';
import { BUILD_ROWS } from '../rows/rows.ts';
import { buildBeside, openBuildBench, timesOfBuilds, type BuildBench, type Builds } from './builds.ts';
import { DIVISOR } from './suite.ts';

const BUILDS = 5;

type Opened = { readonly bench: BuildBench; readonly good: Builds };

let opened: Promise<Opened> | undefined;

async function open(): Promise<Opened> {
  const bench = await openBuildBench({ after: () => undefined }, DIVISOR);
  // The compiler's cache is filled.
  await buildBeside(undefined, 1, bench);
  return { bench, good: await buildBeside(undefined, BUILDS, bench) };
}

/** A test for each of these rows with which a project can be built; times divided. */
export async function testBuilds(rows: readonly Row[]): Promise<void> {
  for (const row of rows.filter((each) => BUILD_ROWS.includes(each))) {
    await testWith(['go'], `${BUILDS} builds beside a mirror with ${row.what}`, async (t) => {
      opened ??= open();
      const { bench, good } = await opened;
      const builds = await buildBeside(row, BUILDS, bench);
      const ratio = builds.medianMs / good.medianMs;
      t.diagnostic(
        `figures: builds beside ${row.name}: ${timesOfBuilds(builds)}, ${ratio.toFixed(2)}x healthy`,
      );
    });
  }
}
