import assert from 'node:assert/strict';
import { mkdir, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { tempFolder, type Cleanup } from '../../test/support/temp-folder.ts';
import { systemClock } from '../kit/clock.ts';
import { openPlainFolder, type PlainFolder } from './plain-folder.ts';

const KEY = 'example.com/m/@v/v1.0.0.mod';
const SECRET = 'SECRET OF SOMEBODY ELSE\n';
/** Where the system says where an opened file lies, and where it has to be found out. */
const PLATFORMS = ['linux', 'darwin'] as const;
const IS_LINK = { code: 'E_STORE', message: /is, or lies behind, a link, which is not followed/ };

type Sent = {
  readonly folder: PlainFolder;
  /** Where the file of KEY is. */
  readonly path: string;
  /** A file of somebody else's, outside, which has the same name in its folder. */
  readonly secret: string;
};

async function sentFolder(t: Cleanup, platform: NodeJS.Platform, content: string): Promise<Sent> {
  const dir = await tempFolder(t);
  const path = join(dir, 'sent', KEY);
  const secret = join(dir, 'home', 'v1.0.0.mod');
  for (const file of [path, secret]) await mkdir(dirname(file), { recursive: true });
  await writeFile(path, content);
  await writeFile(secret, content.length === SECRET.length ? SECRET : content.replace(/^./, 'S'));
  const folder = await openPlainFolder(join(dir, 'sent'), systemClock, platform);
  return { folder, path, secret };
}

/** Puts a link in place of a file or folder, as its owner may at any moment. */
async function swap(path: string, target: string): Promise<void> {
  await rename(path, `${path}.before`);
  await symlink(target, path);
}

for (const platform of PLATFORMS) {
  test(`a link that has taken the place of a file or of its folder is not followed (${platform})`, async (t) => {
    const content = 'module example.com/m   \n';
    const file = await sentFolder(t, platform, content);
    assert.equal((await file.folder.get(KEY))?.bytes?.toString(), content);
    await swap(file.path, file.secret);
    await assert.rejects(file.folder.get(KEY), IS_LINK);
    const parent = await sentFolder(t, platform, content);
    await swap(dirname(parent.path), dirname(parent.secret));
    await assert.rejects(parent.folder.get(KEY), IS_LINK);
  });

  test(`nor one that comes between a look at a large file and its reading (${platform})`, async (t) => {
    for (const what of ['file', 'folder'] as const) {
      const { folder, path, secret } = await sentFolder(t, platform, 'm'.repeat(100_000));
      // Whoever can see the other file can give their own the same time and size.
      for (const each of [path, secret]) await utimes(each, 1_700_000_000, 1_700_000_000);
      const found = await folder.get(KEY);
      assert.ok(found !== undefined && found.bytes === undefined);
      assert.equal((await text(found.open())).length, 100_000);
      if (what === 'file') await swap(path, secret);
      else await swap(dirname(path), dirname(secret));
      await assert.rejects(text(found.open()), IS_LINK);
      await assert.rejects(Array.fromAsync(found.lend?.() ?? []), IS_LINK);
    }
  });
}

test('the tree of a checksum database is not read through a link either', async (t) => {
  const db = 'sum.example.org';
  const { folder, secret } = await sentFolder(t, process.platform, SECRET);
  await mkdir(join(folder.path, 'sumdb', db), { recursive: true });
  await symlink(secret, join(folder.path, 'sumdb', db, 'latest'));
  assert.equal(await folder.latestTree(db), undefined);
});
