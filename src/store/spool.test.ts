import assert from 'node:assert/strict';
import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { testWith } from '../../test/support/requirements.ts';
import { reverseCleanup } from '../../test/support/rondo-process.ts';
import { smallDisk } from '../../test/support/small-disk.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { ChunkPool } from './chunk-pool.ts';
import { createFallbackMemory } from './fallback-memory.ts';
import { createSpool, type Spool } from './spool.ts';

async function contentOf(spool: Spool): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let position = 0; ;) {
    const part = await spool.read(position, 1000);
    if (part.length === 0) return Buffer.concat(parts);
    parts.push(part);
    position += part.length;
  }
}

test('small bodies never touch the disk, larger ones have a file of their own', async (t) => {
  const dir = join(await tempFolder(t), 'made', 'when', 'needed');
  const spool = createSpool({ dir, spillBytes: 100 });
  await spool.append(Buffer.alloc(100, 1));
  assert.ok('bytes' in spool.candidate());
  await assert.rejects(readdir(dir), { code: 'ENOENT' });
  await spool.append(Buffer.alloc(1, 2));
  const candidate = spool.candidate();
  assert.ok('path' in candidate);
  assert.deepEqual(await readFile(candidate.path), Buffer.concat([Buffer.alloc(100, 1), Buffer.alloc(1, 2)]));
  assert.equal((await stat(candidate.path)).mode & 0o600, 0o600);
  await spool.discard();
  assert.deepEqual(await readdir(dir), []);
  await spool.discard();
});

test('any appends and truncates leave what a plain buffer would have', async (t) => {
  const dir = await tempFolder(t);
  const step = fc.oneof(
    fc.record({ append: fc.uint8Array({ maxLength: 60 }) }),
    fc.record({ keep: fc.double({ min: 0, max: 1, noNaN: true }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.boolean(), async (steps, diskFails) => {
      const spoolDir = diskFails ? join(dir, 'a-file', 'no-folder') : dir;
      if (diskFails) await writeFile(join(dir, 'a-file'), '');
      const spool = createSpool({ dir: spoolDir, spillBytes: 64 });
      let expected = Buffer.alloc(0);
      for (const each of steps) {
        if ('append' in each) {
          await spool.append(each.append);
          expected = Buffer.concat([expected, each.append]);
        } else {
          const sizeBytes = Math.floor(each.keep * expected.length);
          await spool.truncate(sizeBytes);
          expected = expected.subarray(0, sizeBytes);
        }
        assert.equal(spool.sizeBytes, expected.length);
        assert.ok((await contentOf(spool)).equals(expected));
      }
      const candidate = spool.candidate();
      const whole = 'bytes' in candidate ? candidate.bytes : await readFile(candidate.path);
      assert.ok(whole.equals(expected));
      await spool.discard();
    }),
    { numRuns: 60 },
  );
  assert.deepEqual(
    (await readdir(dir)).filter((name) => name !== 'a-file'),
    [],
  );
});

test('readers follow at their own pace while one appends across the spill', async (t) => {
  const spool = createSpool({ dir: await tempFolder(t), spillBytes: 4096 });
  const total = 200 * 257;
  const follow = async (stride: number): Promise<void> => {
    for (let position = 0; position < total;) {
      const part = await spool.read(position, stride);
      for (const [index, byte] of part.entries()) {
        assert.equal(byte, Math.floor((position + index) / 257) % 256);
      }
      position += part.length;
      if (part.length === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const readers = [follow(1), follow(300), follow(100_000)];
  for (let index = 0; index < 200; index += 1) await spool.append(Buffer.alloc(257, index));
  await Promise.all(readers);
  await spool.discard();
});

test('a view that a reader holds does not change under it', async (t) => {
  const spool = createSpool({ dir: await tempFolder(t) });
  await spool.append(Buffer.from('first'));
  const view = await spool.read(0, 5);
  await spool.truncate(0);
  await spool.append(Buffer.from('other'));
  assert.equal(view.toString(), 'first');
  await spool.discard();
});

test('what is lent of a file is shared, does not change under its reader, and is not lent after a truncate', async (t) => {
  const chunks = new ChunkPool({ chunkBytes: 64, maxChunks: 4 });
  const spool = createSpool({ dir: await tempFolder(t), spillBytes: 10, chunks });
  await spool.append(Buffer.alloc(100, 'a'));
  const many = await Promise.all(Array.from({ length: 500 }, async () => spool.lend(0, 100)));
  assert.equal(chunks.sizeBytes, 2 * 64, 'what they have, and what is read ahead');
  await spool.truncate(30);
  await spool.append(Buffer.alloc(100, 'b'));
  const late = await spool.lend(20, 40);
  assert.equal(late.bytes.toString(), `${'a'.repeat(10)}${'b'.repeat(30)}`.slice(0, late.bytes.length));
  assert.ok(late.bytes.length > 10, 'it has of both');
  for (const { bytes } of many) assert.equal(bytes.toString(), 'a'.repeat(64));
  for (const loan of [...many, late]) loan.release();
  await spool.discard();
  await assert.rejects(async () => spool.lend(0, 1), { code: 'E_BUG' });
});

test('what is lent is the same in memory and in a file', async (t) => {
  const spool = createSpool({ dir: await tempFolder(t), spillBytes: 10, fallbackBytes: 1000 });
  await spool.append(Buffer.from('in memory'));
  const first = await spool.lend(3, 100);
  assert.equal(first.bytes.toString(), 'memory');
  await spool.append(Buffer.from(' and in a file'));
  const second = await spool.lend(3, 100);
  assert.equal(second.bytes.toString(), 'memory and in a file');
  first.release();
  second.release();
  await spool.discard();
});

test('the file may be moved into the copy under its readers', async (t) => {
  const dir = await tempFolder(t);
  const spool = createSpool({ dir, spillBytes: 10 });
  await spool.append(Buffer.from('a body of a spool'));
  const source = spool.source();
  assert.ok('spoolPath' in source);
  await rename(source.spoolPath, join(dir, 'kept'));
  assert.equal((await contentOf(spool)).toString(), 'a body of a spool');
  await spool.discard();
  assert.equal(await readFile(join(dir, 'kept'), 'utf8'), 'a body of a spool');
});

test('where the disk fails it goes on in memory, up to its bound', async (t) => {
  const dir = await tempFolder(t);
  await writeFile(join(dir, 'no-folder'), '');
  const spool = createSpool({ dir: join(dir, 'no-folder'), spillBytes: 100, fallbackBytes: 1000 });
  await spool.append(Buffer.alloc(90, 1));
  assert.equal(spool.diskFailed, false);
  await spool.append(Buffer.alloc(600, 2));
  assert.equal(spool.diskFailed, true);
  assert.ok('bytes' in spool.source());
  await assert.rejects(spool.append(Buffer.alloc(400, 3)), { code: 'E_STORE' });
  const content = await contentOf(spool);
  assert.ok(content.equals(Buffer.concat([Buffer.alloc(90, 1), Buffer.alloc(600, 2)])));
  await spool.append(Buffer.alloc(310, 4));
  assert.equal(spool.sizeBytes, 1000);
  await spool.discard();
});

test('what is too large for memory goes to another disk where the first one fails, under its readers', async (t) => {
  const elsewhere = await tempFolder(t);
  const dir = await tempFolder(t);
  await writeFile(join(dir, 'no-folder'), '');
  const settings = { spillBytes: 100, fallbackBytes: 1000, fallbackDir: elsewhere };
  const spool = createSpool({ dir: join(dir, 'no-folder'), ...settings });
  const parts = [90, 600, 400, 50_000].map((size, n) => Buffer.alloc(size, n + 1));
  for (const part of parts) await spool.append(part);
  assert.equal(spool.diskFailed, true);
  assert.ok((await contentOf(spool)).equals(Buffer.concat(parts)));
  const [name = ''] = await readdir(elsewhere);
  assert.equal((await stat(join(elsewhere, name))).mode & 0o777, 0o600, 'nobody else looks in');
  await spool.discard();
  assert.deepEqual(await readdir(elsewhere), []);
});

await testWith(['linux', 'mount'], 'a disk that becomes full in the middle of a large body', async (t) => {
  const cleanup = reverseCleanup(t);
  const { path: dir } = await smallDisk(cleanup, 1024);
  const elsewhere = await tempFolder(cleanup);
  const spool = createSpool({ dir, spillBytes: 1000, fallbackBytes: 100_000, fallbackDir: elsewhere });
  const parts = Array.from({ length: 30 }, (_, n) => Buffer.alloc(100_000, n));
  for (const part of parts) await spool.append(part);
  assert.ok((await contentOf(spool)).equals(Buffer.concat(parts)));
  assert.deepEqual([(await readdir(dir)).length, (await readdir(elsewhere)).length], [0, 1]);
  await spool.discard();
  const alone = createSpool({ dir, spillBytes: 1000, fallbackBytes: 100_000 });
  for (const part of parts.slice(0, 9)) await alone.append(part);
  await assert.rejects(alone.append(Buffer.concat(parts)), { code: 'E_STORE', message: /the disk is full/ });
  assert.ok(
    (await contentOf(alone)).equals(Buffer.concat(parts.slice(0, 9))),
    'what was there stays readable',
  );
  await alone.discard();
});

test('all spools whose disk has failed share one memory', async (t) => {
  const elsewhere = await tempFolder(t, 'elsewhere');
  const fallback = createFallbackMemory(100_000);
  const lost = join(await tempFolder(t, 'lost'), 'file');
  await writeFile(lost, 'no folder');
  const failing = { dir: lost, spillBytes: 1000, fallbackBytes: 60_000, fallback };
  const fill = async (spool: Spool): Promise<void> => {
    for (let n = 0; n < 50; n += 1) await spool.append(Buffer.alloc(1000, n));
  };
  const [first, second, third] = [failing, { ...failing, fallbackDir: elsewhere }, failing].map(createSpool);
  assert.ok(first && second && third);
  await fill(first);
  await fill(second);
  assert.ok('bytes' in first.candidate() && 'path' in second.candidate());
  await assert.rejects(fill(third), { code: 'E_STORE' });
  assert.equal((await second.read(49_000, 10))[0], 49);
  await Promise.all([first.discard(), third.discard()]);
  const next = createSpool(failing);
  await fill(next);
  assert.ok('bytes' in next.candidate(), 'what is discarded makes room');
  await Promise.all([next.discard(), second.discard()]);
});

test('what comes after discard is a bug', async (t) => {
  const spool = createSpool({ dir: await tempFolder(t) });
  await spool.append(Buffer.from('x'));
  await spool.discard();
  await assert.rejects(spool.read(0, 1), { code: 'E_BUG' });
  await assert.rejects(spool.append(Buffer.from('y')), { code: 'E_BUG' });
  assert.throws(() => spool.candidate(), { code: 'E_BUG' });
});
