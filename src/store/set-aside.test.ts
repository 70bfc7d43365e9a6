import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { systemClock } from '../kit/clock.ts';
import { moveAside } from './set-aside.ts';

const KEY = 'example.com/m/@v/v1.0.0.mod';

test('where the quarantine cannot be looked into nothing is moved, and that is an error', async (t) => {
  const dir = await tempFolder(t);
  const [root, quarantine] = [join(dir, 'root'), join(dir, 'quarantine')];
  const path = join(root, KEY);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, 'wrong');
  // A link to itself fails for everybody, as a folder of another user does for all but root.
  await symlink(quarantine, quarantine);
  await assert.rejects(moveAside(root, KEY, quarantine, systemClock, process.platform), { code: 'ELOOP' });
  assert.equal(await readFile(path, 'utf8'), 'wrong');
});

test('a name that a dangling link has is taken', async (t) => {
  const dir = await tempFolder(t);
  const [root, quarantine] = [join(dir, 'root'), join(dir, 'quarantine')];
  for (const folder of [root, quarantine]) await mkdir(dirname(join(folder, KEY)), { recursive: true });
  await writeFile(join(root, KEY), 'wrong');
  await symlink('nowhere', join(quarantine, KEY));
  assert.equal(
    await moveAside(root, KEY, quarantine, systemClock, process.platform),
    join(quarantine, `${KEY}.2`),
  );
  assert.deepEqual(await readdir(dirname(join(quarantine, KEY))), ['v1.0.0.mod', 'v1.0.0.mod.2']);
});
