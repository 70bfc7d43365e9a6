import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { ChecksumDatabase } from '../../test/support/checksum-database.ts';
import { scriptedProxy, type ScriptedProxy } from '../../test/support/scripted-proxy.ts';
import type { Line, ScriptedUpstream } from '../../test/support/scripted-upstream.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import type { SumdbFile } from '../gomod/module-file.ts';

const DB = 'sum.rondo.test';
const H1 = 'h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
const LOOKUP: SumdbFile = { kind: 'sumdb-lookup', db: DB, module: 'example.com/m', version: 'v1.0.0' };
const TILE: SumdbFile = { kind: 'sumdb-tile', db: DB, path: 'tile/8/0/000.p/2', data: false };
const LATEST: SumdbFile = { kind: 'sumdb-latest', db: DB };
const SUPPORTED: SumdbFile = { kind: 'sumdb-supported', db: DB };
const DOWN: Line = { do: 'other', outcome: OUTCOMES.unavailable };
const NOT_FOUND: Line = { do: 'other', outcome: OUTCOMES.notFound, words: 'not found: 404 page not found' };

function database(): ChecksumDatabase {
  const made = new ChecksumDatabase(DB);
  made.add('example.com/m', 'v1.0.0', H1, H1);
  made.add('example.com/m', 'v1.1.0', H1, H1);
  return made;
}

/** A mirror that serves the database. */
function serving(made: ChecksumDatabase): ScriptedUpstream['script'] {
  return ({ path }) => {
    const { status, body } = made.answer(path.slice(`/sumdb/${DB}`.length));
    if (status === 200) return { do: 'answer', body };
    return { do: 'other', outcome: OUTCOMES.notFound, words: body.toString('utf8').trim() };
  };
}

function allSay(world: ScriptedProxy, line: Line): void {
  for (const upstream of Object.values(world.upstreams)) upstream.script = () => line;
}

test('records and tiles are kept for ever, the tree head for 60 s', async (t) => {
  const made = database();
  const world = scriptedProxy(await tempFolder(t), { a: { script: serving(made) } });
  const lookup = await world.ask(LOOKUP);
  assert.match(lookup.said, /^0\nexample\.com\/m v1\.0\.0 h1:/);
  assert.deepEqual([lookup.cache, lookup.maxAgeS], ['miss', 86_400]);
  assert.deepEqual([(await world.ask(TILE)).maxAgeS, (await world.ask(LATEST)).maxAgeS], [86_400, 60]);
  allSay(world, DOWN);
  await world.clock.advance(59_000);
  assert.deepEqual([(await world.ask(LATEST)).cache, (await world.ask(LOOKUP)).cache], ['hit', 'hit']);
  await world.clock.advance(365 * 24 * 3_600_000);
  assert.deepEqual([(await world.ask(TILE)).cache, (await world.ask(LATEST)).cache], ['hit', 'stale']);
});

test('only a full tile is immutable: a wider one says more than a partial one', async (t) => {
  const full: SumdbFile = { kind: 'sumdb-tile', db: DB, path: 'tile/8/0/000', data: false };
  const world = scriptedProxy(await tempFolder(t), {
    a: { script: { do: 'answer', body: 'x'.repeat(256 * 32) } },
  });
  assert.equal((await world.ask(full)).maxAgeS, 'immutable');
});

test('content of the wrong form is a failure of its mirror', async (t) => {
  const right = serving(database());
  for (const [file, wrong] of [
    [LOOKUP, 'hello'],
    [LOOKUP, `1\nexample.com/m v1.1.0 ${H1}\nexample.com/m v1.1.0/go.mod ${H1}\n\nnote\n`],
    [TILE, 'x'.repeat(63)],
    [TILE, 'x'.repeat(65)],
    [LATEST, '<html>'],
  ] as const) {
    const world = scriptedProxy(await tempFolder(t), {
      a: { script: { do: 'answer', body: wrong } },
      b: { script: right, tier: 1 },
    });
    await world.ask(file);
    assert.equal(world.upstreams['b']?.asked.length, 1, `${file.kind} ${wrong.slice(0, 20)}`);
  }
});

test('a mirror without the database does not hide one that has it', async (t) => {
  const world = scriptedProxy(await tempFolder(t), {
    a: { script: NOT_FOUND },
    b: { script: NOT_FOUND },
    c: { script: serving(database()) },
  });
  assert.match((await world.ask(LOOKUP)).said, /^0\n/);
});

test('supported: 200 once a mirror serves it, for good; never a 5xx', async (t) => {
  const dir = await tempFolder(t);
  const none = scriptedProxy(dir, { a: { script: DOWN } });
  assert.equal((await none.ask(SUPPORTED)).said, 'E_NOT_FOUND');
  const world = scriptedProxy(dir, { a: { script: serving(database()) } });
  assert.equal((await world.ask(SUPPORTED)).said, '');
  allSay(world, DOWN);
  await world.clock.advance(3_600_000);
  assert.equal((await world.ask(SUPPORTED)).said, '');
  const offline = scriptedProxy(dir, {}, { before: world, settings: { offline: true } });
  assert.equal((await offline.ask(SUPPORTED)).said, '');
});

test('offline: what passed through is answered, the rest is 404', async (t) => {
  const dir = await tempFolder(t);
  const world = scriptedProxy(dir, { a: { script: serving(database()) } });
  await world.ask(LOOKUP);
  const offline = scriptedProxy(dir, {}, { before: world, settings: { offline: true } });
  assert.equal((await offline.ask(LOOKUP)).cache, 'offline');
  assert.equal((await offline.ask(TILE)).said, 'E_OFFLINE');
  assert.equal((await offline.ask(LATEST)).said, 'E_OFFLINE');
});

test('an empty file that go has just created in a shared folder is not a record', async (t) => {
  const world = scriptedProxy(await tempFolder(t), { a: { script: serving(database()) } });
  await world.store.put(`sumdb/${DB}/lookup/example.com/m@v1.0.0`, { bytes: Buffer.alloc(0) });
  assert.match((await world.ask(LOOKUP)).said, /^0\n/);
});
