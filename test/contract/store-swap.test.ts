import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { execPath } from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { systemClock } from '../../src/kit/clock.ts';
import { openDiskStore } from '../../src/store/disk-store.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { HEAD } from './crash-content.ts';

const run = promisify(execFile);
const WRITER = fileURLToPath(new URL('store-writer.ts', import.meta.url));
const TIMES = 150;

test('two processes that swap one record lose nothing of what the other one wrote', async (t) => {
  const dir = await tempFolder(t, 'swap');
  await Promise.all([1, 2].map(() => run(execPath, [WRITER, 'count', dir, String(TIMES)])));
  const store = await openDiskStore({ dir, memoryBytes: 0, clock: systemClock, emit: () => undefined });
  t.after(() => store.close());
  assert.deepEqual(await store.getRecord(HEAD), { n: 2 * TIMES });
});
