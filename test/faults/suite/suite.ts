import { withCleanup } from '../../support/scoped-cleanup.ts';
import type { Figures } from '../rows/figures.ts';
import { HEALTHY_ROWS } from '../rows/loads.ts';
import type { Load, Row } from '../rows/row.ts';
import type { Line } from './line.ts';
import { runRow } from './run-row.ts';
import type { Scene } from './scenes/scene.ts';
import { openBench } from './suite-bench.ts';

/** Runs rows and scenes, one at a time, over the same mirrors. */
export type Suite = {
  /** Asserts what holds for all rows; the same load beside good mirrors has run before, once. */
  row(row: Row): Promise<Line>;
  scene(scene: Scene): Promise<Line>;
};

/** By which times are divided where nobody asks for real ones. */
export const DIVISOR = 5;

/** What the load of a row is compared with: the name of a healthy row. */
const HEALTHY: Partial<Record<Load['files'], string>> = {
  small: 'healthy-small',
  info: 'healthy-small',
  list: 'healthy-small',
  zip: 'healthy-zips',
  'large-zip': 'healthy-large',
};

/** Starts the mirrors of a suite; they end with this process. */
export async function openSuite(divisor: number): Promise<Suite> {
  const bench = await openBench({ after: () => undefined }, divisor);
  const healthy = new Map<string, Promise<Figures | undefined>>();
  const undisturbed = async ({ load, sees }: Row): Promise<Figures | undefined> => {
    const base = HEALTHY_ROWS.find(({ name }) => name === HEALTHY[load.files]);
    // Through an outage, and all at once, is no load that good mirrors are compared by.
    if (base === undefined || load.rate.kind === 'burst' || sees !== 'right') return undefined;
    const running =
      healthy.get(base.name) ?? withCleanup(async (t) => (await runRow(t, bench, base)).figures);
    healthy.set(base.name, running);
    return running;
  };
  return {
    async row(row) {
      const compared = HEALTHY_ROWS.includes(row) ? undefined : await undisturbed(row);
      return withCleanup((t) => runRow(t, bench, row, compared));
    },
    async scene({ name, what, run }) {
      for (const mirror of bench.mirrors) await mirror.clearFaults();
      return { name, what, ...(await withCleanup((t) => run(t, bench))) };
    },
  };
}
