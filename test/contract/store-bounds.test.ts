import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { diskStoreFolders, openDiskStore } from '../../src/store/disk-store.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { tempFolder, type Cleanup } from '../support/temp-folder.ts';
import { fastClock } from './bounded-writer.ts';
import { contentFor } from './bounded-content.ts';

const WRITER = fileURLToPath(new URL('./bounded-writer.ts', import.meta.url));
/** About a dozen of the sixty files that are put again and again. */
const MAX_BYTES = 4_000_000;
const LARGEST = 601_000;
const KILLS = 6;
const ROUNDS = 150;

type Writer = { readonly child: ChildProcess; readonly said: Promise<string> };

async function startWriter(
  t: Cleanup,
  dir: string,
  numbers: { seed: number; beganMs: number; rounds: number },
): Promise<Writer> {
  const { seed, beganMs, rounds } = numbers;
  const args = [WRITER, dir, ...[MAX_BYTES, seed, beganMs, rounds].map(String)];
  const child = spawn(execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(async () => void child.kill('SIGKILL'));
  await once(child.stdout, 'readable');
  return { child, said: text(child.stdout) };
}

function seedOf(t: { diagnostic(message: string): void }): number {
  const seed = Date.now() % 2 ** 31;
  t.diagnostic(`seed ${seed}`);
  return seed;
}

test('two processes share one folder and one budget: all that is read is whole, and the index is right', async (t) => {
  const dir = await tempFolder(t, 'bounds');
  const seed = seedOf(t);
  const beganMs = Date.now();
  const writers = await Promise.all(
    [0, 1].map((n) => startWriter(t, dir, { seed: seed + n, beganMs, rounds: ROUNDS })),
  );
  const counts = await Promise.all(
    writers.map(async ({ said }) => JSON.parse((await said).trim().split('\n').at(-1) ?? '') as Counts),
  );
  for (const { put, refused, hit, miss } of counts) {
    assert.deepEqual([put + refused, hit + miss], [ROUNDS, ROUNDS]);
  }
  // Which of the two makes room, and which finds none, is the scheduler's choice.
  const sum = (of: keyof Counts): number => counts.reduce((all, each) => all + each[of], 0);
  assert.ok(sum('put') > 10 && sum('hit') > 0, JSON.stringify(counts));
  const { bytes, files } = await assertAgrees(dir, beganMs);
  assert.ok(files > 0 && sum('put') > files, 'some were given up');
  // Each may have admitted one file that the other did not know of yet.
  assert.ok(bytes <= MAX_BYTES + 2 * LARGEST, `${bytes} bytes`);
  assert.deepEqual(await unfinished(dir), []);
});

type Counts = { readonly put: number; readonly refused: number; readonly hit: number; readonly miss: number };

test('processes that are killed while they write the index leave one that is right after a comparison', async (t) => {
  const dir = await tempFolder(t, 'kills');
  const seed = seedOf(t);
  const beganMs = Date.now();
  const random = seededRandom(seed);
  for (let kill = 0; kill < KILLS; kill += 1) {
    const forEver = { beganMs, rounds: Infinity };
    const writers = await Promise.all(
      [0, 1].map((n) => startWriter(t, dir, { ...forEver, seed: seed + 2 * kill + n })),
    );
    await sleep(random() * 150);
    for (const { child } of writers) child.kill('SIGKILL');
    await Promise.all(writers.map(({ said }) => said));
    await assertAgrees(dir, beganMs);
  }
});

/** The comparison that the dead make due brings rows and folder together; every file is whole. */
async function assertAgrees(dir: string, beganMs: number): Promise<{ files: number; bytes: number }> {
  const told: string[] = [];
  const store = await openDiskStore({
    dir,
    memoryBytes: 0,
    clock: fastClock(beganMs),
    emit: (event) => {
      if (event.type === 'notice' && event.level !== 'debug') told.push(event.message);
    },
  });
  assert.equal(await store.index.compare('due'), true);
  const rows = await store.index.list({ limit: 10_000 });
  const held = (await Array.fromAsync(store.keys(''))).toSorted();
  assert.deepEqual(
    rows.map(({ key }) => key),
    held,
  );
  for (const { key, sizeBytes } of rows) {
    assert.equal(sizeBytes, contentFor(key).length);
    assert.equal((await lstat(join(diskStoreFolders(dir).download, key))).size, sizeBytes);
  }
  const totals = await store.index.totals();
  assert.equal(
    totals?.bytes,
    rows.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  );
  await store.close();
  assert.deepEqual(told, []);
  return { files: rows.length, bytes: totals?.bytes ?? 0 };
}

async function unfinished(dir: string): Promise<string[]> {
  return (await readdir(dir, { recursive: true })).filter((name) => name.includes('.rondo-'));
}
