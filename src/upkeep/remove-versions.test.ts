import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fill, indexedCopy, MOD, ZIP } from '../../test/support/indexed-copy.ts';
import { provenanceName } from '../store/provenance.ts';
import { removeVersions } from './remove-versions.ts';

const MINUTE_MS = 60_000;
const signal = new AbortController().signal;

test('a hash goes before its zip, a zip before the rest', async (t) => {
  const copy = await indexedCopy(t);
  await fill(copy);
  await copy.store.put(`${ZIP}hash`, { bytes: Buffer.from('h1:zip') });
  const removed: string[] = [];
  const store = {
    ...copy.store,
    async remove(key: string) {
      removed.push(key);
      await copy.store.remove(key);
    },
  };
  await removeVersions([{ module: 'example.com/m' }], { store, signal });
  assert.deepEqual(removed, [`${ZIP}hash`, ZIP, MOD]);
});

test('what was trusted on first use is remembered when the file is given up, until it is removed on purpose', async (t) => {
  const copy = await indexedCopy(t);
  await fill(copy);
  const { store, clock } = copy;
  const etag = (await store.get(ZIP))?.etag;
  const record = {
    verified: 'first-use',
    h1: 'h1:zip',
    mirror: 'a',
    written: true,
    at: clock.wallMs(),
    etag,
  };
  await store.putRecord(provenanceName(ZIP), record);
  await clock.advance(MINUTE_MS);
  await store.collect({ maxBytes: 0 });
  assert.deepEqual([await store.get(ZIP), await store.get(MOD)], [undefined, undefined]);
  // Not who wrote the file: or else it would count as missing.
  const { mirror: _mirror, written: _written, ...left } = record;
  assert.deepEqual(await store.getRecord(provenanceName(ZIP)), left);
  assert.equal(await store.getRecord(provenanceName(MOD)), undefined, 'the database knows it');
  await removeVersions([{ module: 'example.com/m', version: 'v1.0.1' }], { store, signal });
  assert.deepEqual(await store.getRecord(provenanceName(ZIP)), left);
  await removeVersions([{ module: 'example.com/m', version: 'v1.0.0' }], { store, signal });
  assert.equal(await store.getRecord(provenanceName(ZIP)), undefined);
});
