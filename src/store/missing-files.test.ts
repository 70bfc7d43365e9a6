import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { openDiskStore, type DiskStore } from './disk-store.ts';
import { provenanceName } from './provenance.ts';
import type { Provenance } from './store.ts';

const LOOKUP = 'sumdb/sum.example.com/lookup/example.com/m@v1.0.0';

async function keep(
  store: DiskStore,
  key: string,
  more: Pick<Provenance, 'verified' | 'written' | 'mirror'>,
): Promise<string> {
  const { etag } = await store.put(key, { bytes: Buffer.from(key) });
  await store.putRecord(provenanceName(key), { ...more, etag, h1: 'h1:x', at: 1 });
  return etag;
}

async function missingOf(store: DiskStore, prefix = ''): Promise<string[]> {
  return (await Array.fromAsync(store.missing(prefix))).toSorted();
}

test('what Rondo has kept is missing when it is set aside, and not when it was given up or removed', async (t) => {
  const dir = await tempFolder(t, 'missing');
  const clock = new VirtualClock();
  const store = await openDiskStore({ dir, memoryBytes: 0, clock, emit: () => undefined });
  t.after(() => store.close());
  const written = true;
  const keyOf = (name: string): string => `example.com/${name}/@v/v1.0.0.mod`;
  const etag = await keep(store, keyOf('aside'), { verified: 'database', written });
  const own = await keep(store, keyOf('first'), { verified: 'first-use', written, mirror: 'a' });
  await keep(store, keyOf('there'), { verified: 'database', written });
  await keep(store, keyOf('adopted'), { verified: 'database' });
  await store.remove(keyOf('adopted'));
  await keep(store, keyOf('removed'), { verified: 'database', written });
  await store.remove(keyOf('removed'));
  await store.removeRecord(provenanceName(keyOf('removed')));
  const record = await keep(store, LOOKUP, { verified: 'database' });
  assert.deepEqual(await missingOf(store), []);

  assert.ok(await store.setAside(keyOf('aside'), etag));
  assert.ok(await store.setAside(keyOf('first'), own));
  assert.ok(await store.setAside(LOOKUP, record));
  assert.deepEqual(await missingOf(store), [keyOf('aside'), keyOf('first'), LOOKUP]);
  assert.deepEqual(await missingOf(store, 'sumdb/sum.example.com/lookup'), [LOOKUP]);

  await keep(store, keyOf('aside'), { verified: 'database', written });
  await keep(store, keyOf('first'), { verified: 'first-use', written, mirror: 'a' });
  // Young files stay.
  await clock.advance(11_000);
  await store.collect({ maxBytes: 0 });
  assert.equal(await store.get(keyOf('first')), undefined, 'it was given up');
  assert.deepEqual(await missingOf(store), [LOOKUP]);
  const left = (await store.getRecord(provenanceName(keyOf('first')))) as Provenance;
  assert.deepEqual([left.verified, left.h1], ['first-use', 'h1:x']);
});
