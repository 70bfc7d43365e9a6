import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { fill, FOREIGN, indexedCopy, LOOKUP, MOD, ZIP } from '../../test/support/indexed-copy.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { diskStoreFolders } from './disk-store.ts';
import { walkKeys } from './walk-keys.ts';

/** Names that people and other programs put into a folder, on a system that lets them. */
const ODD = ['Icon\r', 'a\\b', 'x\\y/inside', 'tab\there/inside', '.DS_Store', 'example.com/m/@v/odd\n.mod'];

async function putOddNames(root: string): Promise<void> {
  for (const name of ODD) {
    const path = join(root, ...name.split('/'));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'x');
  }
}

test('names that no key has are passed over, whatever else is in the folder', async (t) => {
  const copy = await indexedCopy(t);
  await fill(copy);
  const { download } = diskStoreFolders(copy.dir);
  await putOddNames(download);
  const all = [FOREIGN, MOD, ZIP, LOOKUP].toSorted();
  const keys = (await Array.fromAsync(copy.store.keys(''))).filter((key) => key !== '.DS_Store');
  assert.deepEqual(keys.toSorted(), all);
  assert.deepEqual(await copy.store.names('example.com/m/@v'), [MOD, ZIP]);
  await writeFile(join(diskStoreFolders(copy.dir).records, 'files/example.com/m/@v/a\\b.json'), '{}');
  assert.deepEqual(
    (await copy.store.recordNames('files/example.com/m/@v')).map((name) => name.slice('files/'.length)),
    [MOD, ZIP],
  );
});

test('an index that is made anew beside them has every file, and can be given up to the bound', async (t) => {
  const copy = await indexedCopy(t);
  await fill(copy);
  await putOddNames(diskStoreFolders(copy.dir).download);
  assert.equal(await copy.store.index.compare('now'), true);
  assert.deepEqual((await copy.store.index.totals())?.own, { files: 2, bytes: 1021 });
  await copy.clock.advance(11_000);
  assert.equal((await copy.store.collect({ maxBytes: 0 })).files, 2);
});

test('no name that a folder may have ends a walk', async (t) => {
  const dir = await tempFolder(t);
  const element = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 12 })
    .filter((name) => !/[/\0]/.test(name) && name !== '.' && name !== '..' && name.isWellFormed());
  let round = 0;
  const property = fc.asyncProperty(fc.uniqueArray(element, { maxLength: 6 }), async (names) => {
    const root = join(dir, String((round += 1)));
    for (const name of names) await mkdir(join(root, name), { recursive: true });
    for (const name of names) await writeFile(join(root, name, 'file'), '');
    await mkdir(join(root, 'example.com'), { recursive: true });
    await writeFile(join(root, 'example.com', 'right'), '');
    const keys = await Array.fromAsync(walkKeys(root, '', process.platform));
    assert.ok(keys.includes('example.com/right'));
    assert.ok(keys.length <= names.length + 1);
  });
  await fc.assert(property, { numRuns: 60 });
});
