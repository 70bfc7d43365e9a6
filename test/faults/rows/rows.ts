import { BROKEN_ROWS } from './broken-rows.ts';
import { CONTENT_ROWS } from './content-rows.ts';
import { HEALTHY_ROWS } from './loads.ts';
import { OUTAGE_ROWS } from './outage-rows.ts';
import type { Row } from './row.ts';
import { SLOW_ROWS } from './slow-rows.ts';
import { STATUS_ROWS } from './status-rows.ts';

/** Every row that mirrors and a client show by themselves, the healthy ones first. */
export const ROWS: readonly Row[] = [
  ...HEALTHY_ROWS,
  ...SLOW_ROWS,
  ...BROKEN_ROWS,
  ...CONTENT_ROWS,
  ...STATUS_ROWS,
  ...OUTAGE_ROWS,
];

/** The faults for builds: those of the rows in which one mirror is bad from the beginning to the end. */
export const BUILD_ROWS: readonly Row[] = ROWS.filter(
  ({ turns, sees }) =>
    sees === 'right' &&
    turns.length === 1 &&
    turns.every(({ atMs, mirrors }) => atMs === 0 && mirrors === 'bad'),
);

/** The row with this name; throws where there is none. */
export function rowOf(name: string): Row {
  const found = ROWS.find((row) => row.name === name);
  if (found === undefined) throw new Error(`no row is called ${name}`);
  return found;
}
