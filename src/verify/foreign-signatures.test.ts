import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  codeOf,
  DB,
  HONEST,
  LOCAL,
  lookup,
  REACH,
  saidOf,
  truth,
  world,
} from '../../test/support/database-world.ts';
import {
  emptyMemory,
  type DatabaseMemory,
  type DatabaseSource,
} from '../../test/support/memory-database-ops.ts';
import { formatLookup } from './prove-record.ts';

/** What upstream takes of a record or of `/latest`, in bytes. */
const MOST = 64 * 1024;

/** A signature line of nobody's key that makes `text` `length` bytes long. */
function padded(text: string, length: number): string {
  const head = '\u2014 junk.example ';
  const room = length - Buffer.byteLength(text + head) - 1;
  return `${text}${head}${'A'.repeat(Math.floor(room / 4) * 4)}\n`;
}

/** True in every word, and as long as it may be. */
const PADDING: DatabaseSource = {
  answer(path) {
    const truthful = HONEST.answer(path);
    if (truthful.status !== 200 || path.startsWith('/tile/')) return truthful;
    return { ...truthful, body: Buffer.from(padded(truthful.body.toString(), MOST)) };
  },
};

/** A copy that a Rondo has filled which kept notes as they came: three records, sealed in the tree of all. */
async function filledLongAgo(): Promise<DatabaseMemory> {
  const memory = emptyMemory();
  const { client } = world({ a: HONEST }, memory);
  for (const n of [5, 300, 599]) assert.equal(await saidOf(client, n), truth(n));
  await client.sealer.seal(REACH);
  const note = padded(HONEST.treeHead(), MOST);
  memory.config.set('latest', note);
  memory.config.set('seal', JSON.stringify({ note, open: [] }));
  for (const n of [5, 300, 599]) {
    const path = `/lookup/example.com/m${n}@v1.0.0`;
    const kept = memory.cache.get(path);
    assert.ok(kept !== undefined);
    const bytes = Buffer.from(formatLookup({ id: n, text: truth(n), note }));
    assert.ok(bytes.length > MOST);
    memory.cache.set(path, { ...kept, bytes });
  }
  return memory;
}

test('signatures of nobody’s key behind a true tree are neither kept nor passed on', async () => {
  const { client, ops } = world({ a: PADDING, b: HONEST });
  assert.equal((await client.refresh(REACH)).note, HONEST.treeHead());
  for (const n of [300, 7, 599]) {
    assert.equal(await saidOf(client, n), truth(n));
    const found = await client.lookup(lookup(n), REACH);
    assert.ok(found.kind === 'record');
    assert.equal(await client.sealer.noteFor(found.record), HONEST.treeHead());
    const kept = ops.memory.cache.get(`/lookup/example.com/m${n}@v1.0.0`)?.bytes.toString();
    assert.equal(kept, formatLookup({ id: n, text: truth(n), note: HONEST.treeHead() }));
  }
  await client.sealer.seal(REACH);
  assert.equal(ops.memory.config.get('latest'), HONEST.treeHead());
  assert.ok(ops.memory.config.get('seal')?.includes(JSON.stringify(HONEST.treeHead())));
  // It was true: nobody is charged for it.
  assert.deepEqual([ops.lies, ops.errors], [[], []]);
});

test('a copy that has them from before is served, sealed and healed, with nobody to ask', async () => {
  const memory = await filledLongAgo();
  const { client, ops } = world({ a: HONEST }, memory);
  for (const n of [300, 5]) {
    assert.equal(await saidOf(client, n, LOCAL), truth(n));
    const found = await client.lookup(lookup(n), LOCAL);
    assert.ok(found.kind === 'record');
    assert.equal(await client.sealer.noteFor(found.record), HONEST.treeHead());
    assert.equal(found.record.note, HONEST.treeHead());
    const kept = memory.cache.get(`/lookup/example.com/m${n}@v1.0.0`)?.bytes.toString();
    assert.equal(kept, formatLookup({ id: n, text: truth(n), note: HONEST.treeHead() }));
  }
  assert.equal((await client.newest())?.note, HONEST.treeHead());
  const report = await client.sealAll(LOCAL, { rewrite: true });
  assert.deepEqual(report, { database: DB, treeSize: 600, sealed: 3, trees: 1, unsealed: [] });
  for (const { bytes } of memory.cache.values()) assert.equal(bytes.includes('junk'), false);
  assert.equal(memory.config.get('seal')?.includes('junk'), false);
  assert.equal(await codeOf(client.lookup(lookup(6), LOCAL)), 'E_OFFLINE');
  assert.deepEqual(ops.asked, []);
});
