import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/kit/clock.ts';
import { diskStoreFolders, openDiskStore } from '../../src/store/disk-store.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { contentFor } from './store-writer.ts';

const WRITER = fileURLToPath(new URL('./store-writer.ts', import.meta.url));
const KILLS = 20;

test('a writer killed at any moment leaves whole files or none', async (t) => {
  const dir = await tempFolder(t, 'crash');
  const seed = Date.now() % 2 ** 31;
  t.diagnostic(`seed ${seed}`);
  const random = seededRandom(seed);
  let leftovers = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    await writeAndKill(dir, random() * 40);
    const { download } = diskStoreFolders(dir);
    const names = (await readdir(dir, { recursive: true })).filter((name) => name.includes('.rondo-'));
    leftovers = names.length;
    assert.ok((await checkFiles(download)) > 0);
    await checkStore(dir);
  }
  assert.ok(leftovers > 0, 'no kill has hit a write: the test has shown nothing');
});

async function writeAndKill(dir: string, delayMs: number): Promise<void> {
  const child = spawn(execPath, [WRITER, 'write-for-ever', dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), exited]);
  await sleep(delayMs);
  child.kill('SIGKILL');
  const [, signal] = (await exited) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL', 'the writer ended by itself');
}

/** Every file that has a name of content has the content of that name. */
async function checkFiles(download: string): Promise<number> {
  const folder = join(download, 'example.com', 'm', '@v');
  const names = (await readdir(folder)).filter((name) => /\.(mod|zip)$/.test(name));
  for (const name of names) {
    const content = await readFile(join(folder, name));
    assert.ok(content.equals(contentFor(`example.com/m/@v/${name}`)), `${name} is not whole`);
    assert.equal((await stat(join(folder, name))).mode & 0o400, 0o400);
  }
  return names.length;
}

/** A store opened afterwards serves and replaces what is there, and shows nothing unfinished. */
async function checkStore(dir: string): Promise<void> {
  const store = await openDiskStore({ dir, memoryBytes: 0, clock: systemClock, emit: () => undefined });
  const keys = await store.names('example.com/m/@v');
  for (const key of keys) {
    assert.match(key, /\.(mod|zip)$/);
    const record = await store.getRecord(key);
    assert.ok(record === undefined || (typeof record === 'object' && record !== null && 'padding' in record));
  }
  const [first] = keys;
  assert.ok(first !== undefined);
  await store.put(first, { bytes: contentFor(first) });
  await store.close();
}
