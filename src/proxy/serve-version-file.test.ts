import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PROXY_DEFAULTS, scriptedProxy } from '../../test/support/scripted-proxy.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { settle } from '../../test/support/virtual-clock.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import { storeKey } from '../gomod/store-key.ts';
import type { Store } from '../store/store.ts';
import type { Verifier } from '../verify/verifier.ts';

const MOD: VersionFile = { kind: 'mod', module: 'example.com/m', version: 'v1.0.0' };
const TEXT = 'module example.com/m\n';
const MIRRORS = { a: { script: { do: 'answer', body: TEXT } } } as const;

test('what the copy answers counts as asked for: at once where it is recalled, and before it is looked at', async (t) => {
  const world = scriptedProxy(await tempFolder(t), MIRRORS);
  await world.ask(MOD);
  await world.proxy.idle();
  assert.deepEqual(world.requested, [], 'the put itself says that it came');
  const answer = world.proxy.answer(MOD, { headOnly: false, fetchAllowed: true, via: undefined });
  assert.ok('kind' in answer, 'nothing is waited for');
  assert.deepEqual(world.requested, [storeKey(MOD)]);
  const again = scriptedProxy(await tempFolder(t), MIRRORS, { before: world });
  assert.equal((await again.ask(MOD)).cache, 'hit');
  assert.deepEqual(again.requested, [storeKey(MOD)]);
});

test('what nobody has proven is checked once, however many ask for it at the same time', async (t) => {
  let judged = 0;
  const right = { kind: 'right', verified: 'first-use', h1: 'h1:m' } as const;
  const verifier: Verifier = {
    expect: () => Promise.resolve({ kind: 'exempt' }),
    judge() {
      judged += 1;
      return Promise.resolve(right);
    },
    load: () => ({ waiting: 0, running: 0 }),
    close: () => Promise.resolve(),
  };
  const world = scriptedProxy(await tempFolder(t), MIRRORS, { verifier });
  await world.store.put(storeKey(MOD), { bytes: Buffer.from(TEXT) });
  const asked = await Promise.all([1, 2, 3, 4].map(() => world.ask(MOD)));
  for (const each of asked) assert.deepEqual(each, { said: TEXT, cache: 'hit' });
  await world.ask(MOD);
  assert.equal(judged, 1);
});

test('HEADs of one cold file are one question, which ends when the last client has gone', async (t) => {
  const world = scriptedProxy(await tempFolder(t), { a: { script: { do: 'hang' } } });
  const clients = [1, 2, 3].map(() => new AbortController());
  const asking = clients.map(({ signal }) =>
    Promise.resolve(
      world.proxy.answer(MOD, { headOnly: true, fetchAllowed: true, via: undefined, signal }),
    ).then(
      () => 'answered',
      (error: unknown) => String(error),
    ),
  );
  const { a } = world.upstreams;
  await world.clock.advance(1000);
  assert.deepEqual(
    a?.asked.map(({ method }) => method),
    ['HEAD'],
  );
  for (const client of clients.slice(1)) client.abort(new Error('gone'));
  await world.clock.advance(0);
  assert.equal(a.cancelled, 0);
  clients[0]?.abort(new Error('gone'));
  await world.clock.advance(0);
  assert.equal(a.cancelled, 1);
  assert.deepEqual(await Promise.all(asking), ['Error: gone', 'Error: gone', 'Error: gone']);
  a.script = () => ({ do: 'answer', body: TEXT });
  assert.equal((await world.ask(MOD, { headOnly: true })).said, `head ${TEXT.length}`);
  assert.equal(a.asked.length, 2);
});

test('a disk that takes its time, or for ever, costs no client anything', async (t) => {
  const stuck = (memory: Store): Store => ({ ...memory, put: () => new Promise(() => undefined) });
  const world = scriptedProxy(await tempFolder(t), MIRRORS, { store: stuck });
  assert.deepEqual(await world.ask(MOD), { said: TEXT, cache: 'miss' });
  assert.deepEqual(await world.ask(MOD), { said: TEXT, cache: 'coalesced' });
  assert.equal(world.upstreams['a']?.asked.length, 1);
});

test('a copy that takes nothing costs the next client another fetch', async (t) => {
  const full = (memory: Store): Store => ({
    ...memory,
    put: () => Promise.reject(new RondoError('E_STORE', 'the disk is full')),
    putRecord: () => Promise.reject(new RondoError('E_STORE', 'the disk is full')),
  });
  const world = scriptedProxy(await tempFolder(t), MIRRORS, { store: full });
  for (let n = 1; n <= 2; n += 1) {
    assert.deepEqual(await world.ask(MOD), { said: TEXT, cache: 'miss' });
    assert.equal(world.upstreams['a']?.asked.length, n);
  }
});

test('what was right without the database is checked again once the database counts', async (t) => {
  const lax = { ...PROXY_DEFAULTS, verify: { ...PROXY_DEFAULTS.verify, exemptAll: true } };
  const world = scriptedProxy(await tempFolder(t), MIRRORS, { settings: lax, verifier: 'real' });
  assert.deepEqual(await world.ask(MOD), { said: TEXT, cache: 'miss' });
  await world.proxy.idle();
  world.proxy.replace({ ...lax, holdMs: 1 });
  assert.deepEqual(await world.ask(MOD), { said: TEXT, cache: 'hit' });
  world.proxy.replace(PROXY_DEFAULTS);
  assert.deepEqual(await world.ask(MOD), { said: 'E_CHECKSUM_DB_UNREACHABLE' });
  world.proxy.replace(lax);
  assert.deepEqual(await world.ask(MOD), { said: TEXT, cache: 'hit' });
});

test('what was judged before the database counted, and came after, is not taken for proven', async (t) => {
  const lax = { ...PROXY_DEFAULTS, verify: { ...PROXY_DEFAULTS.verify, exemptAll: true } };
  const slow = { a: { script: { do: 'answer', body: TEXT, afterMs: 500 } } } as const;
  const world = scriptedProxy(await tempFolder(t), slow, { settings: lax, verifier: 'real' });
  const asked = world.ask(MOD);
  await settle();
  world.proxy.replace(PROXY_DEFAULTS);
  assert.deepEqual(await asked, { said: TEXT, cache: 'miss' }, 'it goes on as it was begun');
  await world.proxy.idle();
  assert.deepEqual(await world.ask(MOD), { said: 'E_CHECKSUM_DB_UNREACHABLE' });
});
