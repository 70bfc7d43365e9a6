import type { Row } from '../../test/faults/rows/row.ts';
import { ROWS } from '../../test/faults/rows/rows.ts';

/**
 * Rows in which every proxy can be compared: an open loop of requests, each for a file of its own. Bursts are left out:
 * what they load is the machine.
 */
export const COMPARED_ROWS: readonly Row[] = ROWS.filter(({ load }) => load.rate.kind === 'steady');

/** Those with these names, all where there are none. @throws Error that lists them where one is unknown */
export function chosenRows(names: readonly string[]): readonly Row[] {
  if (names.length === 0) return COMPARED_ROWS;
  return names.map((name) => {
    const found = COMPARED_ROWS.find((row) => row.name === name);
    if (found !== undefined) return found;
    const known = COMPARED_ROWS.map((row) => row.name).join(', ');
    throw new Error(`there is no row ${name}: there are ${known}`);
  });
}
