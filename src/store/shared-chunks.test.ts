import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextRound } from 'node:timers/promises';
import { ChunkPool } from './chunk-pool.ts';
import { type Loan, SharedChunks } from './shared-chunks.ts';

const CHUNK = 64;

/** A file in memory that counts how often it is read, and whose reads can be held up. */
class ScriptedFile {
  content: Buffer;
  reads = 0;
  gate: Promise<void> | undefined;
  readonly chunks: SharedChunks;

  constructor(sizeBytes: number, pool: ChunkPool) {
    this.content = pattern(sizeBytes, 1);
    this.chunks = new SharedChunks(pool, {
      sizeBytes: () => this.content.length,
      read: async (into, length, position) => {
        this.reads += 1;
        await this.gate;
        await nextRound();
        return this.content.copy(into, 0, position, position + length);
      },
    });
  }

  /** Becomes another file from `position` on, as a spool does when mirrors differ. */
  replace(position: number, salt: number): void {
    const { length } = this.content;
    this.content = this.content.subarray(0, position);
    this.chunks.cut(position);
    this.content = Buffer.concat([this.content, pattern(length, salt).subarray(position)]);
  }
}

function pattern(sizeBytes: number, salt: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: sizeBytes }, (_, index) => (index * 31 * salt) % 251));
}

/** Reads to the end; each chunk is looked at when the next one is due, as a socket does. */
async function readAll(file: ScriptedFile, start = 0): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let position = start; ;) {
    const loan = await file.chunks.lend(position, CHUNK);
    await nextRound();
    parts.push(Buffer.from(loan.bytes));
    position += loan.bytes.length;
    loan.release();
    if (loan.bytes.length === 0) return Buffer.concat(parts);
  }
}

test('a thousand readers in step read the file once, through a few chunks', async () => {
  const pool = new ChunkPool({ chunkBytes: CHUNK, maxChunks: 4 });
  const file = new ScriptedFile(40 * CHUNK + 7, pool);
  const all = await Promise.all(Array.from({ length: 1000 }, () => readAll(file)));
  assert.ok(all.every((bytes) => bytes.equals(file.content)));
  assert.equal(file.reads, 41);
  assert.ok(pool.sizeBytes <= 4 * CHUNK, `${pool.sizeBytes} bytes`);
});

test('one reader alone finds the next chunk read already', async () => {
  const file = new ScriptedFile(3 * CHUNK, new ChunkPool({ chunkBytes: CHUNK, maxChunks: 4 }));
  const first = await file.chunks.lend(0, CHUNK);
  await nextRound();
  assert.equal(file.reads, 2);
  first.release();
  (await file.chunks.lend(CHUNK, CHUNK)).release();
  assert.equal(file.reads, 3, 'the third one ahead, the second not again');
});

test('clients that take nothing hold what they have, and nobody waits for them', async () => {
  const pool = new ChunkPool({ chunkBytes: CHUNK, maxChunks: 4, maxQuarters: 3 });
  const file = new ScriptedFile(100 * CHUNK, pool);
  const stalled: Loan[] = [];
  for (let index = 0; index < 50; index += 1) {
    stalled.push(await file.chunks.lend(index * CHUNK, CHUNK));
  }
  const lengths = stalled.map((loan) => loan.bytes.length);
  assert.deepEqual(lengths.slice(0, 4), Array<number>(4).fill(CHUNK));
  assert.deepEqual(lengths.slice(4, 7), Array<number>(3).fill(CHUNK / 4));
  assert.deepEqual(new Set(lengths.slice(7)), new Set([CHUNK / 16]));
  assert.equal(pool.sizeBytes, 4 * CHUNK + (3 * CHUNK) / 4 + (43 * CHUNK) / 16);
  assert.ok((await readAll(file, 60 * CHUNK)).equals(file.content.subarray(60 * CHUNK)));
  for (const [index, { bytes }] of stalled.entries()) {
    const start = index * CHUNK;
    assert.ok(bytes.equals(file.content.subarray(start, start + bytes.length)), `of reader ${index}`);
  }
  for (const loan of stalled) loan.release();
  assert.ok(pool.sizeBytes <= 4 * CHUNK, 'the memory of a rush is not kept');
});

test('what has rested longest gives way, what is in use does not', async () => {
  const pool = new ChunkPool({ chunkBytes: CHUNK, maxChunks: 2, maxQuarters: 0 });
  const file = new ScriptedFile(10 * CHUNK, pool);
  const held = await file.chunks.lend(0, CHUNK);
  for (let index = 1; index < 10; index += 1) (await file.chunks.lend(index * CHUNK, CHUNK)).release();
  assert.ok(held.bytes.equals(file.content.subarray(0, CHUNK)));
  held.release();
  held.release();
  assert.ok((await readAll(file)).equals(file.content), 'a second release gives nothing back twice');
});

test('after a cut nobody is given what was read before it, and what was given stays as it is', async () => {
  const pool = new ChunkPool({ chunkBytes: CHUNK, maxChunks: 4 });
  const file = new ScriptedFile(3 * CHUNK, pool);
  const before = file.content;
  const early = await file.chunks.lend(CHUNK, CHUNK);
  file.replace(CHUNK + 10, 7);
  const late = await file.chunks.lend(CHUNK, CHUNK);
  assert.ok(late.bytes.equals(file.content.subarray(CHUNK, 2 * CHUNK)));
  assert.ok(!late.bytes.equals(early.bytes));
  assert.ok((await readAll(file)).equals(file.content));
  assert.ok(early.bytes.equals(before.subarray(CHUNK, 2 * CHUNK)), 'a socket may still be sending it');
  early.release();
  late.release();
});

for (const [name, maxChunks] of [
  ['a shared chunk', 4],
  ['a buffer of its own', 0],
] as const) {
  test(`a cut during a read into ${name}: it is read again`, async () => {
    const pool = new ChunkPool({ chunkBytes: CHUNK, maxChunks });
    const file = new ScriptedFile(CHUNK, pool);
    const gate = Promise.withResolvers<void>();
    file.gate = gate.promise;
    const reading = file.chunks.lend(0, CHUNK);
    await nextRound();
    assert.equal(file.reads, 1);
    file.replace(0, 7);
    file.gate = undefined;
    gate.resolve();
    const loan = await reading;
    assert.ok(loan.bytes.equals(file.content.subarray(0, loan.bytes.length)));
    assert.ok(file.reads > 1);
    loan.release();
  });
}

test('a file that grows fills up its last chunk under those who have its beginning', async () => {
  const file = new ScriptedFile(10, new ChunkPool({ chunkBytes: CHUNK }));
  const first = await file.chunks.lend(0, CHUNK);
  assert.equal(first.bytes.length, 10);
  assert.equal((await file.chunks.lend(10, CHUNK)).bytes.length, 0);
  file.content = pattern(2 * CHUNK, 1);
  const second = await file.chunks.lend(10, CHUNK);
  assert.equal(second.bytes.length, CHUNK - 10);
  assert.ok(Buffer.concat([first.bytes, second.bytes]).equals(file.content.subarray(0, CHUNK)));
  first.release();
  second.release();
});

test('a read that fails reaches all who wait for it, and the next one may succeed', async () => {
  const pool = new ChunkPool({ chunkBytes: CHUNK, maxChunks: 1, maxQuarters: 0 });
  let reads = 0;
  const chunks = new SharedChunks(pool, {
    sizeBytes: () => CHUNK,
    read: async (into, length) => {
      reads += 1;
      await nextRound();
      if (reads === 1) throw new Error('the disk has failed');
      into.fill(7, 0, length);
      return length;
    },
  });
  const waiting = [0, 3].map(async (position) => chunks.lend(position, CHUNK));
  await Promise.all(waiting.map((each) => assert.rejects(each, /the disk has failed/)));
  const loan = await chunks.lend(0, CHUNK);
  assert.deepEqual(loan.bytes, Buffer.alloc(CHUNK, 7));
  loan.release();
});
