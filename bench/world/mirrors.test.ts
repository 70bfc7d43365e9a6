import assert from 'node:assert/strict';
import { Agent, get } from 'node:https';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { PROBE_FILE } from '../../src/gomod/health-files.ts';
import { createAuthority } from '../../test/support/certificates.ts';
import { fixtureModule } from '../../test/support/fixture-modules.ts';
import { goCommand, goWorkspace } from '../../test/support/go-command.ts';
import { fetchRaw } from '../../test/support/http-client.ts';
import { testWith } from '../../test/support/requirements.ts';
import { reverseCleanup } from '../../test/support/rondo-process.ts';
import { tempFolder, tempProject, type Cleanup } from '../../test/support/temp-folder.ts';
import { beginTurns } from './fault-turns.ts';
import { databaseKey } from './mirror-files.ts';
import { startMirrors } from './mirrors.ts';
import { bytesSent, timesAsked } from './traffic.ts';

const STEM = '/github.com/!caps/name/@v/v1.2.3';

async function downloads(t: Cleanup): Promise<string> {
  const folder = await tempFolder(t, 'downloads');
  const module = await fixtureModule({ path: 'github.com/Caps/name', version: 'v1.2.3' });
  await mkdir(dirname(join(folder, STEM)), { recursive: true });
  for (const kind of ['info', 'mod', 'zip'] as const)
    await writeFile(join(folder, `${STEM}.${kind}`), module[kind]);
  await writeFile(join(folder, `${STEM}.ziphash`), module.zipH1);
  return folder;
}

await testWith(
  ['go'],
  'the go command takes a folder of downloads and its database from a mirror',
  async (context) => {
    const t = reverseCleanup(context);
    const content = { kind: 'folder', folder: await downloads(t) } as const;
    const mirrors = await startMirrors({ count: 2, content, distance: { latencyMs: 0 } }, t);
    const cwd = await tempProject(t, {
      'go.mod': 'module example.com/x\n\ngo 1.21\n\nrequire github.com/Caps/name v1.2.3\n',
    });
    const goproxy = mirrors.urls[1] ?? '';
    const options = { workspace: await goWorkspace(t), cwd, goproxy, gosumdb: databaseKey() };
    const run = await goCommand(['mod', 'download', '-json', 'github.com/Caps/name'], options);
    assert.equal(run.code, 0, run.stderr);
    const traffic = await mirrors.takeTraffic();
    assert.equal(timesAsked(traffic, `${STEM}.zip`), 1);
    assert.ok(traffic.requests.every(({ mirror, status }) => mirror === 1 && status === 200));
    assert.ok(traffic.requests.some(({ path }) => path.includes('/lookup/')));
    const { body } = await fetchRaw(`${goproxy}${STEM}.zip`);
    assert.equal(bytesSent(traffic, ['zip']), body.length);
    assert.equal((await mirrors.takeTraffic()).requests.length, 1);
  },
);

test('mirrors go bad one by one, and get well', async (context) => {
  const t = reverseCleanup(context);
  const content = { kind: 'folder', folder: await downloads(t) } as const;
  const mirrors = await startMirrors({ count: 2, content, distance: { latencyMs: 1 } }, t);
  const ask = async (mirror: number, suffix = 'mod', headers: Record<string, string> = {}) =>
    fetchRaw(`${mirrors.urls[mirror]}${STEM}.${suffix}`, { headers });
  const { body: zip, headers } = await ask(0, 'zip');
  await mirrors.setFault(0, { kind: 'status', status: 503 }, { kinds: ['mod'] });
  const statuses = [await ask(0), await ask(0, 'zip'), await ask(1)].map(({ status }) => status);
  assert.deepEqual(statuses, [503, 200, 200]);
  await mirrors.setFault('all', { kind: 'short' }, { kinds: ['zip'] });
  const short = await ask(1, 'zip');
  assert.ok(!short.complete && short.body.length === zip.length >> 1);
  const refusedAtMs = await mirrors.setFault(1, { kind: 'refused' });
  assert.equal((await ask(1)).error?.code, 'ECONNREFUSED');
  const goodAtMs = await mirrors.clearFaults('all');
  assert.ok(goodAtMs >= refusedAtMs);
  for (const mirror of [0, 1]) assert.equal((await ask(mirror)).status, 200);
  const rest = await ask(1, 'zip', { range: 'bytes=100-', 'if-range': headers.etag ?? '' });
  assert.deepEqual([rest.status, rest.body], [206, zip.subarray(100)]);
  const { requests } = await mirrors.takeTraffic();
  assert.equal(requests.find(({ status }) => status === 503)?.path, `${STEM}.mod`);
  // The last answer may still be about to end.
  assert.ok(requests.slice(0, -1).every(({ atMs, endMs = 0 }) => endMs >= atMs));
});

test('turns of a row are taken until they are ended', async (context) => {
  const t = reverseCleanup(context);
  const content = { kind: 'any-module' } as const;
  const mirrors = await startMirrors({ count: 3, content, distance: { latencyMs: 0 } }, t);
  const statuses = async () => {
    const all = await Promise.all(mirrors.urls.map((url) => fetchRaw(url + PROBE_FILE.path)));
    return all.map(({ status }) => status);
  };
  const bad = (status: number) => ({ fault: { kind: 'status', status } }) as const;
  const HOUR_MS = 3_600_000;
  const turns = await beginTurns(
    [
      { atMs: 0, mirrors: 'bad', change: bad(503) },
      { atMs: 0, mirrors: 'others', change: bad(500) },
      { atMs: HOUR_MS, mirrors: 'all', change: bad(502) },
    ],
    mirrors,
  );
  assert.deepEqual(await statuses(), [503, 500, 500]);
  await turns.end();
  assert.deepEqual(await statuses(), [200, 200, 200]);
  await turns.end();
});

test('a mirror over TLS answers a connection again and again, and counts it once', async (context) => {
  const t = reverseCleanup(context);
  const authority = createAuthority();
  const certificate = authority.issue(['127.0.0.1']);
  const distance = { latencyMs: 1, handshakeMs: 5 };
  const mirrors = await startMirrors({ count: 1, content: { kind: 'any-module' }, distance, certificate }, t);
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: authority.certPem });
  t.after(async () => agent.destroy());
  const ask = (path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      get(`${mirrors.urls[0]}${path}`, { agent }, (response) => {
        buffer(response).then((body) => resolve(`${response.statusCode} ${body.toString()}`), reject);
      }).on('error', reject);
    });
  assert.equal(await ask('/example.com/!a/@v/v1.0.0.mod'), '200 module example.com/A\n\ngo 1.21\n');
  assert.match(await ask('/example.com/!a/@v/v1.0.0.info'), /^200 \{"Version":"v1\.0\.0"/);
  assert.equal(await ask(PROBE_FILE.path), `200 ${PROBE_FILE.text}`);
  assert.match(await ask('/elsewhere'), /^404 /);
  const traffic = await mirrors.takeTraffic();
  assert.equal(traffic.connections, 1);
  assert.deepEqual(
    traffic.requests.map(({ status }) => status),
    [200, 200, 200, 404],
  );
});
