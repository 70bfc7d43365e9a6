import { always, LARGE, SMALL, ZIPS } from './loads.ts';
import type { Row } from './row.ts';

/** Mirrors whose answers break off, or do not end where they say. */
export const BROKEN_ROWS: readonly Row[] = [
  {
    name: 'reset',
    what: 'reset mid-body',
    load: LARGE,
    turns: always({ kind: 'reset' }, { kinds: ['zip'] }),
    sees: 'right',
    rondo: { causes: ['reset'] },
  },
  {
    name: 'short',
    what: 'short of Content-Length',
    load: ZIPS,
    turns: always({ kind: 'short' }, { kinds: ['zip'] }),
    sees: 'right',
    rondo: { causes: ['short-body', 'reset'] },
  },
  {
    name: 'cut',
    what: 'no Content-Length, early end',
    load: ZIPS,
    turns: always({ kind: 'cut' }, { kinds: ['zip', 'info'] }),
    sees: 'right',
  },
  {
    name: 'excess',
    what: 'bytes past Content-Length',
    load: ZIPS,
    turns: always({ kind: 'excess' }),
    sees: 'right',
    rondo: { shares: true },
  },
  {
    name: 'reused-connection',
    what: 'connection reused that the mirror had just closed',
    load: SMALL,
    turns: always({ kind: 'keep-alive-closed' }),
    sees: 'right',
    rondo: { shares: true, states: ['HEALTHY'], causes: [] },
  },
];
