import { CANARY_MODULE, PROBE_FILE } from '../gomod/health-files.ts';
import { LOG_LEVELS } from '../kit/log-level.ts';
import { ALERTS } from './alert-keys.ts';
import type { Config } from './config.ts';
import { key, RESTART, UNTRUSTED, type SectionKeys } from './key.ts';
import { LIMITS } from './limit-keys.ts';
import { TELEMETRY } from './telemetry-keys.ts';
import * as values from './values.ts';

/** The sections with fixed names. */
export type SectionName = keyof Pick<
  Config,
  | 'server'
  | 'cache'
  | 'selection'
  | 'timeouts'
  | 'retry'
  | 'hedge'
  | 'race'
  | 'breaker'
  | 'probe'
  | 'early'
  | 'connections'
  | 'verify'
  | 'limits'
  | 'alerts'
  | 'log'
  | 'telemetry'
>;

const { duration, size, integer, decimal } = values;

/** The keys of the sections with fixed names, by section. */
export const SECTIONS: { readonly [S in SectionName]: SectionKeys<Config[S]> } = {
  server: {
    listen: key('listen', values.listenAddress, '127.0.0.1:7070', 'host:port to serve at', RESTART),
    basePath: key('base_path', values.basePath, '', 'a path in front of every other', RESTART),
    tls: key('tls', values.flag, 'false', 'serve HTTPS', { flag: '--tls', ...RESTART }),
    tlsCert: key(
      'tls_cert',
      values.textAs('a file'),
      undefined,
      'its certificate and chain, PEM; read again on change',
      {
        flag: '--cert <file>',
        path: true,
        ...RESTART,
      },
    ),
    tlsKey: key('tls_key', values.textAs('a file'), undefined, 'the private key of the certificate, PEM', {
      flag: '--key <file>',
      path: true,
      ...RESTART,
    }),
    adminToken: key(
      'admin_token',
      values.secretToken,
      undefined,
      'once set, /-/api and the dashboard ask everybody for it, as Bearer; not shown',
      { secret: true },
    ),
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
        ...RESTART,
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
    memoryBytes: key('memory', size('0B', '1TiB'), '64MiB', 'small files kept in memory', RESTART),
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
      'a list or @latest that all mirrors answer with 404 for so long is dropped',
    ),
    listHoldMs: key('list_hold', duration('0s', '30d'), '10m', 'no list goes backwards within this time'),
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
    pinDebt: key('pin_debt', decimal(0, 1000), '8', 'weights that a pin may run ahead of the shares'),
    pinSlowdown: key('pin_slowdown', decimal(1, 1000), '2', 'so much slower than the best, a pin is ignored'),
    speedTolerance: key(
      'speed_tolerance',
      decimal(1, 1000),
      '1.5',
      'so much slower than the best, a mirror still has its whole weight',
    ),
    speedFloor: key('speed_floor', decimal(0.0001, 1), '0.01', 'what is left to the slowest mirror'),
    speedMemoryMs: key(
      'speed_memory',
      duration('1s', '1h'),
      '10s',
      'a time after which what was measured counts a third',
    ),
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
  hedge: {
    minMs: key('min', duration('1ms', '10m'), '20ms', 'the first byte is waited for at least'),
    maxMs: key('max', duration('1ms', '10m'), '1s', 'and at most, before a second mirror is asked'),
    firstMs: key('first', duration('1ms', '10m'), '300ms', 'the wait until enough answers were seen'),
    samples: key('samples', integer(1, 256), '20', 'so many are enough'),
    tokens: key('tokens', integer(0, 1000), '10', 'hedges at once; 0: none at all'),
    perRequest: key('per_request', decimal(0, 1), '0.05', 'hedges a request in the long run'),
  },
  race: {
    afterMs: key('after', duration('0s', '10m'), '1s', 'no byte of a body for so long; 0s: no races'),
    share: key('share', decimal(0, 1), '0.25', 'or less than this share of what the best mirror gives'),
    assumedBytesPerS: key(
      'assumed',
      size('0B', '1GiB'),
      '256KiB',
      'what that is in a second, where no other mirror is known',
    ),
    leftBytes: key(
      'left',
      size('0B', '500MiB'),
      '256KiB',
      'so much to go is waited for if it comes within after',
    ),
  },
  breaker: {
    failures: key('failures', integer(1, 1000), '3', 'failures in a row that open the gate, at least'),
    failuresMax: key(
      'failures_max',
      integer(1, 1000),
      '10',
      'and at most, of a mirror that fails often anyway',
    ),
    successShare: key('success', decimal(0, 1), '0.8', 'a smaller share of requests that succeed opens it'),
    successWindowMs: key('success_window', duration('1s', '1h'), '30s', 'over which that is counted'),
    successRequests: key('success_requests', integer(1, 100_000), '5', 'if there were so many'),
    lagMs: key('lag', duration('10ms', '1h'), '250ms', 'nobody is charged while this process is so late'),
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
    path: key('path', values.urlPath, PROBE_FILE.path, 'what is asked for'),
    canary: key(
      'canary',
      values.modulePath,
      CANARY_MODULE,
      'a busy module whose list shows which mirrors lag behind',
    ),
    canaryIntervalMs: key('canary_interval', duration('0s', '1d'), '5m', 'between two looks; 0s: never'),
    behindMs: key('behind', duration('1s', '7d'), '300s', 'who lags so much is asked for fewer lists'),
  },
  connections: {
    max: key('max', integer(1, 10_000), '100', 'open connections a mirror'),
    idleMs: key('idle', duration('1s', '1h'), '30s', 'an idle one is closed after'),
    keepAliveMs: key('keep_alive', duration('1s', '1h'), '30s', 'TCP keep-alive'),
    slotsMin: key('slots_min', integer(1, 10_000), '4', 'requests without a first byte yet, at least'),
    slotsMax: key('slots_max', integer(1, 10_000), '32', 'and at most; the limit adapts between the two'),
    privateRedirects: key(
      'private_redirects',
      values.flag,
      'false',
      'public mirrors may redirect to private addresses',
    ),
  },
  early: {
    atOnce: key(
      'at_once',
      integer(0, 1000),
      '16',
      'small files asked before go asks for them, at once; 0: none',
    ),
    perMinute: key('per_minute', integer(0, 1e6), '3000', 'and in a minute'),
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
  limits: LIMITS,
  alerts: ALERTS,
  log: {
    requests: key('requests', values.oneOf('auto', 'on', 'off'), 'auto', 'one line a request', RESTART),
    level: key('level', values.oneOf(...LOG_LEVELS), 'info', 'least important lines shown'),
  },
  telemetry: TELEMETRY,
};
