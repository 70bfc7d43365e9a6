import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { ChecksumDatabase } from '../../test/support/checksum-database.ts';
import { scriptedProxy, type ScriptedProxy } from '../../test/support/scripted-proxy.ts';
import type { Line, ScriptedUpstream } from '../../test/support/scripted-upstream.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import type { DatabaseItself } from '../mirrors/database-itself.ts';
import type { ModuleFile, SumdbFile } from '../gomod/module-file.ts';
import { remotePath } from '../gomod/remote-path.ts';

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
  const full: SumdbFile = { kind: 'sumdb-tile', db: DB, path: 'tile/1/0/000', data: false };
  const world = scriptedProxy(await tempFolder(t), { a: { script: serving(database()) } });
  assert.equal((await world.ask(full)).maxAgeS, 'immutable');
});

test('what cannot be proven is passed on and not kept', async (t) => {
  const data: SumdbFile = { kind: 'sumdb-tile', db: DB, path: 'tile/8/data/000.p/2', data: true };
  const beyond: SumdbFile = { kind: 'sumdb-tile', db: DB, path: 'tile/8/0/000.p/3', data: false };
  const made = database();
  const world = scriptedProxy(await tempFolder(t), {
    a: {
      script: (request, nth) =>
        request.path.endsWith('.p/3') ? { do: 'answer', body: 'x'.repeat(96) } : serving(made)(request, nth),
    },
  });
  for (const file of [data, beyond]) {
    assert.deepEqual([(await world.ask(file)).cache, (await world.ask(file)).cache], ['miss', 'miss']);
  }
  await world.proxy.idle();
  const kept = await Array.fromAsync(world.store.keys(''));
  assert.deepEqual(
    kept.filter((key) => key.includes('/tile/')),
    [],
  );
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
      a: {
        script: (request, nth) =>
          request.path === remotePath(file) ? { do: 'answer', body: wrong } : right(request, nth),
      },
      b: { script: right, tier: 1 },
    });
    await world.ask(file);
    const asked = world.upstreams['b']?.asked.filter(({ path }) => path === remotePath(file));
    assert.equal(asked?.length, 1, `${file.kind} ${wrong.slice(0, 20)}`);
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

test('offline: what is proven is answered, the rest is 404', async (t) => {
  const dir = await tempFolder(t);
  const world = scriptedProxy(dir, { a: { script: serving(database()) } });
  await world.ask(LOOKUP);
  await world.proxy.idle();
  const offline = scriptedProxy(dir, {}, { before: world, settings: { offline: true } });
  const other = { ...LOOKUP, version: 'v1.1.0' } as const;
  for (const file of [LOOKUP, TILE, LATEST])
    assert.equal((await offline.ask(file)).cache, 'offline', file.kind);
  assert.equal((await offline.ask(other)).said, 'E_OFFLINE');
  const far: SumdbFile = { kind: 'sumdb-tile', db: DB, path: 'tile/8/0/001', data: false };
  assert.equal((await offline.ask(far)).said, 'E_OFFLINE');
});

test('an empty file that go has just created in a shared folder is not a record', async (t) => {
  const world = scriptedProxy(await tempFolder(t), { a: { script: serving(database()) } });
  await world.store.put(`sumdb/${DB}/lookup/example.com/m@v1.0.0`, { bytes: Buffer.alloc(0) });
  assert.match((await world.ask(LOOKUP)).said, /^0\n/);
});

/** The database itself, and how often it was asked. */
function itself(made: ChecksumDatabase): DatabaseItself & { asked: string[] } {
  const asked: string[] = [];
  return {
    name: `${DB} itself`,
    asked,
    async ask(path) {
      asked.push(path);
      const { status, body } = made.answer(path);
      if (status === 200) return { kind: 'found', bytes: body };
      if (status === 404) return { kind: 'absent', words: 'not found: by itself' };
      return { kind: 'failed', why: `${status}` };
    },
    distrust: () => undefined,
    reconnect: () => undefined,
    close: () => Promise.resolve(),
  };
}

test('the database itself is asked where no mirror has it, and where they are silent for a second', async (t) => {
  for (const [line, afterMs] of [
    [NOT_FOUND, 0],
    [{ do: 'hang' }, 2000],
  ] as const) {
    const direct = itself(database());
    const world = scriptedProxy(
      await tempFolder(t),
      { a: { script: line }, b: { script: line } },
      { itself: { [DB]: direct } },
    );
    const startMs = world.clock.now();
    assert.match((await world.ask(LOOKUP)).said, /^0\nexample\.com\/m v1\.0\.0 h1:/);
    assert.ok(world.clock.now() - startMs <= afterMs + 100 * 3, `${world.clock.now() - startMs} ms`);
    assert.ok(direct.asked.includes('/lookup/example.com/m@v1.0.0'));
    assert.equal((await world.ask(SUPPORTED)).said, '');
  }
});

test('a mirror that answers leaves the database in peace', async (t) => {
  const direct = itself(database());
  const world = scriptedProxy(
    await tempFolder(t),
    { a: { script: serving(database()) } },
    { itself: { [DB]: direct } },
  );
  for (const file of [LOOKUP, TILE, LATEST, SUPPORTED]) await world.ask(file);
  assert.deepEqual(direct.asked, []);
});

test('what the database says of itself counts more than a 404 of mirrors that may not serve it', async (t) => {
  const unknown = { ...LOOKUP, version: 'v9.0.0' } as const;
  const world = scriptedProxy(
    await tempFolder(t),
    { a: { script: NOT_FOUND } },
    { itself: { [DB]: itself(database()) }, verifier: 'real' },
  );
  assert.equal((await world.ask(unknown)).said, 'E_NOT_FOUND');
  const mod: ModuleFile = { kind: 'mod', module: 'example.com/m', version: 'v9.0.0' };
  const serves = scriptedProxy(
    await tempFolder(t),
    { a: { script: ({ path }) => (path.startsWith('/sumdb/') ? NOT_FOUND : { do: 'answer' }) } },
    { itself: { [DB]: itself(database()) }, verifier: 'real' },
  );
  assert.equal((await serves.ask(mod)).said, 'E_NOT_IN_CHECKSUM_DB');
});

test('a private path is never asked of the database itself', async (t) => {
  const direct = itself(database());
  const world = scriptedProxy(
    await tempFolder(t),
    { a: { script: NOT_FOUND } },
    { itself: { [DB]: direct }, settings: { privatePatterns: 'example.com' } },
  );
  assert.equal((await world.ask(LOOKUP)).said, 'E_NOT_FOUND');
  assert.deepEqual(
    direct.asked.filter((path) => path.startsWith('/lookup/')),
    [],
  );
});

test('a database that was caught is served no more, and says so in every answer but supported', async (t) => {
  const fork = new ChecksumDatabase(DB);
  fork.add('example.com/evil', 'v1.0.0', H1, H1);
  fork.add('example.com/m', 'v1.2.0', H1, H1);
  fork.add('example.com/m', 'v1.3.0', H1, H1);
  const dir = await tempFolder(t);
  const world = scriptedProxy(dir, { a: { script: serving(database()) } });
  await world.ask(SUPPORTED);
  await world.ask(LOOKUP);
  const upstream = world.upstreams['a'] ?? assert.fail();
  upstream.script = serving(fork);
  assert.equal((await world.ask({ ...LOOKUP, version: 'v1.2.0' })).said, 'E_CHECKSUM_FORK');
  const security = world.events.find((event) => event.type === 'security');
  assert.ok(security?.kind === 'fork' && security.evidence?.includes(fork.treeHead().split('\n')[2] ?? '?'));
  upstream.script = serving(database());
  const restarted = scriptedProxy(dir, { a: { script: serving(database()) } }, { before: world });
  const refusedFiles: SumdbFile[] = [LOOKUP, TILE, LATEST];
  for (const each of [world, restarted]) {
    for (const refused of refusedFiles) {
      assert.equal((await each.ask(refused)).said, 'E_CHECKSUM_FORK');
    }
    assert.equal((await each.ask(SUPPORTED)).said, '');
  }
  assert.ok(world.views().every(({ status }) => status === 'HEALTHY'));
});

test('the copy is sealed behind the requests, and then one tree answers for all', async (t) => {
  const dir = await tempFolder(t);
  const made = database();
  const world = scriptedProxy(dir, { a: { script: serving(made) } });
  await world.ask(LOOKUP);
  const older = made.treeHead();
  await world.clock.advance(2000);
  await world.proxy.idle();
  const later = made.copy();
  later.add('example.com/m', 'v1.2.0', H1, H1);
  const upstream = world.upstreams['a'] ?? assert.fail();
  upstream.script = serving(later);
  // A record that the sealed tree has already is answered with that, whatever came along.
  const second = { ...LOOKUP, version: 'v1.1.0' } as const;
  assert.ok((await world.ask(second)).said.endsWith(older));
  assert.ok((await world.ask({ ...LOOKUP, version: 'v1.2.0' })).said.endsWith(later.treeHead()));
  await world.clock.advance(2000);
  await world.proxy.idle();
  allSay(world, DOWN);
  const offline = scriptedProxy(dir, {}, { before: world, settings: { offline: true } });
  for (const version of ['v1.0.0', 'v1.1.0', 'v1.2.0']) {
    assert.ok((await offline.ask({ ...LOOKUP, version })).said.endsWith(later.treeHead()), version);
  }
  assert.equal((await offline.ask(LATEST)).said, later.treeHead());
  assert.deepEqual(
    world.events.filter(({ type }) => type === 'notice'),
    [],
  );
});

test('a process that ends before it seals does so at its end, if the copy has all that it takes', async (t) => {
  const dir = await tempFolder(t);
  const world = scriptedProxy(dir, { a: { script: serving(database()) } });
  await world.ask(LOOKUP);
  await world.proxy.close();
  const sealed = (await world.store.getRecord(`databases/${DB}/@seal`)) as { text: string };
  assert.deepEqual(JSON.parse(sealed.text), { note: database().treeHead(), open: [] });
});

test('offline a database is supported where the copy has any record of it', async (t) => {
  const dir = await tempFolder(t);
  const empty = scriptedProxy(dir, {}, { settings: { offline: true } });
  assert.equal((await empty.ask(SUPPORTED)).said, 'E_NOT_FOUND');
  const body = database().answer('/lookup/example.com/m@v1.0.0').body;
  await empty.store.put(`sumdb/${DB}/lookup/example.com/m@v1.0.0`, { bytes: body });
  assert.equal((await empty.ask(SUPPORTED)).said, '');
  // What came from elsewhere and cannot be proven here is answered as it is: go proves it, or not.
  assert.equal((await empty.ask(LOOKUP)).said, body.toString());
});
