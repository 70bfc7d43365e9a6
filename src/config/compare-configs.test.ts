import { english } from '../../test/support/english.ts';
import type { Config } from './config.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configUser } from '../../test/support/config-user.ts';
import { compareConfigs, keepingUntilRestart } from './compare-configs.ts';
import { KEYS } from './keys.ts';
import type { LoadOptions } from './load-config.ts';

const USER = '.config/rondo/.goproxy';
const NO_ENV: Partial<LoadOptions> = { env: {} };

function changeOf(before: Config, after: Config): { changed: string[]; restart: readonly string[] } {
  const { changed, restart } = compareConfigs(before, after);
  return { changed: english(changed), restart };
}

test('what changed is told by its key, and what needs a restart apart', async (t) => {
  const { load, write } = await configUser(t);
  await write(USER, 'proxy = https://a.example,https://b.example,direct\n');
  const before = await load(NO_ENV);
  assert.deepEqual(changeOf(before, before), { changed: [], restart: [] });
  const text = `; only comments and lines differ, and:
proxy = https://a.example|https://c.example,off
errors_as_404 = true
[server]
listen = 127.0.0.1:8080
drain = 5s
[cache]
max_size = 1GiB
memory = 1MiB
dir = /somewhere/else
[log]
requests = off
level = debug
[mirror "first"]
url = https://a.example
weight = 3
`;
  await write(USER, text);
  const after = await load({
    ...NO_ENV,
    go: {
      user: new Map([
        ['GOPRIVATE', 'corp.example'],
        ['GOSUMDB', 'off'],
      ]),
      goroot: new Map(),
    },
  });
  assert.deepEqual(changeOf(before, after), {
    changed: [
      'errors_as_404',
      'server.drain',
      'cache.max_size',
      'log.level',
      'GOPRIVATE',
      'GONOPROXY',
      'GONOSUMDB',
      'mirror a.example is called first',
      'mirror.first.weight',
      'mirror c.example is new',
      'mirror b.example is gone',
      'the end of the chain',
    ],
    restart: ['server.listen', 'cache.dir', 'cache.memory', 'log.requests', 'GOSUMDB'],
  });
  const kept = keepingUntilRestart(before, after);
  assert.deepEqual(changeOf(kept, after).changed, []);
  assert.deepEqual(changeOf(kept, after).restart, changeOf(before, after).restart, 'told until then');
  assert.deepEqual(changeOf(before, kept).restart, []);
});

test('other credentials are a change, and are not told', async (t) => {
  const { load, write } = await configUser(t);
  await write(USER, 'proxy = https://me:0ld-s3cret@a.example\n');
  const before = await load(NO_ENV);
  await write(USER, 'proxy = https://me:n3w-s3cret@a.example\n');
  const change = changeOf(before, await load(NO_ENV));
  assert.deepEqual(change, { changed: ['the credentials of a.example'], restart: [] });
});

test('what files of secrets hold is compared, needs a restart, and is not told', async (t) => {
  const { load, write } = await configUser(t);
  const hold = async (word: string): Promise<Config> => {
    const files = {
      RONDO_ALERTS_WEBHOOK_FILE: await write('webhook', `https://hook.example/${word}\n`),
      RONDO_ALERTS_SECRET_FILE: await write('secret', `${word}\n`),
      RONDO_TELEMETRY_HEADERS_FILE: await write('headers', `authorization=${word}\n`),
    };
    const traces = { RONDO_TELEMETRY_TRACES: 'http://127.0.0.1:4318/v1/traces' };
    return load({ env: { GOPROXY: 'https://a.example', ...traces, ...files } });
  };
  const [before, after] = [await hold('0ld-s3cret-of-16'), await hold('n3w-s3cret-of-16')];
  const restart = ['alerts.webhook_file', 'alerts.secret_file', 'telemetry.headers_file'];
  assert.deepEqual(changeOf(before, after), { changed: [], restart });
  const kept = keepingUntilRestart(before, after);
  assert.deepEqual(
    [kept.alertSecrets, kept.telemetryHeaders],
    [before.alertSecrets, before.telemetryHeaders],
  );
  assert.deepEqual(changeOf(kept, after).restart, restart, 'told until then');
  const unset = await load({ env: { GOPROXY: 'https://a.example' } });
  assert.deepEqual(changeOf(after, unset).restart, [
    'alerts.webhook_file',
    'alerts.secret_file',
    'telemetry.traces',
    'telemetry.headers_file',
  ]);
});

test('trust that a file has lost is a change', async (t) => {
  const { load, write } = await configUser(t);
  await write('src/project/.goproxy', 'proxy = https://a.example\n');
  const theirs = await load(NO_ENV);
  await write(USER, 'proxy = https://a.example\n');
  await write('src/project/.goproxy', '; empty\n');
  assert.deepEqual(changeOf(theirs, await load(NO_ENV)).changed, ['the trust in the chain']);
});

test('keepingUntilRestart keeps the keys that say so, and no others', async (t) => {
  const { load, write } = await configUser(t);
  const file = await write('hook', 'https://hook.example/\n');
  const values: Readonly<Record<string, string>> = {
    'alerts.after': '1s',
    'alerts.certificate': '20d',
    'alerts.clear': '1m',
    'alerts.command': '/tell',
    'alerts.disk': '0.1',
    'alerts.kinds': 'disk',
    'alerts.secret_env': 'HOOK',
    'alerts.secret_file': file,
    'alerts.sync_lag': '1m',
    'alerts.webhook': 'https://hook.example/',
    'alerts.webhook_env': 'HOOK',
    'alerts.webhook_file': file,
    'telemetry.headers_env': 'HOOK',
    'telemetry.headers_file': file,
    'telemetry.history': '1d',
    'telemetry.propagate': 'never',
    'telemetry.sample': '0.5',
    'telemetry.sampled_by_client': 'always',
    'telemetry.service': 'other',
    'telemetry.traces': 'http://127.0.0.1:4318/v1/traces',
    'server.listen': '127.0.0.1:1',
    'server.base_path': '/go',
    'server.tls': 'true',
    'server.tls_cert': '/c.pem',
    'server.tls_key': '/k.pem',
    'cache.dir': '/copy',
    'cache.memory': '1MiB',
    'log.requests': 'off',
  };
  const before = await load();
  const marked = [...KEYS].flatMap(([path, key]) => (key.restart === true ? path : []));
  assert.deepEqual(marked.toSorted(), Object.keys(values).toSorted());
  for (const [path, text] of Object.entries(values)) {
    const own = { [`RONDO_${path.replace('.', '_').toUpperCase()}`]: text };
    const after = await load({
      env: { GOPROXY: 'https://a.example', HOOK: 'https://hook.example/', ...own },
    });
    assert.deepEqual(changeOf(before, after), { changed: [], restart: [path] });
    assert.deepEqual(changeOf(before, keepingUntilRestart(before, after)), {
      changed: [],
      restart: [],
    });
  }
});
