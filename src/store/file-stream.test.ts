import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setImmediate as nextRound } from 'node:timers/promises';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { ChunkPool } from './chunk-pool.ts';
import { type FileIdentity, lendFile } from './file-stream.ts';

const CHUNK = 1024;
const SIZE = 40 * CHUNK + 100;

type StoredBytes = { path: string; identity: FileIdentity; bytes: Buffer };

async function storedBytes(t: TestContext): Promise<StoredBytes> {
  const path = join(await tempFolder(t), 'file');
  const bytes = randomBytes(SIZE);
  await writeFile(path, bytes);
  const { mtimeNs } = await stat(path, { bigint: true });
  return { path, identity: { sizeBytes: SIZE, mtimeNs }, bytes };
}

/** Reads a range as a socket does: a chunk is looked at when the next one is due. */
async function readRange(
  { path, identity }: StoredBytes,
  start: number,
  end: number,
  pool: ChunkPool,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of lendFile(path, identity, { start, end }, pool)) {
    await nextRound();
    parts.push(Buffer.from(chunk));
  }
  return Buffer.concat(parts);
}

test('readers all over a file get what they asked for, and share the memory', async (t) => {
  const file = await storedBytes(t);
  const pool = new ChunkPool({ chunkBytes: CHUNK, maxChunks: 4, maxQuarters: 4 });
  const reading = Array.from({ length: 300 }, async (_, index) => {
    const start = index < 100 ? 0 : (index * 127) % SIZE;
    assert.ok((await readRange(file, start, SIZE - 1, pool)).equals(file.bytes.subarray(start)));
  });
  await Promise.all(reading);
  assert.ok(pool.sizeBytes <= 4 * CHUNK, 'nothing stays but the chunks');
  assert.equal((await readRange(file, 5, 5, pool)).length, 1);
});

test('a reader that leaves gives its chunk back', async (t) => {
  const { path, identity } = await storedBytes(t);
  const pool = new ChunkPool({ chunkBytes: CHUNK, maxChunks: 2, maxQuarters: 0 });
  for (let round = 0; round < 10; round += 1) {
    const start = round * CHUNK;
    for await (const chunk of lendFile(path, identity, { start, end: SIZE - 1 }, pool)) {
      assert.equal(chunk.length, CHUNK, `round ${round} has a whole chunk`);
      break;
    }
  }
});

test('a file that was replaced is not read, whoever else has the old one open', async (t) => {
  const file = await storedBytes(t);
  const pool = new ChunkPool({ chunkBytes: CHUNK });
  const early = lendFile(file.path, file.identity, { start: 0, end: SIZE - 1 }, pool);
  assert.equal((await early.next()).done, false);
  const other = { ...file, identity: { ...file.identity, mtimeNs: file.identity.mtimeNs + 1n } };
  await assert.rejects(readRange(other, 0, 9, pool), { code: 'E_STORE' });
  await assert.rejects(readRange(other, 0, 9, pool), { code: 'E_STORE' });
  await early.return();
  await writeFile(file.path, 'shorter');
  await assert.rejects(readRange(file, 0, 9, pool), { code: 'E_STORE' });
});

test('a file that is gone, or becomes shorter, fails and is opened anew by the next one', async (t) => {
  const file = await storedBytes(t);
  const pool = new ChunkPool({ chunkBytes: CHUNK });
  const gone = { ...file, path: `${file.path}-gone` };
  await assert.rejects(readRange(gone, 0, 9, pool), { code: 'E_STORE' });
  await writeFile(gone.path, file.bytes);
  const { mtimeNs } = await stat(gone.path, { bigint: true });
  const back = { ...gone, identity: { sizeBytes: SIZE, mtimeNs } };
  const early = lendFile(back.path, back.identity, { start: 0, end: SIZE - 1 }, pool);
  await early.next();
  await writeFile(back.path, 'shorter');
  await assert.rejects(
    async () => {
      for await (const chunk of early) assert.ok(chunk.length > 0);
    },
    { code: 'E_STORE' },
  );
});
