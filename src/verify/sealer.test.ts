import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ChecksumDatabase } from '../../test/support/checksum-database.ts';
import {
  DB,
  grow,
  HONEST,
  LOCAL,
  lookup,
  lying,
  REACH,
  saidOf,
  tile,
  truth,
  world,
  type DatabaseWorld,
} from '../../test/support/database-world.ts';
import { spoilAnswer } from '../../test/support/database-lies.ts';
import { GoClient, type AskDatabase } from '../../test/support/go-client.ts';
import {
  emptyMemory,
  type DatabaseMemory,
  type DatabaseSource,
} from '../../test/support/memory-database-ops.ts';
import { parseTreeHead } from '../gomod/tree-head.ts';
import { formatLookup } from './prove-record.ts';

/** What a go sees of a copy without anybody to ask. */
function offline(memory: DatabaseMemory): AskDatabase {
  const { client } = world({}, memory);
  return async (path) => {
    try {
      const found = /^\/lookup\/(.+)@(.+)$/.exec(path);
      if (found === null) {
        const answer = await client.tile(tile(path.slice(1)), LOCAL);
        return answer === 'beyond' ? undefined : answer.bytes;
      }
      const [, module = '', version = ''] = found;
      const answer = await client.lookup({ kind: 'sumdb-lookup', db: DB, module, version }, LOCAL);
      if (answer.kind === 'absent') return undefined;
      const note = await client.sealer.noteFor(answer.record);
      return Buffer.from(formatLookup({ ...answer.record, note }));
    } catch {
      return undefined;
    }
  };
}

/** What reads the folder itself, as `file://` does. */
function folder({ cache }: DatabaseMemory): AskDatabase {
  return async (path) => cache.get(path)?.bytes;
}

/** A lookup as a client sees it, online; resolves with the size of the tree that it was shown. */
async function show({ client }: DatabaseWorld, n: number): Promise<number> {
  const found = await client.lookup(lookup(n), REACH);
  assert.ok(found.kind === 'record');
  const note = await client.sealer.noteFor(found.record);
  const { size } = parseTreeHead(note);
  client.sealer.treeServed(size);
  return size;
}

function headOf(database: ChecksumDatabase, size: number): ReturnType<typeof parseTreeHead> {
  return parseTreeHead(database.treeHead(size));
}

/** `full` as it was when it had `size` records: a mirror that is behind. */
function behind(full: ChecksumDatabase, size: number): DatabaseSource {
  const lie = { kind: 'stale-head', size } as const;
  return { answer: (path) => spoilAnswer(full.answer(path), lie, path, full) };
}

const FULL = grow(new ChecksumDatabase(DB), 900);

test('any records, fetched under any trees in any order, any tiles lost since: every client verifies', async () => {
  const steps = fc.array(fc.record({ record: fc.nat({ max: 890 }), tree: fc.nat({ max: 900 }) }), {
    minLength: 1,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(steps, fc.infiniteStream(fc.boolean()), async (course, losing) => {
      const memory = emptyMemory();
      const online = world({}, memory);
      const shown = new Set<number>();
      for (const { record, tree } of course) {
        // A mirror may answer with an older tree than the last one, but not with one without the record.
        online.ops.sources = { a: behind(FULL, Math.max(record + 1, tree)) };
        shown.add(await show(online, record));
      }
      await online.client.sealer.seal(REACH);
      assert.equal(online.client.sealer.isOpen(), false);
      for (const path of memory.cache.keys()) {
        if (path.startsWith('/tile/') && losing.next().value === true) memory.cache.delete(path);
      }
      const report = await world({ a: FULL }, memory).client.sealAll(REACH, { rewrite: false });
      assert.deepEqual(report.unsealed, []);
      const ask = offline(memory);
      const records = [...new Set(course.map(({ record }) => record))];
      for (const own of [undefined, ...shown]) {
        for (const order of [records, records.toReversed()]) {
          const go = new GoClient(ask, own === undefined ? undefined : headOf(FULL, own));
          for (const n of order) {
            assert.equal(await go.lookup(`example.com/m${n}`, 'v1.0.0'), 'verified', `${n} after ${own}`);
          }
        }
      }
    }),
    { numRuns: 50 },
  );
});

test('a client whose tree is newer than the seal, or of another day, is told by a tile that is not there', async () => {
  const memory = emptyMemory();
  const online = world({ a: lying({ kind: 'stale-head', size: 400 }) }, memory);
  await show(online, 5);
  await online.client.sealer.seal(REACH);
  const newer = new GoClient(offline(memory), headOf(HONEST, 600));
  assert.equal(await newer.lookup('example.com/m5', 'v1.0.0'), 'no tile/8/1/000.p/2');
});

test('the seal stays where it has everything, and moves on where a record is newer', async () => {
  const memory = emptyMemory();
  const online = world({ a: lying({ kind: 'stale-head', size: 400 }) }, memory);
  await show(online, 5);
  await online.client.sealer.seal(REACH);
  assert.equal((await online.client.sealer.head())?.head.size, 400);
  online.ops.sources = { a: HONEST };
  // Its own tree is newer, its place is not: it is answered with the sealed tree, and that stays.
  assert.equal(await show(online, 350), 400);
  await online.client.sealer.seal(REACH);
  assert.equal((await online.client.sealer.head())?.head.size, 400);
  assert.equal(await show(online, 500), 600);
  await online.client.sealer.seal(REACH);
  assert.equal((await online.client.sealer.head())?.head.size, 600);
});

test('what is sealed asks for nothing more', async () => {
  const memory = emptyMemory();
  const online = world({ a: HONEST }, memory);
  await show(online, 5);
  await online.client.sealer.seal(REACH);
  online.ops.asked.length = 0;
  await show(online, 5);
  assert.equal(online.client.sealer.isOpen(), false);
  await online.client.sealer.seal(REACH);
  assert.deepEqual(online.ops.asked, []);
  // Nor does another process.
  const later = world({ a: HONEST }, memory);
  await show(later, 5);
  assert.equal(later.client.sealer.isOpen(), false);
  assert.equal(await later.client.sealer.needsWalk(), false);
});

test('an outage leaves it open: the next one seals the rest, even after a crash', async () => {
  const memory = emptyMemory();
  const online = world({ a: HONEST }, memory);
  await show(online, 5);
  await online.client.sealer.seal(REACH);
  await show(online, 300);
  // The tiles that its proof has kept get lost before anybody seals.
  memory.cache.delete('/tile/8/0/001');
  const crashed = world({ a: lying({ kind: 'status', status: 503 }) }, memory);
  assert.equal(await crashed.client.sealer.needsWalk(), true);
  const report = await crashed.client.sealAll(REACH, { rewrite: false });
  assert.deepEqual(
    report.unsealed.map(({ what }) => what),
    ['example.com/m300@v1.0.0'],
  );
  assert.equal(report.sealed, 1);
  assert.equal(await crashed.client.sealer.needsWalk(), true);
  const healed = world({ a: HONEST }, memory);
  const whole = await healed.client.sealAll(REACH, { rewrite: false });
  assert.deepEqual([whole.sealed, whole.unsealed, whole.treeSize], [2, [], 600]);
  assert.equal(await healed.client.sealer.needsWalk(), false);
  const go = new GoClient(offline(memory));
  assert.equal(await go.lookup('example.com/m300', 'v1.0.0'), 'verified');
});

test('records that somebody else has put there are proven and sealed; forged ones are told', async () => {
  const memory = emptyMemory();
  for (const n of [7, 300, 599]) {
    const text = n === 300 ? truth(n).replaceAll('h1:4', 'h1:5') : truth(n);
    const bytes = Buffer.from(formatLookup({ id: n, text, note: HONEST.treeHead() }));
    memory.cache.set(`/lookup/example.com/m${n}@v1.0.0`, { bytes, proven: false });
  }
  const alone = world({}, memory);
  const before = await alone.client.sealAll(LOCAL, { rewrite: true });
  assert.deepEqual([before.sealed, before.unsealed.length], [0, 3]);
  const online = world({ a: lying({ kind: 'status', status: 404, match: '/m300@' }) }, memory);
  const after = await online.client.sealAll(REACH, { rewrite: true });
  assert.deepEqual([after.sealed, after.treeSize], [2, 600]);
  assert.deepEqual(
    after.unsealed.map(({ what }) => what),
    ['example.com/m300@v1.0.0'],
  );
  const go = new GoClient(offline(memory));
  assert.equal(await go.lookup('example.com/m599', 'v1.0.0'), 'verified');
  assert.equal(await go.lookup('example.com/m7', 'v1.0.0'), 'verified');
});

test('rewritten, the folder itself is enough: one tree, tiles of exact width', async () => {
  const memory = emptyMemory();
  const online = world({}, memory);
  for (const [n, size] of [
    [5, 400],
    [450, 500],
    [599, 600],
  ] as const) {
    online.ops.sources = { a: lying({ kind: 'stale-head', size }) };
    await show(online, n);
  }
  await online.client.sealAll(REACH, { rewrite: true });
  for (const own of [undefined, 400, 500, 600]) {
    const go = new GoClient(folder(memory), own === undefined ? undefined : headOf(HONEST, own));
    for (const n of [599, 5, 450]) {
      assert.equal(await go.lookup(`example.com/m${n}`, 'v1.0.0'), 'verified', `${n} after ${own}`);
    }
  }
  assert.equal(await saidOf(world({}, memory).client, 450, LOCAL), truth(450));
});

test('two processes seal one copy: both have what they brought', async () => {
  const memory = emptyMemory();
  const first = world({ a: lying({ kind: 'stale-head', size: 400 }) }, memory);
  const second = world({ a: HONEST }, memory);
  await show(first, 5);
  await show(second, 550);
  await Promise.all([first.client.sealer.seal(REACH), second.client.sealer.seal(REACH)]);
  const ask = offline(memory);
  for (const order of [
    [5, 550],
    [550, 5],
  ]) {
    for (const own of [undefined, 400, 600]) {
      const go = new GoClient(ask, own === undefined ? undefined : headOf(HONEST, own));
      for (const n of order) {
        assert.equal(await go.lookup(`example.com/m${n}`, 'v1.0.0'), 'verified', `${n} after ${own}`);
      }
    }
  }
});

test('the seal never goes back, though a larger tree was served that nobody has any more', async () => {
  const memory = emptyMemory();
  const before = world({ a: lying({ kind: 'stale-head', size: 400 }) }, memory);
  await show(before, 5);
  // Another process moves it on meanwhile.
  const other = world({ a: HONEST }, memory);
  await show(other, 550);
  await other.client.sealer.seal(REACH);
  memory.config.set('served', '[650]');
  await before.client.sealAll(REACH, { rewrite: false });
  assert.equal((await world({}, memory).client.sealer.head())?.head.size, 600);
});
