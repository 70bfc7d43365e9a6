import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routeInConfig } from '../src/route-in-config.ts';
import { configUser } from './support/config-user.ts';

test('which patterns count depends on who chose the chain', async (t) => {
  const { load, write } = await configUser(t);
  const config = await write(
    'own.ini',
    '[mirror "all"]\nurl = https://all.example\nmatch = *, team.example\n\n[mirror "plain"]\nurl = https://plain.example\n',
  );
  const table: [
    name: string,
    env: Record<string, string>,
    module: string,
    privateBy: string | undefined,
    others: string[],
    isPastProxies: boolean,
  ][] = [
    ['public', {}, 'example.com/m', undefined, [], false],
    ['GOPRIVATE', { GOPRIVATE: 'corp.example' }, 'corp.example/m', 'corp.example', ['all', 'plain'], true],
    [
      'GONOPROXY alone',
      { GOPRIVATE: 'corp.example', GONOPROXY: 'none' },
      'corp.example/m',
      undefined,
      [],
      false,
    ],
    ['GONOSUMDB', { GONOSUMDB: 'corp.example' }, 'corp.example/m', undefined, [], false],
    ['* among others', { GOPRIVATE: 'team.example' }, 'team.example/m', 'team.example', ['plain'], true],
  ];
  for (const [name, env, module, privateBy, others, isPastProxies] of table) {
    const loaded = await load({ flags: { config }, env: { GOPROXY: '', ...env } });
    const { mirrors, ...route } = routeInConfig(module, loaded);
    assert.deepEqual(route, { privateBy, others, isPastProxies }, name);
    assert.equal(mirrors.length + others.length, loaded.chain.mirrors.length, name);
  }
});

test('a chain that came with the checkout hears of nothing that any of the three variables names', async (t) => {
  const { load, write } = await configUser(t);
  await write('src/project/.goproxy', 'proxy = https://theirs.example\n');
  const env = { GOPRIVATE: 'corp.example', GONOPROXY: 'none', GONOSUMDB: 'nosum.example, b.example' };
  const config = await load({ env });
  for (const [module, privateBy] of [
    ['corp.example/m', 'corp.example'],
    ['nosum.example/m', 'nosum.example'],
    ['b.example/m', 'b.example'],
  ] as const) {
    const { mirrors, ...route } = routeInConfig(module, config);
    assert.deepEqual(mirrors, []);
    assert.deepEqual(route, { privateBy, others: ['theirs.example'], isPastProxies: false });
  }
  assert.equal(routeInConfig('example.com/m', config).mirrors.length, 1);
});
