import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { execPath } from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { tempFolder } from '../support/temp-folder.ts';

const WRITER = fileURLToPath(new URL('./store-writer.ts', import.meta.url));

test('when the disk takes no more, large files are not stored and everything else goes on', async (t) => {
  const dir = await tempFolder(t, 'full');
  // A limit of file size fails large writes in the middle, as a full disk does, and needs no root.
  const script = `trap '' XFSZ; ulimit -f 256; exec "$0" "$@"`;
  const { stdout } = await promisify(execFile)('sh', ['-c', script, execPath, WRITER, 'meet-limit', dir]);
  const report = JSON.parse(stdout) as { notices: string[] };
  assert.deepEqual(
    { ...report, notices: report.notices.length },
    {
      put: 'E_STORE',
      zipVisible: false,
      modReadable: true,
      spoolWhole: true,
      diskFailed: true,
      notices: 1,
    },
  );
  const left = await readdir(dir, { recursive: true });
  assert.deepEqual(
    left.filter((name) => name.includes('.rondo-')),
    [],
    'nothing half-written stays',
  );
});
