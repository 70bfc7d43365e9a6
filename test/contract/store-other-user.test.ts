import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, chown, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { diskStoreFolders } from '../../src/store/disk-store.ts';
import { testWith } from '../support/requirements.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { OTHER_USER } from './other-user.ts';

const PROGRAM = fileURLToPath(new URL('./other-user.ts', import.meta.url));
const MOD = 'example.com/m/@v/v1.0.0.mod';
const SECRET = 'secret.example/m/@v/v1.0.0.mod';

await testWith(
  ['root'],
  'a copy of another user: what may be read is served, the rest is told, and it recovers with the permissions',
  async (t) => {
    const dir = await tempFolder(t, 'other-user');
    const forbidden = await tempFolder(t, 'forbidden');
    const { download, records, spool } = diskStoreFolders(dir);
    for (const folder of [records, spool]) await mkdir(folder, { recursive: true });
    for (const key of [MOD, SECRET]) {
      await mkdir(dirname(join(download, key)), { recursive: true });
      await writeFile(join(download, key), key);
    }
    await chmod(dir, 0o755);
    await chmod(join(download, 'secret.example'), 0o700);

    const child = spawn(execPath, [PROGRAM, dir, forbidden], { stdio: ['pipe', 'pipe', 'inherit'] });
    t.after(() => child.kill('SIGKILL'));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> => JSON.parse(String((await lines.next()).value));
    const words = 'permission denied (EACCES)';
    assert.deepEqual(await next(), {
      mod: MOD,
      secret: `E_STORE: cannot read ${SECRET} from the copy: ${words}`,
      puts: Array.from({ length: 2 }, () => `E_STORE: cannot keep example.com/new/@v/v1.0.0.mod: ${words}`),
      writable: words,
      elsewhere: `E_CACHE_DIR: cannot use the cache folder ${join(forbidden, 'new')}: ${words}`,
      told: [
        `error: the copy cannot be written, answers go on without being kept: ${words}; make the cache folder writable for this user`,
        'warn: the index of the copy does not work, and its size is not kept in bounds: unable to open database file',
      ],
    });

    for (const name of ['', ...(await readdir(dir, { recursive: true }))]) {
      await chown(join(dir, name), OTHER_USER, OTHER_USER);
    }
    child.stdin.write('go on\n');
    const after = (await next()) as { writable?: string; keys: string[]; told: string[] };
    assert.equal(after.writable, undefined);
    assert.deepEqual(after.keys, [MOD, 'example.com/new/@v/v1.0.0.mod', SECRET]);
    assert.deepEqual(after.told.toSorted(), [
      'info: the copy can be written again',
      'info: the index of the copy works again',
    ]);
  },
);
