import { english } from '../../test/support/english.ts';
import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { RondoError } from '../errors/rondo-error.ts';
import { loadKeptChains, saveKeptChain } from './kept-chain.ts';
import { configUser } from '../../test/support/config-user.ts';

test('the chain survives its own line being pasted', async (t) => {
  const { load, home } = await configUser(t);
  const env = { GOPROXY: 'https://me:secret@corp.example/go,https://b.example|direct' };
  const { chain } = await load({ env });
  const address = { host: '127.0.0.1', port: 7070 };
  await saveKeptChain(join(home, 'state'), address, chain);
  const mode = (await stat(join(home, 'state', 'chains.json'))).mode;
  assert.equal(process.platform === 'win32' || (mode & 0o077) === 0, true, 'it holds a secret');
  const pasted = {
    user: new Map([['GOPROXY', 'http://127.0.0.1:7070|direct']]),
    goroot: new Map<string, string>(),
  };
  const again = await load({ env: {}, go: pasted });
  assert.deepEqual(again.chain.mirrors, chain.mirrors);
  assert.deepEqual([again.chain.end, again.chain.endSeparator], ['direct', '|']);
});

test('a loopback setting that refuses is asked once, and only where it counts', async (t) => {
  const { load } = await configUser(t);
  const go = {
    user: new Map([['GOPROXY', 'http://127.0.0.1:7999,direct']]),
    goroot: new Map<string, string>(),
  };
  const asked: string[] = [];
  const refuses = (host: string, port: number): Promise<boolean> => {
    asked.push(`${host}:${port}`);
    return Promise.resolve(true);
  };
  await load({ go, refuses });
  assert.deepEqual(asked, []);
  await assert.rejects(
    load({ env: {}, go, refuses }),
    (error) => error instanceof RondoError && error.code === 'E_NO_CHAIN',
  );
  assert.deepEqual(asked, ['127.0.0.1:7999']);
  const offline = await load({ env: {}, go, refuses, chainNeeded: false });
  assert.deepEqual([offline.chain.mirrors, offline.warnings.length], [[], 1]);
});

test('of the kept chains the newest 16 remain, one an address', async (t) => {
  const { load, home } = await configUser(t);
  const { chain } = await load();
  const state = join(home, 'state');
  for (let port = 1; port <= 20; port += 1) await saveKeptChain(state, { host: 'h', port }, chain);
  await saveKeptChain(state, { host: 'h', port: 10 }, chain);
  const ports = (await loadKeptChains(state)).kept.map(({ address }) => address.port);
  assert.deepEqual(ports, [10, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 9, 8, 7, 6, 5]);
});

test('a file that is not ours is not used, with a warning, and never replaced', async (t) => {
  const { load, write, home } = await configUser(t);
  const { chain } = await load();
  const state = join(home, 'state');
  for (const [content, why] of [
    ['', 'it is not JSON'],
    ['{', 'it is not JSON'],
    ['{"version":2,"chains":{}}', "another version of Rondo's"],
    ['{"version":1,"chains":{}}', 'it has another form'],
  ] as const) {
    const path = await write('state/chains.json', content);
    const warning = `${path} is not a list of kept chains that this Rondo can read (${why})`;
    const { kept, warnings } = await loadKeptChains(state);
    assert.deepEqual([kept, english(warnings)], [[], [`${warning}: it is not used`]]);
    assert.deepEqual(english((await load()).warnings), [`${warning}: it is not used`]);
    await assert.rejects(saveKeptChain(state, { host: 'h', port: 1 }, chain), {
      code: 'E_CONFIG',
      message: warning,
      hint: `move it away: mv ${path} ${path}.old`,
    });
    assert.equal(await readFile(path, 'utf8'), content);
  }
});

test('a chain that cannot be read takes no other with it', async (t) => {
  const { load, write, home } = await configUser(t);
  const state = join(home, 'state');
  await saveKeptChain(state, { host: 'h', port: 1 }, (await load()).chain);
  const written = JSON.parse(await readFile(join(state, 'chains.json'), 'utf8')) as { chains: object[] };
  const broken = { ...written.chains[0], mirrors: [{ url: 'javascript:1' }] };
  await write('state/chains.json', JSON.stringify({ ...written, chains: [broken, 7, ...written.chains] }));
  const { kept, warnings } = await loadKeptChains(state);
  assert.deepEqual([kept.map(({ address }) => address.port), warnings], [[1], []]);
});

test('what a checkout brought, or what stood in for a lost chain, is never kept', async (t) => {
  const { load, write, home } = await configUser(t);
  const state = join(home, 'state');
  const address = { host: '127.0.0.1', port: 7070 };
  const mine = (await load()).chain;
  assert.equal(await saveKeptChain(state, address, mine), true);
  await write('src/project/.goproxy', 'proxy = https://evil.example\n');
  const { chain: theirs } = await load({ env: {} });
  assert.deepEqual([theirs.trusted, await saveKeptChain(state, address, theirs)], [false, false]);
  assert.equal(await saveKeptChain(state, { ...address, port: 7071 }, { ...mine, standIn: true }), false);
  const names = (await loadKeptChains(state)).kept.map(({ chain }) => chain.mirrors[0]?.name);
  assert.deepEqual(names, ['a.example'], 'what was kept before stays');
});

test('an untrusted chain that an older Rondo kept is not used', async (t) => {
  const { load, write, home } = await configUser(t);
  await saveKeptChain(join(home, 'state'), { host: '127.0.0.1', port: 7070 }, (await load()).chain);
  const path = join(home, 'state', 'chains.json');
  const content = (await readFile(path, 'utf8')).replace('"trusted": true', '"trusted": false');
  await write('state/chains.json', content);
  assert.deepEqual((await loadKeptChains(join(home, 'state'))).kept, []);
  await assert.rejects(
    load({ env: { GOPROXY: 'http://127.0.0.1:7070' } }),
    (error) => error instanceof RondoError && error.code === 'E_NO_CHAIN',
  );
});
