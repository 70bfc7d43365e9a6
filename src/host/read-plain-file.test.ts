import assert from 'node:assert/strict';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { makePipe } from '../../test/support/named-pipe.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { readPlainFile, readPlainText } from './read-plain-file.ts';

test('a file is read to its end, or as far as it may be', async (t) => {
  const path = join(await tempFolder(t), 'file');
  for (const size of [0, 1, 64 * 1024, 200_000]) {
    await writeFile(path, 'x'.repeat(size));
    assert.equal((await readPlainText(path, 200_000))?.length, size);
    assert.equal((await readPlainText(path, size))?.length, size);
    if (size === 0) continue;
    assert.equal(await readPlainText(path, size - 1), undefined);
    const { bytes, isWhole } = await readPlainFile(path, size - 1);
    assert.deepEqual([bytes.length, isWhole], [size - 1, false]);
  }
});

test('what is no file is neither waited for nor read without an end', async (t) => {
  const folder = await tempFolder(t);
  makePipe(join(folder, 'pipe'));
  await symlink('pipe', join(folder, 'link'));
  await symlink('/dev/zero', join(folder, 'zero'));
  for (const name of ['.', 'pipe', 'link', 'zero'])
    await assert.rejects(readPlainFile(join(folder, name), 1000), { message: 'it is no file' }, name);
  await assert.rejects(readPlainFile(join(folder, 'absent'), 1000), { code: 'ENOENT' });
});
