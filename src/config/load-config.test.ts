import { english } from '../../test/support/english.ts';
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { RondoError } from '../errors/rondo-error.ts';
import type { LoadOptions } from './load-config.ts';
import type { FlagText } from './read-values.ts';
import { configUser } from '../../test/support/config-user.ts';

const USER = '.config/rondo/.goproxy';

function flagText(path: string, text: string, flag: string): ReadonlyMap<string, FlagText> {
  return new Map([[path, { text, flag }]]);
}

test('without files and variables every key has its default', async (t) => {
  const { load, home } = await configUser(t);
  const config = await load();
  assert.deepEqual(config.server, {
    listen: { host: '127.0.0.1', port: 7070 },
    basePath: '',
    tls: false,
    drainMs: 30_000,
  });
  assert.deepEqual(config.cache, {
    dir: join(home, '.cache', 'rondo'),
    maxBytes: 21_474_836_480,
    minFreeBytes: 536_870_912,
    memoryBytes: 67_108_864,
    holdMs: 5000,
    freshTtlMs: 60_000,
    refreshWaitMs: 1000,
    staleMaxQueryMs: 86_400_000,
    negativeTtlMs: 600_000,
    listHoldMs: 600_000,
  });
  assert.deepEqual(config.timeouts, {
    connectMs: 5000,
    tlsMs: 5000,
    headerSoftMs: 3000,
    headerMs: 60_000,
    bodyIdleMs: 10_000,
    minRateBytesPerSecond: 1000,
    minRateWindowMs: 30_000,
    deadlineMs: 90_000,
    agreementMs: 10_000,
  });
  assert.deepEqual(Object.values(config.retry), [100, 2000, 0.2, 2, 3]);
  assert.deepEqual(config.probe, {
    intervalMs: 5000,
    jitter: 0.2,
    timeoutMs: 3000,
    path: '/golang.org/x/text/@v/v0.3.0.mod',
    canary: 'github.com/aws/aws-sdk-go-v2/service/ec2',
    canaryIntervalMs: 300_000,
    behindMs: 300_000,
  });
  assert.deepEqual(config.connections, {
    max: 100,
    idleMs: 30_000,
    keepAliveMs: 30_000,
    slotsMin: 4,
    slotsMax: 32,
    privateRedirects: false,
  });
  assert.deepEqual([config.verify.mode, config.log.requests, config.log.level], ['required', 'auto', 'info']);
  assert.deepEqual([config.insecure, config.skipsum, config.errorsAs404], [false, false, false]);
  assert.deepEqual([config.warnings, config.files], [[], []]);
  assert.deepEqual([...new Set(config.origins.values())], ['default']);
});

test('and so has every limit of clients: none', async (t) => {
  const { load } = await configUser(t);
  const { limits } = await load();
  assert.deepEqual(limits, {
    urlBytes: 8192,
    headersBytes: 16_384,
    queue: 4096,
    burst: 20,
    nodelay: false,
    status: '503',
    concurrent: 0,
    loopback: false,
  });
});

test('and so has every key of the choice of a mirror', async (t) => {
  const { load } = await configUser(t);
  const config = await load();
  assert.deepEqual(config.breaker, {
    failures: 3,
    failuresMax: 10,
    successShare: 0.8,
    successWindowMs: 30_000,
    successRequests: 5,
    lagMs: 250,
    unavailable: 3,
    probeFailures: 3,
    openMinMs: 1000,
    openMaxMs: 32_000,
    coolMaxMs: 300_000,
    quarantineMs: 600_000,
  });
  assert.deepEqual(config.selection, {
    pinMs: 60_000,
    scoreStep: 0.3,
    scoreFloor: 0.1,
    climbMs: 30_000,
    pinDebt: 8,
    pinSlowdown: 2,
    speedTolerance: 1.5,
    speedFloor: 0.01,
    speedMemoryMs: 10_000,
  });
  assert.deepEqual(config.hedge, {
    minMs: 20,
    maxMs: 1000,
    firstMs: 300,
    samples: 20,
    tokens: 10,
    perRequest: 0.05,
  });
  assert.deepEqual(config.race, {
    afterMs: 1000,
    share: 0.25,
    assumedBytesPerS: 256 * 1024,
    leftBytes: 256 * 1024,
  });
});

test('flag before environment before file before default, and each value knows its origin', async (t) => {
  const { load, write, home } = await configUser(t);
  const path = await write(
    USER,
    '[cache]\ndir = copy\nmemory = 1MiB\nhold = whole\n[server]\nlisten = [::1]:8000\n',
  );
  const env = {
    GOPROXY: 'https://a.example',
    RONDO_CACHE_MEMORY: '2MiB',
    RONDO_CACHE_DIR: '/env',
    RONDO_SKIPSUM: '',
  };
  const config = await load({
    env,
    flags: { texts: flagText('cache.dir', '~/flag', '--cache-dir'), port: 9000 },
  });
  assert.equal(config.cache.dir, join(home, 'flag'));
  assert.equal(config.cache.memoryBytes, 2_097_152);
  assert.equal(config.cache.holdMs, 'whole');
  assert.deepEqual(config.server.listen, { host: '::1', port: 9000 });
  const origins = ['cache.dir', 'cache.memory', 'cache.hold', 'cache.fresh_ttl', 'skipsum', 'server.listen'];
  assert.deepEqual(
    origins.map((key) => config.origins.get(key)),
    [
      'flag --cache-dir',
      'environment RONDO_CACHE_MEMORY',
      `file ${path}:4`,
      'default',
      'default',
      'flag --port',
    ],
  );
  assert.equal((await load()).cache.dir, join(dirname(path), 'copy'), 'a path in a file starts at the file');
});

test('mistakes name the flag, the variable or the file and line', async (t) => {
  const { load, write } = await configUser(t);
  const path = await write(USER, '; a\n[timeouts]\nconnect = 5x\n');
  const table: [Partial<LoadOptions>, string][] = [
    [{}, `${path}:3: timeouts.connect = "5x" is not a duration (write 500ms, 5s or 2m)`],
    [
      { env: { RONDO_TIMEOUTS_CONNECT: '1ms' } },
      'RONDO_TIMEOUTS_CONNECT = "1ms" must be between 10ms and 5m',
    ],
    [
      { env: { RONDO_TIMEOUTS_CONNECT: '1s', RONDO_SKIPSUM: 'yes' } },
      'RONDO_SKIPSUM = "yes" must be true or false',
    ],
    [
      { env: { RONDO_TIMEOUTS_CONNECT: '1s', RONDO_TIMEOUTS_HEADER: '2s' } },
      'timeouts.header_soft = 3s (default) must not be longer than timeouts.header = 2s (environment RONDO_TIMEOUTS_HEADER)',
    ],
    [
      { env: { RONDO_TIMEOUTS_CONNECT: '1s' }, flags: { texts: flagText('cache.dir', '', '--cache-dir') } },
      '--cache-dir = "" must not be empty',
    ],
    [{ flags: { config: '/nowhere/.goproxy' } }, 'there is no file /nowhere/.goproxy'],
  ];
  for (const [changes, message] of table) {
    await assert.rejects(load(changes), (error) => {
      assert.ok(error instanceof RondoError && error.code === 'E_CONFIG');
      assert.ok(error.message.startsWith(message), error.message);
      return true;
    });
  }
});

test('times of a checkout that do not go together with the rest are ignored with a warning', async (t) => {
  const { load, write } = await configUser(t);
  const project = 'src/project/.goproxy';
  const told = async (): Promise<[number, number, string, string]> => {
    const { timeouts, warnings, origins } = await load();
    const origin = origins.get('timeouts.header_soft') ?? '';
    return [timeouts.headerSoftMs, timeouts.headerMs, origin, english(warnings).join('\n')];
  };
  const path = await write(project, '[timeouts]\nheader_soft = 90s\nconnect = 2s\n');
  const ignored = (keys: string): string =>
    `${path} is not trusted: ignored ${keys} (\`rondo config trust\` takes all of it)`;
  assert.deepEqual(await told(), [3000, 60_000, 'default', ignored('timeouts.header_soft')]);
  assert.equal((await load()).timeouts.connectMs, 2000, 'the rest of it counts');
  await write(project, '[timeouts]\nheader_soft = 90s\nheader = 80s\n');
  const both = ignored('timeouts.header_soft, timeouts.header');
  assert.deepEqual(await told(), [3000, 60_000, 'default', both]);
  await write(project, '[timeouts]\nheader_soft = 90s\nheader = 100s\n');
  assert.deepEqual(await told(), [90_000, 100_000, `file ${path}:2`, '']);
  // The user's own limit is lower: each key of the checkout is looked at with what is left of it.
  const own = await write(USER, '[timeouts]\nheader = 20s\n');
  await write(project, '[timeouts]\nheader_soft = 90s\n');
  assert.deepEqual(await told(), [3000, 20_000, 'default', ignored('timeouts.header_soft')]);
  // What the user says wrongly is an error, and both places are told.
  await write(USER, '[timeouts]\nheader = 20s\nheader_soft = 30s\n');
  await write(project, '');
  await assert.rejects(load(), {
    code: 'E_CONFIG',
    message: `timeouts.header_soft = 30s (${own}:3) must not be longer than timeouts.header = 20s (${own}:2)`,
  });
});

test('misspelt variables and dangerous switches are warned of', async (t) => {
  const { load } = await configUser(t);
  const env = {
    GOPROXY: 'https://a.example',
    RONDO_CACHE_MEMROY: '1',
    RONDO_REQUIRE: 'go',
    RONDO_INSECURE: 'true',
    RONDO_CAHCE_DIR: '/x',
    RONDO_CACHE_NOTHING_NEAR: '1',
    RONDO_SKIPSOM: 'true',
    RONDO_PROXY: 'https://b.example',
  };
  const { warnings, insecure } = await load({ env });
  assert.equal(insecure, true);
  assert.deepEqual(english(warnings).slice(0, -1), [
    'there is no variable RONDO_CACHE_MEMROY; did you mean RONDO_CACHE_MEMORY?',
    'there is no variable RONDO_REQUIRE',
    'there is no variable RONDO_CAHCE_DIR; did you mean RONDO_CACHE_DIR?',
    'there is no variable RONDO_CACHE_NOTHING_NEAR',
    'there is no variable RONDO_SKIPSOM; did you mean RONDO_SKIPSUM?',
    'there is no variable RONDO_PROXY; the mirrors are set by GOPROXY_OVERRIDE or GOPROXY',
  ]);
  assert.match(english(warnings).at(-1) ?? '', /^insecure = true: /);
});

test('go’s own settings hold at every level, with go’s defaults', async (t) => {
  const { load } = await configUser(t);
  const go = {
    user: new Map([
      ['GOPRIVATE', 'user.example'],
      ['GONOSUMDB', 'nosum.example'],
    ]),
    goroot: new Map([['GOSUMDB', 'sum.golang.org']]),
  };
  const config = await load({
    go,
    env: { GOPROXY: 'https://a.example', GOSUMDB: '', GOINSECURE: 'x.example' },
  });
  assert.deepEqual(config.go, {
    goprivate: 'user.example',
    gonoproxy: 'user.example',
    gonosumdb: 'nosum.example',
    gosumdb: 'sum.golang.org',
    goinsecure: 'x.example',
  });
  const overridden = await load({
    go,
    env: { GOPROXY: 'https://a.example', GOPRIVATE: 'env.example', GOSUMDB: 'off' },
  });
  assert.deepEqual([overridden.go.gonoproxy, overridden.go.gosumdb], ['env.example', 'off']);
});
