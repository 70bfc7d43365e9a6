import { always, LARGE, SMALL, ZIPS } from './loads.ts';
import type { Row } from './row.ts';

const OUT = ['UNHEALTHY', 'TRIAL'];
const SLOW = ['header-timeout', 'slow-header'] as const;

/** Mirrors that take their time, or for ever. */
export const SLOW_ROWS: readonly Row[] = [
  {
    name: 'slow',
    what: '200, but 1.2 s slow',
    load: SMALL,
    turns: always({ kind: 'slow', delayMs: 1200 }),
    sees: 'right',
    rondo: { timed: true, states: ['HEALTHY'], causes: [] },
  },
  {
    name: 'hang',
    what: 'hang before headers',
    load: SMALL,
    turns: always({ kind: 'hang' }),
    sees: 'right',
    rondo: { timed: true, causes: SLOW },
  },
  {
    name: 'stall',
    what: 'stall mid-body',
    load: LARGE,
    turns: always({ kind: 'stall' }, { kinds: ['zip'] }),
    sees: 'right',
    rondo: { timed: true, causes: ['body-idle', 'body-slow'] },
  },
  {
    name: 'drip-headers',
    what: 'slow drip of headers',
    load: SMALL,
    turns: always({ kind: 'drip', part: 'headers', bytesPerSecond: 10 }),
    sees: 'right',
    rondo: { timed: true, causes: SLOW },
  },
  {
    name: 'drip-body',
    what: 'slow drip of the body',
    load: ZIPS,
    turns: always({ kind: 'drip', part: 'body', bytesPerSecond: 500 }, { kinds: ['zip'] }),
    sees: 'right',
    // It is outrun after a second, and not charged for that (ADR 0026).
    rondo: { timed: true, shares: true },
  },
  {
    name: 'only-zips-hang',
    what: 'probe answers, zips hang',
    load: ZIPS,
    turns: always({ kind: 'hang' }, { kinds: ['zip'] }),
    sees: 'right',
    rondo: { timed: true, causes: SLOW },
  },
  {
    name: 'only-probes-fail',
    what: 'probe refused, traffic fine',
    load: SMALL,
    turns: always({ kind: 'status', status: 503 }, { match: /^\/golang\.org\/x\/text\// }),
    sees: 'right',
    rondo: { shares: true, states: ['HEALTHY'] },
  },
  {
    name: 'flapping',
    what: "flapping at the probe's period",
    load: SMALL,
    turns: [0, 5000, 10_000].map((atMs, n) => ({
      atMs,
      mirrors: 'bad',
      change: n % 2 === 0 ? { fault: { kind: 'status', status: 503 } } : 'good',
    })),
    sees: 'right',
    rondo: { shares: true, causes: ['overload'] },
  },
  {
    name: 'refused',
    what: 'connection refused',
    load: SMALL,
    turns: always({ kind: 'refused' }),
    sees: 'right',
    rondo: { states: OUT, causes: ['connect-refused', 'reset'] },
  },
];
