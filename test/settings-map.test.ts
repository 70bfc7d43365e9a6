import { english } from './support/english.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { configUser } from './support/config-user.ts';
import { ChecksumDatabase } from './support/checksum-database.ts';
import type { Config } from '../src/config/config.ts';
import { KEYS } from '../src/config/keys.ts';
import {
  budgetSettings,
  databasesOf,
  mirrorSpec,
  mirrorsSettings,
  proxySettings,
  serverSettings,
  upstreamSettings,
} from '../src/settings-map.ts';

test('mirrors of a checkout see no private path, though GONOPROXY=none lets those of the user', async (t) => {
  const { load, write } = await configUser(t);
  const variables = {
    GOPRIVATE: 'corp.example, *.corp.example',
    GONOPROXY: 'none',
    GONOSUMDB: 'nosum.example',
  };
  const own = await load({ env: { ...variables, GOPROXY: 'https://corp.example' } });
  assert.equal(mirrorsSettings(own).privatePatterns, 'none');
  assert.equal(proxySettings(own, false).keepsUnproven, true);
  await write('src/project/.goproxy', 'proxy = https://evil.example\n');
  const theirs = await load({ env: variables });
  assert.equal(theirs.chain.trusted, false);
  assert.equal(mirrorsSettings(theirs).privatePatterns, 'corp.example,*.corp.example,nosum.example');
  assert.equal(proxySettings(theirs, false).keepsUnproven, false);
});

test('connections obey the proxy variables and [connections] private_redirects', async (t) => {
  const { load, write } = await configUser(t);
  const GOPROXY = 'https://m.example';
  const plain = upstreamSettings(await load({ env: { GOPROXY } }));
  assert.equal(plain.proxyFor(new URL(GOPROXY)), undefined);
  assert.equal(plain.allowPrivateRedirects, false);
  await write('src/project/.goproxy', '[connections]\nprivate_redirects = true\n');
  const env = { GOPROXY, HTTPS_PROXY: 'proxy.example:3128', NO_PROXY: 'n.example' };
  const untrusted = await load({ env });
  assert.equal(upstreamSettings(untrusted).allowPrivateRedirects, false);
  assert.match(english(untrusted.warnings).join('\n'), /private_redirects/);
  const { proxyFor } = upstreamSettings(untrusted);
  const server = { protocol: 'http', hostname: 'proxy.example', port: 3128 };
  assert.deepEqual(proxyFor(new URL(GOPROXY)), server);
  assert.equal(proxyFor(new URL('https://n.example')), undefined);
  const named = await load({ env: { ...env, RONDO_CONNECTIONS_PRIVATE_REDIRECTS: 'true' } });
  assert.equal(upstreamSettings(named).allowPrivateRedirects, true);
});

test('the bounds of the copy are those of [cache]; nothing is pinned by default', async (t) => {
  const { load } = await configUser(t);
  const GOPROXY = 'https://m.example';
  const plain = budgetSettings(await load({ env: { GOPROXY } }));
  assert.deepEqual(plain, { maxBytes: 20 * 1024 ** 3, minFreeBytes: 512 * 1024 ** 2 });
  const env = {
    GOPROXY,
    RONDO_CACHE_MAX_SIZE: '1GiB',
    RONDO_CACHE_PIN: 'corp.example, golang.org/toolchain',
  };
  assert.deepEqual(budgetSettings(await load({ env })), {
    maxBytes: 1024 ** 3,
    minFreeBytes: 512 * 1024 ** 2,
    pin: 'corp.example,golang.org/toolchain',
  });
});

test('every form of GOSUMDB: which databases are served, by which key, and where each is itself', async (t) => {
  const { load } = await configUser(t);
  const { key } = new ChecksumDatabase('sum.rondo.test/some/path');
  const go = 'sum.golang.org https://sum.golang.org/';
  for (const [gosumdb, served] of [
    ['', [go]],
    ['off', [go]],
    ['sum.golang.org', [go]],
    ['sum.golang.google.cn', ['sum.golang.org https://sum.golang.google.cn/']],
    ['sum.golang.org https://sum.example/db', ['sum.golang.org https://sum.example/db']],
    [key, ['sum.rondo.test/some/path https://sum.rondo.test/some/path', go]],
    [`${key} http://localhost:1/x`, ['sum.rondo.test/some/path http://localhost:1/x', go]],
  ] as const) {
    const env = { GOPROXY: 'https://m.example', ...(gosumdb === '' ? {} : { GOSUMDB: gosumdb }) };
    const config = await load({ env });
    const specs = databasesOf(config);
    assert.deepEqual(
      specs.map(({ name, url }) => `${name} ${url.href}`),
      served,
      gosumdb,
    );
    const settings = proxySettings(config, false);
    assert.equal(settings.verifyDatabase, served[0].split(' ')[0]);
    assert.ok(settings.databases.every(({ name, key: own }) => own.startsWith(`${name}+`)));
  }
});

/** All that a reload hands on (app.ts, open-mirrors.ts). */
function handedOn(config: Config): unknown {
  const { proxyFor: _sameEnvironment, ...upstream } = upstreamSettings(config);
  return {
    specs: config.chain.mirrors.map(mirrorSpec),
    mirrors: mirrorsSettings(config),
    upstream,
    proxy: proxySettings(config, false),
    budget: budgetSettings(config),
    server: serverSettings(config),
    drainMs: config.server.drainMs,
    logLevel: config.log.level,
    adminToken: config.server.adminToken,
  };
}

/** A value of each kind that no key has by default. */
const OTHERS = [
  'true',
  'false',
  '2',
  '3',
  '0.7',
  '7s',
  '33s',
  '10ms',
  '3MiB',
  '2KiB',
  'when-possible',
  'debug',
  '/other',
  'corp.example',
  'a-token-that-is-long-enough',
  '10/s',
  '429',
];

test('every key either counts while Rondo runs or is marked as one that needs a restart', async (t) => {
  const { load } = await configUser(t);
  const GOPROXY = 'https://m.example';
  const before = await load({ env: { GOPROXY } });
  const live: string[] = [];
  for (const [path, key] of KEYS) {
    if (path === 'proxy' || key.restart === true) continue;
    const name = `RONDO_${path.replace('.', '_').toUpperCase()}`;
    // Pairs such as open_min and open_max have to go together.
    const loaded = await Promise.all(
      OTHERS.map((text) => load({ env: { GOPROXY, [name]: text } }).catch(() => undefined)),
    );
    const after = loaded.filter((config) => config !== undefined);
    assert.ok(after.length > 0, `${path} takes none of these`);
    if (after.some((config) => !isDeepStrictEqual(handedOn(config), handedOn(before)))) live.push(path);
    else assert.fail(`${path} is handed to nobody and not marked as needing a restart`);
  }
  assert.ok(live.length > 60, `only ${live.length}`);
});
