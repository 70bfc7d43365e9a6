import { LOG_LEVELS } from '../kit/log-level.ts';
import type { Config } from './config.ts';
import { key, UNTRUSTED, type SectionKeys } from './key.ts';
import * as values from './values.ts';

/** The sections with fixed names. */
export type SectionName = keyof Pick<
  Config,
  | 'server'
  | 'cache'
  | 'selection'
  | 'timeouts'
  | 'retry'
  | 'breaker'
  | 'probe'
  | 'connections'
  | 'verify'
  | 'limits'
  | 'log'
>;

const { duration, size, integer, decimal } = values;

/** The keys of the sections with fixed names, by section. */
export const SECTIONS: { readonly [S in SectionName]: SectionKeys<Config[S]> } = {
  server: {
    listen: key('listen', values.listenAddress, '127.0.0.1:7070', 'host:port to serve at'),
    basePath: key('base_path', values.basePath, '', 'a path in front of every other'),
    tls: key('tls', values.flag, 'false', 'serve HTTPS', { flag: '--tls' }),
    tlsCert: key(
      'tls_cert',
      values.textAs('a file'),
      undefined,
      'its certificate and chain, PEM; read again on change',
      {
        flag: '--cert <file>',
        path: true,
      },
    ),
    tlsKey: key('tls_key', values.textAs('a file'), undefined, 'the private key of the certificate, PEM', {
      flag: '--key <file>',
      path: true,
    }),
    drainMs: key('drain', duration('0s', '1h'), '30s', 'how long running requests may take after a stop'),
  },
  cache: {
    dir: key(
      'dir',
      values.textAs('a folder'),
      '~/.cache/rondo',
      'folder of the copy; trusted as it is, so import one that was sent',
      {
        flag: '--cache-dir <folder>',
        path: true,
      },
    ),
    maxBytes: key(
      'max_size',
      size('1MiB', '1024TiB'),
      '20GiB',
      'what Rondo keeps of modules takes no more; the longest unused goes first',
    ),
    minFreeBytes: key('min_free', size('0B', '1024TiB'), '512MiB', 'so much of the disk stays free'),
    pin: key('pin', values.patterns, undefined, 'modules that never go'),
    memoryBytes: key('memory', size('0B', '1TiB'), '64MiB', 'small files kept in memory'),
    holdMs: key(
      'hold',
      values.durationOrWhole,
      '5s',
      'how long a body is held back to be verified; or whole',
    ),
    freshTtlMs: key('fresh_ttl', duration('0s'), '60s', 'lists, @latest and queries are fresh for so long'),
    refreshWaitMs: key(
      'refresh_wait',
      duration('0s', '1m'),
      '1s',
      'wait for a newer answer before a stale one',
    ),
    staleMaxQueryMs: key('stale_max_query', duration('0s', '365d'), '24h', 'oldest stale answer to a query'),
    negativeTtlMs: key(
      'negative_ttl',
      duration('0s', '1d'),
      '10m',
      'how long a 404 is remembered for outages',
    ),
  },
  selection: {
    pinMs: key(
      'pin',
      duration('0s', '1h'),
      '60s',
      'a mirror that answered a module serves it again for so long',
    ),
    scoreStep: key('score_step', decimal(0, 1), '0.3', 'what each failure in a row takes off the score'),
    scoreFloor: key('score_floor', decimal(0.001, 1), '0.1', 'the lowest score'),
    climbMs: key('climb', duration('0s', '1h'), '30s', 'from the lowest score to the full one after a trial'),
  },
  timeouts: {
    connectMs: key('connect', duration('10ms', '5m'), '5s', 'TCP connect', UNTRUSTED),
    tlsMs: key('tls', duration('10ms', '5m'), '5s', 'TLS handshake', UNTRUSTED),
    headerSoftMs: key(
      'header_soft',
      duration('10ms', '10m'),
      '3s',
      'no header: start the next mirror',
      UNTRUSTED,
    ),
    headerMs: key('header', duration('10ms', '10m'), '60s', 'no header: give the attempt up', UNTRUSTED),
    bodyIdleMs: key('body_idle', duration('10ms', '10m'), '10s', 'no byte of a body', UNTRUSTED),
    minRateBytesPerSecond: key('min_rate', integer(0, 1e9), '1000', 'bytes a second at least', UNTRUSTED),
    minRateWindowMs: key(
      'min_rate_window',
      duration('1s', '10m'),
      '30s',
      'over which it is measured',
      UNTRUSTED,
    ),
    deadlineMs: key('deadline', duration('100ms', '1h'), '90s', 'a request, until a body flows', UNTRUSTED),
    agreementMs: key(
      'agreement',
      duration('0s', '5m'),
      '10s',
      'one 404 waits for others to agree',
      UNTRUSTED,
    ),
  },
  retry: {
    delayMs: key('delay', duration('1ms', '1m'), '100ms', 'before the first revisit; doubles', UNTRUSTED),
    delayMaxMs: key('delay_max', duration('1ms', '10m'), '2s', 'the longest delay', UNTRUSTED),
    budgetRatio: key('budget_ratio', decimal(0, 10), '0.2', 'revisits a request', UNTRUSTED),
    budgetPerSecond: key('budget_per_second', decimal(0, 1000), '2', 'and a second', UNTRUSTED),
    resumes: key('resumes', integer(0, 100), '3', 'a mirror that cut a zip is asked for the rest', UNTRUSTED),
  },
  breaker: {
    failures: key('failures', integer(1, 1000), '3', 'failures in a row that open the gate, at least'),
    unavailable: key('unavailable', integer(1, 1000), '3', '503 in a row that open it'),
    probeFailures: key('probe_failures', integer(1, 1000), '3', 'failed probes in a row that open it'),
    openMinMs: key('open_min', duration('10ms', '1h'), '1s', 'the first time it is open; doubles'),
    openMaxMs: key('open_max', duration('10ms', '1d'), '32s', 'the longest time it is open'),
    coolMaxMs: key('cool_max', duration('1s', '1d'), '300s', 'the longest Retry-After that is obeyed'),
    quarantineMs: key('quarantine', duration('1s', '7d'), '10m', 'after wrong content; doubles'),
  },
  probe: {
    intervalMs: key('interval', duration('100ms', '1d'), '5s', 'between two health checks of a mirror'),
    jitter: key('jitter', decimal(0, 0.9), '0.2', 'part of the interval that is random'),
    timeoutMs: key('timeout', duration('10ms', '5m'), '3s', 'a health check takes no longer'),
    path: key('path', values.urlPath, '/golang.org/x/text/@v/v0.3.0.mod', 'what is asked for'),
  },
  connections: {
    max: key('max', integer(1, 10_000), '100', 'open connections a mirror'),
    idleMs: key('idle', duration('1s', '1h'), '30s', 'an idle one is closed after'),
    keepAliveMs: key('keep_alive', duration('1s', '1h'), '30s', 'TCP keep-alive'),
    privateRedirects: key(
      'private_redirects',
      values.flag,
      'false',
      'public mirrors may redirect to private addresses',
    ),
  },
  verify: {
    mode: key(
      'mode',
      values.oneOf('required', 'when-possible', 'off'),
      'required',
      'check against the database',
    ),
    direct: key('direct', values.flag, 'true', 'ask the database itself where no mirror gives it'),
  },
  limits: {
    urlBytes: key('url', size('256B', '64KiB'), '8KiB', 'longest request target'),
    headersBytes: key('headers', size('1KiB', '1MiB'), '16KiB', 'largest request headers'),
  },
  log: {
    requests: key('requests', values.oneOf('auto', 'on', 'off'), 'auto', 'one line a request'),
    level: key('level', values.oneOf(...LOG_LEVELS), 'info', 'least important lines shown'),
  },
};
