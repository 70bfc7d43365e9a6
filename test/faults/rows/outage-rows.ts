import type { Cause } from '../../../src/balance/outcome.ts';
import type { Fault } from '../../support/mirror-fault.ts';
import { allUntil } from './loads.ts';
import type { Load, Row } from './row.ts';

/** Small files from before an outage of 20 seconds until after it. */
const THROUGH: Load = { rate: { kind: 'steady', perSecond: 14, forMs: 35_000 }, files: 'small' };

/** All but one of those that a divided run has within that time. */
const RIGHT_ON_RETURN = 0.95;

function outage(name: string, what: string, fault: Fault, causes: readonly Cause[], rightOnReturn = 0): Row {
  return {
    name,
    what: `all down 20 s (${what}), then back`,
    load: THROUGH,
    turns: allUntil(fault, 5000, 25_000),
    sees: 'right-or-failure',
    rondo: { timed: true, causes, rightOnReturn },
  };
}

/** Mirrors that are all gone for a while, and very many clients. */
export const OUTAGE_ROWS: readonly Row[] = [
  outage('all-refused', 'refused', { kind: 'refused' }, ['connect-refused', 'reset'], RIGHT_ON_RETURN),
  outage('all-503', '503', { kind: 'status', status: 503 }, ['overload'], RIGHT_ON_RETURN),
  outage('all-hang', 'hang', { kind: 'hang' }, ['header-timeout', 'slow-header']),
  {
    name: 'many-zips',
    what: '500 distinct cold zips at once',
    load: { rate: { kind: 'burst', requests: 500 }, files: 'zip' },
    turns: [],
    sees: 'right',
    rondo: { states: ['HEALTHY'], causes: [] },
  },
  {
    name: 'one-zip',
    what: '1000 clients, one cold zip',
    load: { rate: { kind: 'burst', requests: 1000 }, files: 'one-zip' },
    // Slow enough that all of them come while it is under way.
    turns: [{ atMs: 0, mirrors: 'all', change: { fault: { kind: 'paced', overMs: 5000 } } }],
    sees: 'right',
    rondo: {
      // What is beside the point: a second attempt because a busy machine sends nothing for a second.
      config: { hedge: { tokens: '0' }, race: { after: '0s' } },
      states: ['HEALTHY'],
      causes: [],
      mostAttempts: 1 / 1000,
    },
  },
];
