import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { type DiskStore, openDiskStore } from './disk-store.ts';

const KEY = 'example.com/m/@v/v1.0.0.mod';
const OTHER = 'example.com/other/@v/v1.0.0.mod';
const RECORD = 'answers/example.com/m/@list';

/** Two processes' views of one folder, at one time. */
async function twoStores(t: TestContext): Promise<{ one: DiskStore; two: DiskStore; clock: VirtualClock }> {
  const dir = await tempFolder(t);
  const clock = new VirtualClock();
  const settings = { dir, memoryBytes: 2 ** 20, clock, emit: () => undefined };
  const one = await openDiskStore(settings);
  const two = await openDiskStore(settings);
  t.after(async () => {
    await one.close();
    await two.close();
  });
  return { one, two, clock };
}

const texts = async (store: DiskStore): Promise<(string | undefined)[]> =>
  Promise.all([KEY, OTHER].map(async (key) => (await store.get(key))?.bytes?.toString()));

test('what one process removes, the memory of another one forgets within a second', async (t) => {
  const { one, two, clock } = await twoStores(t);
  await one.put(KEY, { bytes: Buffer.from('module example.com/m\n') });
  await one.put(OTHER, { bytes: Buffer.from('module example.com/other\n') });
  await one.putRecord(RECORD, { found: 1 });
  assert.deepEqual(await texts(two), ['module example.com/m\n', 'module example.com/other\n']);
  assert.deepEqual(await two.getRecord(RECORD), { found: 1 });

  await one.remove(KEY);
  await one.removeRecord(RECORD);
  assert.equal(one.recall(KEY), undefined);
  assert.equal(two.recall(KEY)?.sizeBytes, 21, 'a look less than a second ago is believed');
  assert.deepEqual(await two.getRecord(RECORD), { found: 1 });
  await clock.advance(1000);
  assert.equal(two.recall(KEY), undefined, 'memory is not believed before the next look');
  assert.deepEqual(await texts(two), [undefined, 'module example.com/other\n']);
  assert.equal(await two.getRecord(RECORD), undefined);
});

test('its own removals cost a process nothing of its memory', async (t) => {
  const { one, two, clock } = await twoStores(t);
  for (const key of [KEY, OTHER]) await one.put(key, { bytes: Buffer.from(key) });
  const held = await one.get(OTHER);
  assert.ok(held);
  await one.remove(KEY);
  await clock.advance(1000);
  assert.equal(await one.get(OTHER), held, 'the same object: it never left the memory');
  assert.equal(one.recall(OTHER), held);

  // Removals of both: the other's is noticed all the same.
  await one.put(KEY, { bytes: Buffer.from(KEY) });
  await texts(two);
  await one.remove(KEY);
  await two.remove(OTHER);
  await clock.advance(1000);
  assert.deepEqual(await texts(one), [undefined, undefined]);
  assert.deepEqual(await texts(two), [undefined, undefined]);
});

test('a file that was set aside is gone for all; nothing is replaced where it goes', async (t) => {
  const { one, two, clock } = await twoStores(t);
  const paths: (string | undefined)[] = [];
  for (const text of ['first', 'second']) {
    await one.put(KEY, { bytes: Buffer.from(text) });
    await clock.advance(1000);
    assert.equal((await two.get(KEY))?.bytes?.toString(), text);
    paths.push(await one.setAside(KEY, (await one.get(KEY))?.etag ?? ''));
    await clock.advance(1000);
    assert.equal(await one.get(KEY), undefined);
    assert.equal(await two.get(KEY), undefined);
  }
  assert.match(paths[0] ?? '', /quarantine.example\.com.m.@v.v1\.0\.0\.mod$/);
  assert.match(paths[1] ?? '', /quarantine.example\.com.m.@v.v1\.0\.0\.mod\.2$/);
  assert.equal(await one.setAside(KEY, '"6-1"'), undefined, 'there is none any more');
});
