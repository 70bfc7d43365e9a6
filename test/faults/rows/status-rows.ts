import type { Cause } from '../../../src/balance/outcome.ts';
import { always, allUntil, SMALL } from './loads.ts';
import type { Row } from './row.ts';

const OUT = ['UNHEALTHY', 'TRIAL'];

/** A row in which the bad mirror answers everything with `status`. */
function statusRow(
  status: number,
  retryAfter: string | undefined,
  states: readonly string[],
  cause: Cause,
): Row {
  return {
    name: `${status}${retryAfter === undefined ? '' : '-retry-after'}`,
    what: `${status}${retryAfter === undefined ? '' : ' with Retry-After'}`,
    load: SMALL,
    turns: always({ kind: 'status', status, ...(retryAfter && { retryAfter }) }),
    sees: 'right',
    rondo: { states, causes: [cause] },
  };
}

/** Mirrors that say in words that they have it not, or not now. */
export const STATUS_ROWS: readonly Row[] = [
  statusRow(429, undefined, ['COOLING', 'TRIAL'], 'rate-limited'),
  statusRow(429, '120', ['COOLING'], 'rate-limited'),
  statusRow(500, undefined, OUT, 'server-error'),
  statusRow(502, undefined, OUT, 'back-end-down'),
  statusRow(503, undefined, OUT, 'overload'),
  statusRow(503, '20', ['COOLING'], 'rate-limited'),
  {
    name: 'hard-404',
    what: 'hard 404 on some',
    load: SMALL,
    turns: always({ kind: 'hard-404' }),
    sees: 'right',
    rondo: { shares: true, states: ['HEALTHY'], causes: [] },
  },
  {
    name: 'soft-404',
    what: 'soft 404',
    load: SMALL,
    turns: always({ kind: 'soft-404' }),
    sees: 'right',
    rondo: { states: OUT, causes: ['soft-not-found'] },
  },
  {
    name: 'soft-410',
    what: 'soft 410',
    load: SMALL,
    turns: always({ kind: 'soft-404', status: 410 }),
    sees: 'right',
    rondo: { states: OUT, causes: ['soft-not-found'] },
  },
  {
    name: 'all-soft-404',
    what: 'soft 404 of all, then good: never cached',
    load: { rate: { kind: 'steady', perSecond: 10, forMs: 30_000 }, files: 'list' },
    turns: allUntil({ kind: 'soft-404' }, 0, 10_000),
    sees: 'right-or-failure',
    rondo: { causes: ['soft-not-found'] },
  },
  {
    name: 'all-404',
    what: 'all 404',
    load: { ...SMALL, files: 'absent' },
    turns: [],
    sees: 'not-found',
    // Once each.
    rondo: { states: ['HEALTHY'], causes: [], mostAttempts: 3 },
  },
];
