import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { goEnvironment, goWorkspace } from '../support/go-command.ts';
import { exchangeBytes, fetchRaw, type RawAnswer, type RawRequest } from '../support/http-client.ts';
import { moduleOf } from '../support/fixture-world.ts';
import '../support/loopback-only.ts';
import type { MirrorProcess } from '../support/mirror-process.ts';
import { reverseCleanup, serveRondo, type ServedRondo } from '../support/rondo-process.ts';
import { askedOf, chainOf, copyFiles, DATABASE, startMirrors, WORLD } from './bench.ts';

const LEAF = moduleOf(WORLD, 'example.com/leaf', 'v1.1.0');
const ZIP = '/example.com/leaf/@v/v1.1.0.zip';
const FOR_EVER = 'public, max-age=31536000, immutable';

type Bench = {
  readonly rondo: ServedRondo;
  readonly mirrors: readonly MirrorProcess[];
  ask(path: string, how?: RawRequest): Promise<RawAnswer>;
  /** Resolves once the copy answers for this path: a client does not wait for the disk. */
  kept(path: string): Promise<void>;
};

async function bench(context: TestContext, config = ''): Promise<Bench> {
  const t = reverseCleanup(context);
  const mirrors = await startMirrors(t, ['a', 'b']);
  const workspace = await goWorkspace(t);
  const env = goEnvironment({ workspace, goproxy: chainOf(mirrors), gosumdb: DATABASE.key });
  const rondo = await serveRondo(t, { env, config });
  const ask = (path: string, how?: RawRequest): Promise<RawAnswer> => fetchRaw(`${rondo.url}${path}`, how);
  const kept = async (path: string): Promise<void> => {
    const giveUpAtMs = Date.now() + 30_000;
    while ((await ask(path)).headers['x-rondo-cache'] !== 'hit') {
      assert.ok(Date.now() < giveUpAtMs, `${path} is not kept`);
      await sleep(10);
    }
  };
  return { rondo, mirrors, ask, kept };
}

function refused(answer: RawAnswer, status: number, words: RegExp): void {
  assert.equal(answer.status, status, answer.body.toString());
  assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
  assert.match(answer.body.toString(), words);
}

test('every endpoint has its status, type, caching and bytes, cold and from the copy', async (t) => {
  const { ask, kept } = await bench(t);
  const text = 'text/plain; charset=utf-8';
  const { name } = DATABASE;
  const table: [path: string, type: string, body: Buffer | string, caching: RegExp][] = [
    ['/example.com/leaf/@v/list', text, 'v1.0.0\nv1.1.0\nv1.2.0-rc.1\n', /^public, max-age=\d\d?$/],
    ['/example.com/leaf/@latest', 'application/json', LEAF.info, /^public, max-age=\d\d?$/],
    ['/example.com/leaf/@v/v1.info', 'application/json', LEAF.info, /^public, max-age=\d\d?$/],
    ['/example.com/leaf/@v/v1.1.0.info', 'application/json', LEAF.info, new RegExp(FOR_EVER)],
    ['/example.com/leaf/@v/v1.1.0.mod', text, LEAF.mod, new RegExp(FOR_EVER)],
    [ZIP, 'application/zip', LEAF.zip, new RegExp(FOR_EVER)],
    ['/example.com/untagged/@v/list', text, '', /^public/],
    [`/sumdb/${name}/supported`, text, '', /./],
    [`/sumdb/${name}/latest`, text, DATABASE.answer('/latest').body, /^public, max-age=\d\d?$/],
    [
      `/sumdb/${name}/lookup/example.com/leaf@v1.1.0`,
      text,
      DATABASE.answer('/lookup/example.com/leaf@v1.1.0').body,
      /^public, max-age=86400$/,
    ],
    [
      `/sumdb/${name}/tile/8/0/000.p/3`,
      'application/octet-stream',
      DATABASE.answer('/tile/8/0/000.p/3').body,
      /./,
    ],
  ];
  for (const [path, type, body, caching] of table) {
    for (const round of ['cold', 'again']) {
      if (round === 'again') await kept(path);
      const answer = await ask(path);
      assert.equal(answer.status, 200, `${path} ${round}: ${answer.body.toString()}`);
      assert.ok(answer.complete);
      assert.equal(answer.headers['content-type'], type, path);
      assert.deepEqual(answer.body, Buffer.from(body), path);
      assert.match(answer.headers['cache-control'] ?? '', caching, path);
      const cached = round === 'cold' ? /^(?:miss|coalesced|hit)$/ : /^hit$/;
      assert.match(String(answer.headers['x-rondo-cache']), cached, `${path} ${round}`);
      assert.ok(answer.headers['server-timing'] !== undefined);
    }
  }
});

test('the answers of a checksum database say which mirrors were asked, and what each said', async (t) => {
  const { ask, mirrors } = await bench(t);
  await mirrors[0]?.setFault({ kind: 'status', status: 500 }, { kinds: ['sumdb'] });
  const { name } = DATABASE;
  for (const path of [
    `/sumdb/${name}/lookup/example.com/leaf@v1.1.0`,
    `/sumdb/${name}/tile/8/data/000.p/1`,
  ]) {
    const { status, headers } = await ask(path);
    assert.deepEqual([status, headers['x-rondo-cache']], [200, 'miss'], path);
    assert.match(String(headers['x-rondo-tried']), /(?:^|; )\S+: 200 \(\d+ ms\)$/, path);
  }
});

test('HEAD tells the same headers without a body; of a cold file it fetches nothing', async (t) => {
  // On a busy machine a hedge would ask the second mirror as well.
  const { ask, mirrors, rondo, kept } = await bench(t, '[hedge]\ntokens = 0\n');
  const cold = await ask(ZIP, { method: 'HEAD' });
  assert.deepEqual([cold.status, cold.body.length], [200, 0]);
  assert.equal(cold.headers['content-length'], String(LEAF.zip.length));
  const methods = (await Promise.all(mirrors.map(askedOf))).flat().filter(({ path }) => path === ZIP);
  assert.deepEqual(
    methods.map(({ method }) => method),
    ['HEAD'],
  );
  assert.deepEqual(await copyFiles(rondo.cacheDir), [], 'nothing is kept, not even an empty file');
  await kept(ZIP);
  const whole = await ask(ZIP);
  const { headers } = await ask(ZIP, { method: 'HEAD' });
  assert.equal(headers['content-length'], String(whole.body.length));
  assert.equal(headers['content-type'], 'application/zip');
  assert.ok(headers.etag !== undefined);
});

test('Range and conditional requests work on files of the copy', async (t) => {
  const { ask, kept } = await bench(t);
  const range = (value: string, more: Record<string, string> = {}): Promise<RawAnswer> =>
    ask(ZIP, { headers: { range: value, ...more } });
  const cold = await range('bytes=2-5');
  assert.deepEqual([cold.status, cold.body], [200, LEAF.zip], 'a cold file comes whole');
  await kept(ZIP);
  const part = await range('bytes=2-5');
  assert.deepEqual([part.status, part.body], [206, LEAF.zip.subarray(2, 6)]);
  assert.equal(part.headers['content-range'], `bytes 2-5/${LEAF.zip.length}`);
  assert.deepEqual((await range('bytes=-4')).body, LEAF.zip.subarray(-4));
  assert.equal((await range(`bytes=${LEAF.zip.length}-`)).status, 416);
  const etag = part.headers.etag ?? '';
  assert.match(etag, /^"[^"]+"$/, 'a strong one');
  assert.equal((await range('bytes=2-5', { 'if-range': etag })).status, 206);
  assert.equal((await range('bytes=2-5', { 'if-range': '"another"' })).status, 200);
  const known = await ask(ZIP, { headers: { 'if-none-match': etag } });
  assert.deepEqual([known.status, known.body.length, known.headers.etag], [304, 0, etag]);
  assert.equal((await ask(ZIP, { headers: { 'if-none-match': '"another"' } })).status, 200);
});

test('what is no GET or HEAD is 405, what is too long 414 or 431', async (t) => {
  const { ask, rondo } = await bench(t);
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    const answer = await ask(ZIP, { method });
    refused(answer, 405, /./);
    assert.equal(answer.headers.allow, 'GET, HEAD', method);
  }
  refused(await ask(`/${'a/'.repeat(6000)}@v/list`), 414, /./);
  const port = Number(new URL(rondo.url).port);
  const huge = `GET /${'a'.repeat(1_000_000)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
  assert.match((await exchangeBytes(huge, { port })).bytes.toString(), /^HTTP\/1\.1 4(?:14|31) /);
  const headers = `GET ${ZIP} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ${'a'.repeat(100_000)}\r\n\r\n`;
  assert.match((await exchangeBytes(headers, { port })).bytes.toString(), /^HTTP\/1\.1 431 /);
  assert.match((await exchangeBytes('nonsense\r\n\r\n', { port })).bytes.toString(), /^HTTP\/1\.1 400 /);
  assert.equal((await ask('/healthz')).status, 200, 'it lives on');
});

test('malformed names and escapes are 404, and never reach a mirror or the disk', async (t) => {
  const { rondo, mirrors } = await bench(t);
  const port = Number(new URL(rondo.url).port);
  const bad = [
    '/example.com/Leaf/@v/list', // raw capital
    '/example.com/leaf!/@v/list',
    '/example.com/!Leaf/@v/list',
    '/example.com/le!1af/@v/list',
    '/example.com/../etc/@v/list',
    '/example.com/%2e%2e/passwd/@v/list',
    '/../../../../etc/passwd',
    '/example.com//leaf/@v/list',
    '/example.com/leaf%00/@v/list',
    '/example.com/leaf%0a/@v/list',
    '/example.com/l%C3%A4f/@v/list',
    '/example.com/leaf%zz/@v/list',
    '/example.com/leaf%/@v/list',
    '/example.com/leaf/@v/..%2f..%2fsecret.zip',
    '/example.com/leaf/@v/v1.1.0.exe',
    '/example.com/leaf/@v/v1.zip', // no canonical version
    '/example.com/leaf/@v/',
    '/example.com/leaf/@v',
    '/example.com/leaf',
    '/sumdb/other.example/supported',
    `/sumdb/${DATABASE.name}/lookup/example.com/Leaf@v1.1.0`,
    `/sumdb/${DATABASE.name}/tile/8/0/999999999`,
  ];
  for (const path of bad) {
    // Written by hand: a client would tidy these up.
    const { bytes } = await exchangeBytes(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
      {
        port,
      },
    );
    assert.match(bytes.toString(), /^HTTP\/1\.1 404 Not Found\r\n/, path);
    assert.match(bytes.toString(), /\r\n\r\nnot found: /, path);
  }
  for (const mirror of mirrors) assert.deepEqual(await askedOf(mirror), []);
});

test('Disable-Module-Fetch answers from the copy only', async (t) => {
  const { ask, mirrors, kept } = await bench(t);
  const headers = { 'disable-module-fetch': 'true' };
  for (const path of [ZIP, '/example.com/leaf/@v/list', '/example.com/leaf/@latest']) {
    const missed = await ask(path, { headers });
    refused(missed, 404, /^not found: /);
    assert.equal(missed.headers['cache-control'], 'no-store');
    assert.match(missed.headers.vary ?? '', /Disable-Module-Fetch/i);
  }
  for (const mirror of mirrors) assert.deepEqual(await askedOf(mirror), []);
  await kept(ZIP);
  assert.deepEqual((await ask(ZIP, { headers })).body, LEAF.zip);
});

test('its own pages say how it is', async (t) => {
  const { ask, mirrors } = await bench(t);
  assert.deepEqual((await ask('/healthz')).body.toString(), 'ok\n');
  assert.equal((await ask('/readyz')).status, 200);
  const version = JSON.parse((await ask('/version')).body.toString()) as Record<string, unknown>;
  assert.equal(version['name'], 'rondo');
  assert.match(String(version['version']), /^\d+\.\d+\.\d+/);
  await ask(ZIP);
  const metrics = await ask('/metrics');
  assert.match(metrics.headers['content-type'] ?? '', /^text\/plain; version=0\.0\.4/);
  assert.match(metrics.body.toString(), /^rondo_requests_total\{kind="zip",status="200",cache="miss"\} 1$/m);
  const shown = JSON.parse((await ask('/-/api/mirrors')).body.toString()) as {
    mirrors: Record<string, unknown>[];
  };
  assert.deepEqual(
    shown.mirrors.map(({ url, status }) => [String(url).replace(/\/$/, ''), status]),
    mirrors.map(({ url }) => [url, 'HEALTHY']),
  );
  assert.equal((await ask('/-/api/mirrors', { method: 'POST' })).status, 415);
  assert.equal((await ask('/-/api/mirrors', { method: 'PUT' })).status, 405);
  refused(await ask('/-/nothing'), 404, /^not found: /);
});

test('everything lives under base_path, and nothing beside it', async (t) => {
  const { rondo, ask } = await bench(t, '[server]\nbase_path = /go/proxy\n');
  assert.match(rondo.url, /\/go\/proxy$/);
  assert.deepEqual((await ask(ZIP)).body, LEAF.zip);
  assert.equal((await ask('/healthz')).status, 200);
  refused(await fetchRaw(`${new URL(rondo.url).origin}${ZIP}`), 404, /^not found: /);
});
