import { key, type SectionKeys } from './key.ts';
import type { LimitsConfig } from './limits-config.ts';
import * as values from './values.ts';

const { integer, size } = values;

/** Keys of [limits]; those of a client are named and meant as nginx's limit_req and limit_conn are, but that what is too much at once waits unless `nodelay`. */
export const LIMITS: SectionKeys<LimitsConfig> = {
  urlBytes: key('url', size('256B', '64KiB'), '8KiB', 'longest request target'),
  headersBytes: key('headers', size('1KiB', '1MiB'), '16KiB', 'largest request headers'),
  queue: key('queue', integer(0, 1_000_000), '4096', 'requests that wait for a mirror; more get 503'),
  ratePerMinute: key('rate', values.rate, undefined, 'requests a client; a build asks some 50 a second'),
  burst: key(
    'burst',
    integer(0, 1_000_000),
    '20',
    'a client may be so many requests ahead; more are refused',
  ),
  nodelay: key('nodelay', values.flag, 'false', 'what is ahead is answered at once, instead of in its time'),
  status: key('status', values.oneOf('503', '429'), '503', 'the status of what is refused'),
  concurrent: key(
    'concurrent',
    integer(0, 100_000),
    '0',
    'requests of a client under way; more wait, or are refused with nodelay; 0: any number',
  ),
  connections: key(
    'connections',
    integer(1, 1_000_000),
    undefined,
    'connections that clients have open; idle ones make room; unset: 16384, but a third of the open files at the most',
  ),
  clientConnections: key(
    'client_connections',
    integer(1, 1_000_000),
    undefined,
    'those of one client; unset: half of them',
  ),
  loopback: key('loopback', values.flag, 'false', 'clients on this machine are limited too'),
};
