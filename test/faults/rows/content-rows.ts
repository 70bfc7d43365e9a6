import { always, LARGE, SMALL, ZIPS } from './loads.ts';
import type { Row } from './row.ts';

const OUT = ['UNHEALTHY', 'TRIAL'];
/** Nothing leaves before it is judged, however busy the machine. */
const LIAR = {
  config: { cache: { hold: 'whole' } },
  states: ['QUARANTINED'],
  causes: ['wrong-content'],
} as const;

/** Mirrors whose answers are whole, and not what they should be. */
export const CONTENT_ROWS: readonly Row[] = [
  {
    name: 'html',
    what: 'HTML 200 (captive portal)',
    load: SMALL,
    turns: always({ kind: 'html' }),
    sees: 'right',
    rondo: { causes: ['captive-portal'] },
  },
  {
    name: 'empty',
    what: 'empty 200 (not a list)',
    load: SMALL,
    turns: always({ kind: 'empty' }, { kinds: ['info', 'mod', 'zip'] }),
    sees: 'right',
    rondo: { causes: ['bad-content'] },
  },
  {
    name: 'corrupt-first',
    what: 'corrupt zip, first byte',
    load: ZIPS,
    turns: always({ kind: 'corrupt', at: 'first' }, { kinds: ['zip'] }),
    sees: 'right',
    rondo: LIAR,
  },
  {
    name: 'corrupt-middle',
    what: 'corrupt zip, middle',
    load: LARGE,
    turns: always({ kind: 'corrupt', at: 'middle' }, { kinds: ['zip'] }),
    sees: 'right',
    rondo: LIAR,
  },
  {
    name: 'corrupt-tail',
    what: 'corrupt zip, last 64 KiB',
    load: LARGE,
    turns: always({ kind: 'corrupt', at: 'tail' }, { kinds: ['zip'] }),
    sees: 'right',
    rondo: LIAR,
  },
  {
    name: 'other-zip',
    what: "another module's zip",
    load: ZIPS,
    turns: always({ kind: 'other-zip' }, { kinds: ['zip'] }),
    sees: 'right',
    rondo: LIAR,
  },
  {
    name: 'other-version',
    what: '`.info` of another version',
    load: { ...SMALL, files: 'info' },
    turns: always({ kind: 'other-version' }, { kinds: ['info'] }),
    sees: 'right',
    rondo: { causes: ['bad-content'] },
  },
  {
    name: 'stale-list',
    what: 'stale list',
    load: { ...SMALL, files: 'list' },
    turns: [
      {
        atMs: 5000,
        mirrors: 'bad',
        change: { fault: { kind: 'stale-list', drop: 2 }, scope: { kinds: ['list'] } },
      },
    ],
    sees: 'right',
    // Every list is asked for anew, so that the stale ones are met.
    rondo: { shares: true, config: { cache: { fresh_ttl: '0s' } }, states: ['HEALTHY'], causes: [] },
  },
  {
    name: 'redirect-loop',
    what: 'redirect loop',
    load: SMALL,
    turns: always({ kind: 'redirect', location: '{path}' }),
    sees: 'right',
    rondo: { states: OUT, causes: ['bad-redirect'], asksEach: 11 },
  },
];
