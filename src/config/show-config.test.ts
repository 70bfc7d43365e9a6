import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configUser } from '../../test/support/config-user.ts';
import type { Config } from './config.ts';
import { KEYS } from './keys.ts';
import { configJson, renderConfig } from './show-config.ts';

const USER = '.config/rondo/.goproxy';

const FILE = `proxy = https://me:s3cret@a.example/go|https://b.example;x,off
errors_as_404 = true
[cache]
dir = "/a=b ; c"
memory = 65537B
hold = whole
[server]
listen = [::1]:8000
base_path = /go/
[probe]
path = /health
[mirror "corp"]
url = http://127.0.0.1:3000
weight = 3
tier = 1
match = corp.example, *.corp.example/team
probe = /ready
token_env = TOKEN
`;

const env = { TOKEN: 't0ken', GOPRIVATE: 'corp.example' };

/** Everything but where it came from, and the secrets. */
function values({ origins: _origins, files: _files, chain, warnings: _warnings, ...rest }: Config): unknown {
  const { origin: _origin, mirrors, ...list } = chain;
  return {
    ...rest,
    ...list,
    mirrors: mirrors.map(({ authorization: _secret, authorizationOrigin: _from, ...mirror }) => mirror),
  };
}

test('what is shown is a file that makes the same configuration, but for the secrets', async (t) => {
  const { load, write } = await configUser(t);
  const first = await load({ flags: { config: await write('first', FILE.replace(';x', '\\;x')) }, env });
  for (const origins of [false, true]) {
    const text = renderConfig(first, { origins });
    assert.doesNotMatch(text, /s3cret|t0ken|me:|bWU6/);
    const second = await load({ flags: { config: await write('second', text) }, env });
    assert.deepEqual(values(second), values(first));
    assert.deepEqual([...second.chain.mirrors.keys()].length, 3);
  }
  assert.match(renderConfig(first, { origins: false }), /^; credentials: environment TOKEN$/m);
});

test('without a chain, or with nothing but its end, there is still something to show', async (t) => {
  const { load } = await configUser(t);
  const go = { user: new Map([['GOPROXY', 'http://127.0.0.1:7070']]), goroot: new Map<string, string>() };
  const lost = await load({ env: {}, go, chainNeeded: false });
  assert.match(renderConfig(lost, { origins: true }), /^; proxy is not set\n/);
  const direct = await load({ env: { GOPROXY: 'direct' } });
  assert.match(renderConfig(direct, { origins: false }), /^proxy = direct\n/);
});

test('the JSON has every key, the chain and go’s settings, each with its origin, and no secret', async (t) => {
  const { load, write } = await configUser(t);
  const path = await write(USER, FILE.replace(';x', ''));
  const json = configJson(await load({ env }));
  assert.doesNotMatch(JSON.stringify(json), /s3cret|t0ken|bWU6/);
  const { version, files, chain, values: all, go } = json as Record<string, Record<string, unknown>>;
  assert.deepEqual([version, files], [1, [path]]);
  assert.deepEqual(Object.keys(all ?? {}).sort(), [...KEYS.keys()].filter((key) => key !== 'proxy').sort());
  assert.deepEqual(all?.['cache.hold'], { value: 'whole', origin: `file ${path}:6` });
  assert.deepEqual(all?.['server.tls_cert'], { value: null, origin: 'default' });
  assert.deepEqual(go?.['GONOPROXY'], { value: 'corp.example', origin: 'as GOPRIVATE' });
  const { mirrors, ...list } = chain as { mirrors: { name: string }[] };
  assert.deepEqual(list, {
    proxy: 'https://a.example/go,https://b.example,http://127.0.0.1:3000,off',
    origin: `file ${path}:1`,
    trusted: true,
  });
  assert.deepEqual(mirrors[2], {
    name: 'corp',
    values: {
      url: { value: 'http://127.0.0.1:3000', origin: `file ${path}:13` },
      weight: { value: '3', origin: `file ${path}:14` },
      tier: { value: '1', origin: `file ${path}:15` },
      match: { value: 'corp.example,*.corp.example/team', origin: `file ${path}:16` },
      probe: { value: '/ready', origin: `file ${path}:17` },
    },
    credentials: 'environment TOKEN',
  });
});
