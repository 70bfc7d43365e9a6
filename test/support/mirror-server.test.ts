import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { test } from 'node:test';
import { ChecksumDatabase } from './checksum-database.ts';
import { moduleOf, standardWorld, UNTAGGED_VERSION } from './fixture-world.ts';
import { fetchRaw } from './http-client.ts';
import './loopback-only.ts';
import { createMirrorServer, type Mirror, type MirrorOptions } from './mirror-server.ts';
import type { Cleanup } from './temp-folder.ts';

const world = await standardWorld();
const database = ChecksumDatabase.over(world.modules);
const leaf = moduleOf(world, 'example.com/leaf', 'v1.0.0');

async function mirrorOf(t: Cleanup, options: Partial<MirrorOptions> = {}): Promise<Mirror> {
  const mirror = await createMirrorServer({ ...world, database, ...options });
  t.after(() => mirror.stop());
  return mirror;
}

test('every kind of file is answered as the GOPROXY protocol says', async (t) => {
  const mirror = await mirrorOf(t);
  const expected: [string, number, RegExp, string | RegExp][] = [
    ['/example.com/leaf/@v/list', 200, /^text\/plain/, 'v1.0.0\nv1.1.0\nv1.2.0-rc.1\n'],
    ['/example.com/leaf/@latest', 200, /json/, /"Version":"v1\.1\.0"/],
    ['/example.com/leaf/@v/v1.info', 200, /json/, /"Version":"v1\.1\.0"/],
    ['/example.com/leaf/@v/v1.0.0.mod', 200, /^text\/plain/, leaf.mod.toString()],
    ['/example.com/m/sub/@v/v0.2.0.info', 200, /json/, '{"Version":"v0.2.0"}'],
    ['/example.com/preview/@v/list', 200, /^text\/plain/, 'v0.1.0-alpha.1\nv0.1.0-beta.2\n'],
    ['/example.com/preview/@latest', 200, /json/, /beta\.2"/],
    ['/example.com/untagged/@v/list', 200, /^text\/plain/, ''],
    ['/example.com/untagged/@latest', 200, /json/, new RegExp(UNTAGGED_VERSION)],
    ['/example.com/untagged/@v/main.info', 200, /json/, new RegExp(UNTAGGED_VERSION)],
    ['/github.com/!fixture/!caps/@v/v1.0.0.info', 200, /json/, /v1\.0\.0/],
    ['/github.com/Fixture/Caps/@v/v1.0.0.info', 404, /^text\/plain/, /^not found: github/],
    ['/example.com/@v/list', 404, /^text\/plain/, /^not found: example\.com/],
    ['/sumdb/sum.rondo.test/supported', 200, /^text\/plain/, ''],
    ['/sumdb/sum.rondo.test/latest', 200, /^text\/plain/, /^go\.sum database tree\n/],
    ['/sumdb/other.test/supported', 404, /^text\/plain/, /not found/],
  ];
  for (const [path, status, type, body] of expected) {
    const answer = await fetchRaw(mirror.url + path);
    assert.equal(answer.status, status, path);
    assert.match(answer.headers['content-type'] ?? '', type, path);
    if (typeof body === 'string') assert.equal(answer.body.toString(), body, path);
    else assert.match(answer.body.toString(), body, path);
  }
});

test('HEAD, ranges and conditions work on files, unless the mirror has none', async (t) => {
  const mirror = await mirrorOf(t);
  const url = `${mirror.url}/example.com/leaf/@v/v1.0.0.zip`;
  const whole = await fetchRaw(url);
  assert.deepEqual(whole.body, leaf.zip);
  const head = await fetchRaw(url, { method: 'HEAD' });
  assert.deepEqual(
    [head.status, head.body.length, head.headers['content-length']],
    [200, 0, `${leaf.zip.length}`],
  );
  const etag = whole.headers.etag ?? '';
  const middle = await fetchRaw(url, { headers: { range: 'bytes=10-19', 'if-range': etag } });
  assert.deepEqual([middle.status, middle.body], [206, leaf.zip.subarray(10, 20)]);
  assert.equal(middle.headers['content-range'], `bytes 10-19/${leaf.zip.length}`);
  const end = await fetchRaw(url, { headers: { range: 'bytes=-5' } });
  assert.deepEqual([end.status, end.body], [206, leaf.zip.subarray(-5)]);
  const changed = await fetchRaw(url, { headers: { range: 'bytes=10-19', 'if-range': '"other"' } });
  assert.deepEqual([changed.status, changed.body.length], [200, leaf.zip.length]);
  assert.equal((await fetchRaw(url, { headers: { range: `bytes=${leaf.zip.length}-` } })).status, 416);
  assert.equal((await fetchRaw(url, { headers: { 'if-none-match': etag } })).status, 304);

  const plain = await mirrorOf(t, { ranges: false });
  const ignored = await fetchRaw(`${plain.url}/example.com/leaf/@v/v1.0.0.zip`, {
    headers: { range: 'bytes=1-2' },
  });
  assert.deepEqual(
    [ignored.status, ignored.headers.etag, ignored.body.length],
    [200, undefined, leaf.zip.length],
  );
});

test('the log tells path, status, headers and connection; it can be reset', async (t) => {
  const mirror = await mirrorOf(t, { basePath: '/goproxy' });
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  assert.equal(mirror.url, `http://127.0.0.1:${mirror.port}/goproxy`);
  await fetchRaw(`${mirror.url}/example.com/leaf/@v/list`, { agent, headers: { 'x-test': '1' } });
  await fetchRaw(`${mirror.url}/example.com/none/@v/list`, { agent });
  await fetchRaw(`http://127.0.0.1:${mirror.port}/example.com/leaf/@v/list`);
  const requests = await mirror.requests();
  assert.deepEqual(
    requests.map(({ path, status, connection, complete }) => [path, status, connection, complete]),
    [
      ['/example.com/leaf/@v/list', 200, 1, true],
      ['/example.com/none/@v/list', 404, 1, true],
      ['/example.com/leaf/@v/list', 404, 2, true],
    ],
  );
  assert.equal(requests[0]?.headers['x-test'], '1');
  assert.ok(Math.abs((requests[0]?.atMs ?? 0) - Date.now()) < 60_000);
  await mirror.resetLog();
  assert.deepEqual(await mirror.requests(), []);
});

test('publish replaces what is served', async (t) => {
  const mirror = await mirrorOf(t, { modules: [] });
  const url = `${mirror.url}/example.com/leaf/@v/list`;
  assert.equal((await fetchRaw(url)).status, 404);
  await mirror.publish(world);
  assert.equal((await fetchRaw(url)).status, 200);
});
