import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  codeOf,
  FORGED,
  grow,
  H1,
  HONEST,
  LOCAL,
  lookup,
  lying,
  REACH,
  saidOf,
  tile,
  truth,
  world,
} from '../../test/support/database-world.ts';
import { emptyMemory, type DatabaseSource } from '../../test/support/memory-database-ops.ts';
import { formatLookup } from './prove-record.ts';

test('a record is proven in the signed tree, and what proved it is kept', async () => {
  const { client, ops } = world({ a: HONEST });
  assert.equal(await saidOf(client, 300), truth(300));
  assert.deepEqual([...ops.memory.cache.keys()].sort(), [
    '/lookup/example.com/m300@v1.0.0',
    '/tile/8/0/001',
    '/tile/8/0/002.p/88',
    '/tile/8/1/000.p/2',
  ]);
  assert.equal(ops.memory.config.get('latest'), HONEST.treeHead());
  const kept = ops.memory.cache.get('/lookup/example.com/m300@v1.0.0')?.bytes.toString();
  assert.equal(kept, formatLookup({ id: 300, text: truth(300), note: HONEST.treeHead() }));
  // The next one needs its own tile and nothing else.
  ops.asked.length = 0;
  assert.equal(await saidOf(client, 301), truth(301));
  assert.equal(await saidOf(client, 7), truth(7));
  assert.deepEqual(ops.asked, [
    'a /lookup/example.com/m301@v1.0.0',
    'a /lookup/example.com/m7@v1.0.0',
    'a /tile/8/0/000',
  ]);
});

test('one lookup of a key at a time', async () => {
  const { client, ops } = world({ a: HONEST });
  const answers = await Promise.all(Array.from({ length: 20 }, () => saidOf(client, 5)));
  assert.deepEqual(
    answers,
    Array.from({ length: 20 }, () => truth(5)),
  );
  assert.equal(ops.asked.filter((each) => each.includes('/lookup/')).length, 1);
  assert.equal(new Set(ops.asked).size, ops.asked.length);
});

test('a version that the database does not know is absent, in its own words', async () => {
  const { client } = world({ a: HONEST });
  const file = { ...lookup(1), version: 'v9.0.0' };
  const found = await client.lookup(file, REACH);
  assert.equal(found.kind === 'absent' && found.words.startsWith('not found: example.com/m1@v9.0.0'), true);
});

test('a stale tree that has the record is as good, and never takes the newest one back', async () => {
  const { client, ops } = world({ a: lying({ kind: 'stale-head', size: 400 }) });
  assert.equal(await saidOf(client, 300), truth(300));
  assert.equal(ops.memory.config.get('latest'), HONEST.treeHead(400));
  ops.sources = { a: HONEST };
  assert.equal(await saidOf(client, 500), truth(500));
  ops.sources = { a: lying({ kind: 'stale-head', size: 450 }) };
  assert.equal(await saidOf(client, 301), truth(301));
  assert.equal(ops.memory.config.get('latest'), HONEST.treeHead());
  assert.deepEqual(ops.lies, []);
});

test('a partial tile that is 404 where the complete one exists is cut from that one', async () => {
  const grown = grow(HONEST.copy(), 300);
  const stale = HONEST.copy();
  const tiles = grown.copy();
  tiles.lie({ kind: 'only-full-tiles' });
  const source: DatabaseSource = {
    answer: (path) => (path.startsWith('/tile/') ? tiles : stale).answer(path),
  };
  const { client, ops } = world({ a: source });
  assert.equal(await saidOf(client, 520), truth(520));
  assert.ok(ops.asked.includes('a /tile/8/0/002.p/88') && ops.asked.includes('a /tile/8/0/002'));
  // Of the complete one only what the tree proves is kept.
  assert.deepEqual(
    ops.memory.cache.get('/tile/8/0/002.p/88')?.bytes,
    HONEST.answer('/tile/8/0/002.p/88').body,
  );
  assert.equal(ops.memory.cache.has('/tile/8/0/002'), false);
});

test('tiles of every height are proven; those that cannot be are beyond', async () => {
  const { client, ops } = world({
    liar: lying({ kind: 'wrong-tile' }),
    honest: HONEST,
  });
  await client.refresh(REACH);
  for (const path of [
    'tile/8/0/000',
    'tile/8/0/001.p/9',
    'tile/8/0/002.p/88',
    'tile/8/1/000.p/2',
    'tile/1/0/123',
    'tile/3/1/008',
    'tile/3/2/001.p/1',
    'tile/2/4/000.p/2',
    'tile/10/0/000.p/600',
    'tile/15/0/000.p/77',
  ]) {
    const answer = await client.tile(tile(path), REACH);
    assert.notEqual(answer, 'beyond', path);
    if (answer !== 'beyond') assert.deepEqual(answer.bytes, HONEST.answer(`/${path}`).body, path);
  }
  for (const path of [
    'tile/8/data/000',
    'tile/16/0/000.p/600',
    'tile/8/0/002.p/89',
    'tile/8/3/000.p/1',
    'tile/8/6/000',
  ]) {
    assert.equal(await client.tile(tile(path), REACH), 'beyond', path);
  }
  assert.deepEqual(new Set(ops.lies.map(({ source }) => source)), new Set(['liar']));
  assert.ok(![...ops.memory.cache.keys()].some((path) => path.includes('data')));
});

test('a tile beyond the newest tree makes it ask for the newest', async () => {
  const { client, ops } = world({ a: lying({ kind: 'stale-head', size: 300 }) });
  await client.refresh(REACH);
  ops.sources = { a: HONEST };
  const answer = await client.tile(tile('tile/8/0/002.p/40'), REACH);
  assert.ok(answer !== 'beyond' && answer.bytes.length === 40 * 32);
  assert.equal((await client.newest())?.head.size, 600);
});

test('with nothing but the copy: what is proven there is answered, wider tiles are cut', async () => {
  const memory = emptyMemory();
  const online = world({ a: HONEST }, memory);
  assert.equal(await saidOf(online.client, 300), truth(300));
  const { client, ops } = world({ a: HONEST }, memory);
  assert.equal(await saidOf(client, 300, LOCAL), truth(300));
  assert.equal(await saidOf(client, 301, LOCAL), 'E_OFFLINE');
  const cut = await client.tile(tile('tile/8/0/001.p/44'), LOCAL);
  assert.deepEqual(cut !== 'beyond' && cut.bytes, HONEST.answer('/tile/8/0/001.p/44').body);
  assert.equal(await codeOf(client.tile(tile('tile/8/0/000'), LOCAL)), 'E_OFFLINE');
  // Only who has seen a later tree asks for more than there is: that stands in a file of the client's own.
  await assert.rejects(client.tile(tile('tile/8/0/002.p/99'), LOCAL), {
    code: 'E_OFFLINE',
    message: /newer tree .*600 records: \$GOPATH\/pkg\/sumdb\/sum\.rondo\.test\/latest$/,
  });
  assert.equal(await client.tile(tile('tile/8/data/000'), LOCAL), 'beyond');
  assert.deepEqual(ops.asked, []);
});

test('what somebody else has put into the copy is proven before it is used', async () => {
  const text = (h1: string): Buffer =>
    Buffer.from(formatLookup({ id: 300, text: truth(300).replace(H1, h1), note: HONEST.treeHead() }));
  for (const [h1, local, expected] of [
    [H1, false, truth(300)],
    [FORGED, false, truth(300)],
    // Without the tiles nothing can be said: clients prove for themselves.
    [H1, true, `${truth(300)}?`],
  ] as const) {
    const { client, ops } = world({ a: HONEST });
    ops.memory.cache.set('/lookup/example.com/m300@v1.0.0', { bytes: text(h1), proven: false });
    assert.equal(await saidOf(client, 300, local ? LOCAL : REACH), expected);
    assert.equal(ops.memory.cache.get('/lookup/example.com/m300@v1.0.0')?.proven, !local);
    assert.equal(
      ops.asked.some((each) => each.includes('/lookup/')),
      h1 === FORGED,
    );
  }
});

test('a damaged tile in the copy is replaced, and nobody is charged for it', async () => {
  const memory = emptyMemory();
  assert.equal(await saidOf(world({ a: HONEST }, memory).client, 300), truth(300));
  for (const path of ['/tile/8/0/001', '/tile/8/1/000.p/2']) {
    const right = memory.cache.get(path);
    assert.ok(right !== undefined);
    memory.cache.set(path, { ...right, bytes: Buffer.from(right.bytes).fill(7, 0, 9) });
    const { client, ops } = world({ a: HONEST }, memory);
    assert.equal(await saidOf(client, 301), truth(301));
    assert.deepEqual(memory.cache.get(path)?.bytes, HONEST.answer(path).body);
    assert.deepEqual([ops.lies.length, ops.logged.length], [0, 1]);
    memory.cache.delete('/lookup/example.com/m301@v1.0.0');
  }
});

test('two processes on one copy: the newest tree of both stays', async () => {
  const memory = emptyMemory();
  const first = world({ a: lying({ kind: 'stale-head', size: 400 }) }, memory);
  await first.client.refresh(REACH);
  const second = world({ a: lying({ kind: 'stale-head', size: 450 }) }, memory);
  // Between the second one's look and its write the first one goes further.
  second.ops.beforeWrite = () => void memory.config.set('latest', HONEST.treeHead());
  await second.client.refresh(REACH);
  assert.equal(memory.config.get('latest'), HONEST.treeHead());
  assert.equal((await second.client.newest())?.head.size, 600);
  second.ops.beforeWrite = () => undefined;
  // And the first one learns of it at its next write.
  first.ops.sources = { a: lying({ kind: 'stale-head', size: 500 }) };
  await first.client.refresh(REACH);
  assert.equal(memory.config.get('latest'), HONEST.treeHead());
  assert.equal((await first.client.newest())?.head.size, 600);
});

test('a kept tree that is none is not used', async () => {
  const memory = emptyMemory();
  memory.config.set('latest', HONEST.treeHead().replace('600', '601'));
  const { client, ops } = world({ a: HONEST }, memory);
  assert.equal(await saidOf(client, 300), truth(300));
  assert.equal(memory.config.get('latest'), HONEST.treeHead());
  assert.equal(ops.logged.length, 1);
});
