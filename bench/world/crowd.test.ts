import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { reverseCleanup } from '../../test/support/rondo-process.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { sendCrowd } from './crowd.ts';
import { startMirrors } from './mirrors.ts';
import { timesAsked } from './traffic.ts';

test('a crowd is served where each of it gets these very bytes', async (context) => {
  const t = reverseCleanup(context);
  const folder = await tempFolder(t, 'served');
  await mkdir(join(folder, 'a.b/c/@v'), { recursive: true });
  const [right, wrong, longer] = ['v1.0.0', 'v1.0.1', 'v1.0.2'].map((version) =>
    join(folder, `a.b/c/@v/${version}.zip`),
  ) as [string, string, string];
  const bytes = Buffer.alloc(700_000, 'module');
  const changed = Buffer.from(bytes).fill('x', 699_999);
  await writeFile(right, bytes);
  await writeFile(wrong, changed);
  await writeFile(longer, Buffer.concat([bytes, Buffer.from('!')]));
  const content = { kind: 'folder', folder } as const;
  const mirrors = await startMirrors({ count: 1, content, distance: { latencyMs: 0 } }, t);
  const [url = ''] = mirrors.urls;
  const send = async (version: string) => {
    const crowd = {
      url: `${url}/a.b/c/@v/${version}.zip`,
      clients: 20,
      expectedFile: right,
      limitMs: 10_000,
    };
    const { served, errors } = await sendCrowd(crowd, t);
    return { served, errors };
  };
  assert.deepEqual(await send('v1.0.0'), { served: 20, errors: {} });
  assert.deepEqual(await send('v1.0.1'), { served: 0, errors: { 'other bytes': 20 } });
  assert.deepEqual(await send('v1.0.2'), { served: 0, errors: { 'other bytes': 20 } });
  assert.deepEqual(await send('v1.0.9'), { served: 0, errors: { 'status 404': 20 } });
  const traffic = await mirrors.takeTraffic();
  assert.equal(timesAsked(traffic, '/a.b/c/@v/v1.0.0.zip'), 20);
  assert.equal(traffic.connections, 80);
});
