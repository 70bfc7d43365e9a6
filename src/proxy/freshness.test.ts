import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { scriptedProxy, type ScriptedProxy } from '../../test/support/scripted-proxy.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import type { ModuleFile } from '../gomod/module-file.ts';

const LIST: ModuleFile = { kind: 'list', module: 'example.com/m' };
const LATEST: ModuleFile = { kind: 'latest', module: 'example.com/m' };
const QUERY: ModuleFile = { kind: 'query', module: 'example.com/m', query: 'main' };
const DOWN: Line = { do: 'other', outcome: OUTCOMES.unavailable };
const GONE: Line = { do: 'other', outcome: OUTCOMES.notFound, words: 'not found: gone' };
const info = (version: string): string => `{"Version":"${version}"}`;
const says = (body: string, afterMs = 40): Line => ({ do: 'answer', body, afterMs });

function nowSays(world: ScriptedProxy, script: Line): void {
  for (const upstream of Object.values(world.upstreams)) upstream.script = () => script;
}

test('a list is fresh for 60 s, and one upstream request serves that minute', async (t) => {
  const world = scriptedProxy(await tempFolder(t), { a: { script: says('v1.0.0\n') } });
  assert.deepEqual(await world.ask(LIST), { said: 'v1.0.0\n', cache: 'miss', maxAgeS: 60 });
  await world.clock.advance(20_000);
  assert.deepEqual(await world.ask(LIST), { said: 'v1.0.0\n', cache: 'hit', maxAgeS: 39 });
  assert.equal(world.upstreams['a']?.asked.length, 1);
  nowSays(world, says('v1.0.0\nv1.1.0\n'));
  await world.clock.advance(45_000);
  assert.equal((await world.ask(LIST)).said, 'v1.0.0\nv1.1.0\n');
});

test('a slow refresh: the stale answer after 1 s, the new one for the next client', async (t) => {
  const world = scriptedProxy(await tempFolder(t), { a: { script: says('v1.0.0\n') } });
  await world.ask(LIST);
  await world.clock.advance(61_000);
  nowSays(world, says('v1.0.0\nv1.1.0\n', 2500));
  const beforeMs = world.clock.now();
  assert.deepEqual(await world.ask(LIST), { said: 'v1.0.0\n', cache: 'stale', maxAgeS: 0 });
  assert.equal(world.clock.now() - beforeMs, 1000);
  await world.clock.advance(3000);
  assert.equal((await world.ask(LIST)).said, 'v1.0.0\nv1.1.0\n');
  assert.equal(world.upstreams['a']?.asked.length, 2);
});

test('an outage: list and @latest however old, a query within its day', async (t) => {
  const dir = await tempFolder(t);
  const world = scriptedProxy(dir, { a: { script: says('v1.0.0\n') } });
  await world.ask(LIST);
  nowSays(world, says(info('v1.0.0')));
  await world.ask(LATEST);
  nowSays(world, says(info('v0.0.0-20250101000000-0123456789ab')));
  await world.ask(QUERY);
  nowSays(world, DOWN);
  await world.clock.advance(23 * 3_600_000);
  for (const file of [LIST, LATEST, QUERY]) assert.equal((await world.ask(file)).cache, 'stale', file.kind);
  await world.clock.advance(2 * 3_600_000);
  const after = scriptedProxy(dir, { a: { script: DOWN } }, { before: world });
  assert.equal((await after.ask(LIST)).cache, 'stale');
  assert.equal((await after.ask(LATEST)).cache, 'stale');
  assert.match((await after.ask(QUERY)).said, /^E_NO_/);
});

test('nobody may be asked: who has an old answer gets it at once, who has none waits for the next trial', async (t) => {
  const world = scriptedProxy(await tempFolder(t), { a: { script: says('v1.0.0\n') } });
  await world.ask(LIST);
  await world.clock.advance(61_000);
  nowSays(world, DOWN);
  // The first opens the gate, the second is a trial.
  for (let n = 0; n < 2; n += 1) assert.match((await world.ask(LATEST)).said, /^E_NO_/);
  nowSays(world, says(info('v1.0.0')));
  const beforeMs = world.clock.now();
  assert.equal((await world.ask(LIST)).cache, 'stale');
  assert.equal(world.clock.now(), beforeMs);
  assert.equal((await world.ask(LATEST)).said, info('v1.0.0'));
  assert.ok(world.clock.now() - beforeMs >= 1000, 'a trial a second');
});

test('a wall clock that jumps back does not make an answer fresh for ever', async (t) => {
  const world = scriptedProxy(await tempFolder(t), { a: { script: says('v1.0.0\n') } });
  await world.ask(LIST);
  world.clock.wallJump(-3_600_000);
  nowSays(world, says('v1.0.0\nv1.1.0\n'));
  assert.equal((await world.ask(LIST)).said, 'v1.0.0\nv1.1.0\n');
});

test('404 by agreement drops an answer after 10 min, and is only replayed when mirrors are down', async (t) => {
  const world = scriptedProxy(await tempFolder(t), {
    a: { script: says('v1.0.0\n') },
    b: { script: says('v1.0.0\n') },
  });
  await world.ask(LIST);
  nowSays(world, GONE);
  await world.clock.advance(61_000);
  assert.equal((await world.ask(LIST)).cache, 'stale', 'one bad hour of the mirrors loses nothing');
  await world.clock.advance(601_000);
  assert.equal((await world.ask(LIST)).said, 'E_NOT_FOUND');
  nowSays(world, DOWN);
  assert.equal((await world.ask(LIST)).said, 'E_NOT_FOUND', 'replayed');
  nowSays(world, says('v1.0.0\n'));
  await world.clock.advance(60_000);
  assert.equal((await world.ask(LIST)).said, 'v1.0.0\n', 'never cached');
});

test('a 404 is replayed for the mirrors that gave it alone, also where a reload comes in between', async (t) => {
  const dir = await tempFolder(t);
  const world = scriptedProxy(dir, { a: { script: GONE } });
  assert.equal((await world.ask(LIST)).said, 'E_NOT_FOUND');
  world.replace({ b: { script: DOWN } });
  assert.match((await world.ask(LIST)).said, /^E_NO_/, 'of b nothing is known');
  world.replace({ renamed: { script: DOWN, host: 'a.test' } });
  assert.equal((await world.ask(LIST)).said, 'E_NOT_FOUND', 'the same mirror by another name');
  // What was asked before the reload is answered by those of before.
  world.replace({ a: { script: { ...GONE, afterMs: 2000 } } }, {}, true);
  const asked = world.ask(QUERY);
  await world.clock.advance(1000);
  world.replace({ b: { script: DOWN } });
  assert.equal((await asked).said, 'E_NOT_FOUND');
  assert.match((await world.ask(QUERY)).said, /^E_NO_/);
  await world.proxy.close();
  const next = scriptedProxy(dir, { b: { script: DOWN } }, { before: world });
  assert.match((await next.ask(LIST)).said, /^E_NO_/, 'nor after a restart');
});

test('where no mirror carries a module nobody has said that it is gone', async (t) => {
  const dir = await tempFolder(t);
  const world = scriptedProxy(dir, { a: { script: says('v1.0.0\n') } });
  await world.ask(LIST);
  world.replace({ own: { script: DOWN, match: 'corp.example' } });
  for (const waitMs of [61_000, 601_000, 601_000]) {
    await world.clock.advance(waitMs);
    assert.equal((await world.ask(LIST)).cache, 'stale', 'the answer is not dropped');
  }
  assert.equal((await world.ask(LATEST)).said, 'E_NOT_FOUND');
  await world.proxy.close();
  const next = scriptedProxy(dir, { a: { script: DOWN } }, { before: world });
  assert.match((await next.ask(LATEST)).said, /^E_NO_/);
});

test('an answer that comes back after a 404 is not dropped by the 404s of long ago', async (t) => {
  const world = scriptedProxy(await tempFolder(t), { a: { script: says('v1.0.0\n') } });
  await world.ask(LIST);
  nowSays(world, GONE);
  await world.clock.advance(61_000);
  await world.ask(LIST);
  nowSays(world, says('v1.0.0\n'));
  await world.clock.advance(1000);
  await world.ask(LIST);
  nowSays(world, GONE);
  await world.clock.advance(700_000);
  assert.equal((await world.ask(LIST)).cache, 'stale');
});

test('an outage never turns into a 404, and a soft failure of content goes to another mirror', async (t) => {
  const world = scriptedProxy(await tempFolder(t), { a: { script: DOWN }, b: { script: DOWN } });
  assert.match((await world.ask(LIST)).said, /^E_NO_/);
  const html = scriptedProxy(await tempFolder(t), {
    a: { script: says('<html>login</html>') },
    b: { script: says('v1.0.0\n'), tier: 1 },
  });
  assert.equal((await html.ask(LIST)).said, 'v1.0.0\n');
});

test('the published list leaves pseudo-versions out; @latest is worked out from the unfiltered one', async (t) => {
  const pseudo = 'v0.0.0-20250101000000-0123456789ab';
  const script = (request: { path: string }): Line => {
    if (request.path.endsWith('/@latest')) return GONE;
    return request.path.endsWith('/list') ? says(`${pseudo}\n`) : says(info(pseudo));
  };
  const world = scriptedProxy(await tempFolder(t), { a: { script }, b: { script } });
  assert.equal((await world.ask(LIST)).said, '');
  assert.equal((await world.ask(LATEST)).said, info(pseudo));
});

test('a client that may not fetch, or --offline: what is held, never a version that is not', async (t) => {
  const dir = await tempFolder(t);
  const script = (request: { path: string }): Line => {
    if (request.path.endsWith('/list')) return says('v1.0.0\nv1.1.0\n');
    return request.path.endsWith('/@latest') ? says(info('v1.1.0')) : says(info('v1.0.0'));
  };
  const world = scriptedProxy(dir, { a: { script } });
  assert.equal((await world.ask(LIST, { fetchAllowed: false })).said, 'E_OFFLINE');
  for (const file of [LIST, LATEST]) await world.ask(file);
  assert.equal((await world.ask(LATEST, { fetchAllowed: false })).said, 'E_OFFLINE');
  assert.equal(
    (await world.ask(LIST, { fetchAllowed: false })).said,
    'v1.0.0\nv1.1.0\n',
    'nothing held: their list',
  );
  for (const kind of ['info', 'mod'] as const)
    await world.ask({ kind, module: 'example.com/m', version: 'v1.0.0' });
  const offline = scriptedProxy(dir, { a: { script: DOWN } }, { before: world, settings: { offline: true } });
  assert.deepEqual(await offline.ask(LIST), { said: 'v1.0.0\n', cache: 'offline', maxAgeS: 0 });
  assert.deepEqual(await offline.ask(LATEST), { said: info('v1.0.0'), cache: 'offline', maxAgeS: 0 });
  assert.equal(
    (await offline.ask({ kind: 'zip', module: 'example.com/m', version: 'v1.0.0' })).said,
    'E_OFFLINE',
  );
  assert.equal(offline.upstreams['a']?.asked.length, 0);
});

test('HEAD of a cold file asks a mirror for its head and keeps nothing', async (t) => {
  const world = scriptedProxy(await tempFolder(t), { a: { script: says('x'.repeat(100)) } });
  const zip = { kind: 'zip', module: 'example.com/m', version: 'v1.0.0' } as const;
  assert.equal((await world.ask(zip, { headOnly: true })).said, 'head 100');
  assert.equal(world.upstreams['a']?.asked[0]?.method, 'HEAD');
  assert.equal((await world.ask(zip, { fetchAllowed: false })).said, 'E_OFFLINE');
});

test('an outage before anybody asked for the list: the versions that are held', async (t) => {
  const dir = await tempFolder(t);
  const world = scriptedProxy(dir, { a: { script: says(info('v1.0.0')) } });
  for (const kind of ['info', 'mod'] as const)
    await world.ask({ kind, module: 'example.com/m', version: 'v1.0.0' });
  nowSays(world, DOWN);
  assert.deepEqual(await world.ask(LIST), { said: 'v1.0.0\n', cache: 'stale', maxAgeS: 0 });
  assert.deepEqual(await world.ask(LATEST), { said: info('v1.0.0'), cache: 'stale', maxAgeS: 0 });
});

test('a list that may have been cut in the middle of a line goes to another mirror', async (t) => {
  const world = scriptedProxy(await tempFolder(t), {
    a: { script: { do: 'answer', body: 'v1.2.9\nv1.2.1', unannounced: true } },
    b: { script: says('v1.2.9\nv1.2.10\n'), tier: 1 },
  });
  assert.equal((await world.ask(LIST)).said, 'v1.2.9\nv1.2.10\n');
});

test('a slow agreement on 404 ages the kept answer, although its clients got the stale one', async (t) => {
  const world = scriptedProxy(await tempFolder(t), { a: { script: says('v1.0.0\n') } });
  await world.ask(LIST);
  nowSays(world, { ...GONE, afterMs: 1500 });
  await world.clock.advance(61_000);
  assert.equal((await world.ask(LIST)).cache, 'stale');
  await world.clock.advance(700_000);
  assert.equal((await world.ask(LIST)).cache, 'stale', 'the second 404 is still on its way');
  await world.clock.advance(5000);
  assert.equal((await world.ask(LIST)).said, 'E_NOT_FOUND');
});
