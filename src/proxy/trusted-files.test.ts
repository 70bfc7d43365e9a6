import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VersionFile } from '../gomod/module-file.ts';
import { storeKey } from '../gomod/store-key.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { createTrustedFiles } from './trusted-files.ts';

const FILE: VersionFile = { kind: 'mod', module: 'example.com/m', version: 'v1.0.0' };
const KEY = storeKey(FILE);

test('only what was proven is recalled, and no longer once the file is another one', async () => {
  const store = createMemoryStore(new VirtualClock());
  const trusted = createTrustedFiles({ store, emit: () => undefined });
  assert.equal(trusted.recall(FILE), undefined, 'the copy does not have it');
  const { etag } = await store.put(KEY, { bytes: Buffer.from('module example.com/m\n') });
  assert.equal(trusted.recall(FILE), undefined, 'nobody has checked it');
  await trusted.prove(FILE, { verified: 'database', etag, mirror: 'a', at: 0 });
  assert.deepEqual([trusted.recall(FILE)?.file.etag, trusted.recall(FILE)?.mirror], [etag, 'a']);
  await store.put(KEY, { bytes: Buffer.from('module example.com/replaced\n') });
  assert.equal(trusted.recall(FILE), undefined, 'another program has replaced it');
});

test('a file that an earlier process proved is recalled after it was found once', async () => {
  const store = createMemoryStore(new VirtualClock());
  const { etag } = await store.put(KEY, { bytes: Buffer.from('module example.com/m\n') });
  await createTrustedFiles({ store, emit: () => undefined }).prove(FILE, {
    verified: 'database',
    etag,
    at: 0,
  });
  const trusted = createTrustedFiles({ store, emit: () => undefined });
  assert.equal(trusted.recall(FILE), undefined);
  assert.equal((await trusted.find(FILE)).kind, 'trusted');
  assert.equal(trusted.recall(FILE)?.file.etag, etag);
});

test('a later check of a file does not change where it came from', async () => {
  const store = createMemoryStore(new VirtualClock());
  const trusted = createTrustedFiles({ store, emit: () => undefined });
  const { etag } = await store.put(KEY, { bytes: Buffer.from('module example.com/m\n') });
  await trusted.prove(FILE, { verified: 'first-use', etag, mirror: 'a', written: true, at: 1 });
  await trusted.prove(FILE, { verified: 'database', h1: 'h1:x', etag, at: 2 });
  assert.deepEqual(await store.getRecord(`files/${KEY}`), {
    verified: 'database',
    h1: 'h1:x',
    etag,
    mirror: 'a',
    written: true,
    at: 2,
  });
  assert.equal(trusted.recall(FILE)?.mirror, 'a');
  // The file is another one now: whoever wrote it, it was not Rondo.
  await trusted.prove(FILE, { verified: 'database', etag: '"other"', at: 3 });
  assert.deepEqual(await store.getRecord(`files/${KEY}`), { verified: 'database', etag: '"other"', at: 3 });
});

test('a file with the size and the hash of the one that Rondo wrote is that one, whatever its time', async () => {
  const store = createMemoryStore(new VirtualClock());
  const trusted = createTrustedFiles({ store, emit: () => undefined });
  const written = { verified: 'database', h1: 'h1:x', etag: '"10-abc"', at: 1 } as const;
  const origin = { mirror: 'a', written: true } as const;
  await trusted.prove(FILE, { ...written, ...origin });
  await trusted.prove(FILE, { ...written, etag: '"10-def"', at: 2 });
  assert.deepEqual(await store.getRecord(`files/${KEY}`), { ...written, ...origin, etag: '"10-def"', at: 2 });
  for (const other of [{ etag: '"11-123"' }, { h1: 'h1:y' }, { etag: '"x"' }]) {
    await trusted.prove(FILE, { ...written, ...origin });
    const found = { ...written, etag: '"10-123"', at: 3, ...other };
    await trusted.prove(FILE, found);
    assert.deepEqual(await store.getRecord(`files/${KEY}`), found);
  }
});
