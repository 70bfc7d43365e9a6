import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test, type TestContext } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { buildDashboard } from '../scripts/building/dashboard.ts';
import { exchangeBytes, fetchRaw } from './support/http-client.ts';
import { startProxy } from './support/proxy-fixture.ts';
import { tempFolder } from './support/temp-folder.ts';
import { ROOT } from './tidy/repository.ts';
import { RondoError } from '../src/errors/rondo-error.ts';
import { createWebFiles } from '../src/host/web-files.ts';

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'user-agent': 'Mozilla/5.0' };

function nothing(): never {
  throw new RondoError('E_BUG', 'not asked');
}

async function served(t: TestContext, isBuilt = true) {
  const folder = await tempFolder(t, 'web');
  const built = join(folder, 'dashboard');
  await writeFile(join(folder, 'secret.js'), 'secret');
  if (isBuilt) {
    await mkdir(join(built, '-', 'ui'), { recursive: true });
    await writeFile(join(built, 'index.html'), '<!doctype html>page');
    await writeFile(join(built, 'notes.txt'), 'secret');
    const script = join(built, '-', 'ui', 'app-BkU2xLq0.js');
    await writeFile(script, 'script');
    await writeFile(`${script}.br`, 'brotli');
    await writeFile(`${script}.gz`, 'gzip');
    await writeFile(join(built, '-', 'ui', 'icon.svg'), '<svg/>');
  }
  const webFiles = createWebFiles(pathToFileURL(`${built}/`));
  return startProxy(t, nothing, { webFiles });
}

test('a browser sees the page, guarded; go and everybody else the text', async (t) => {
  const { url } = await served(t);
  const page = await fetchRaw(`${url}/`, { headers: BROWSER });
  assert.deepEqual([page.status, page.body.toString()], [200, '<!doctype html>page']);
  assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
  assert.equal(page.headers['cache-control'], 'no-cache');
  assert.equal(page.headers['x-content-type-options'], 'nosniff');
  const policy = page.headers['content-security-policy'];
  assert.match(String(policy), /^default-src 'self';.*frame-ancestors 'none'$/);
  for (const headers of [
    {},
    { accept: '*/*' },
    { ...BROWSER, 'user-agent': 'Go-http-client/1.1' },
    { 'user-agent': BROWSER['user-agent'] },
  ]) {
    const { body, headers: got } = await fetchRaw(`${url}/`, { headers });
    assert.match(body.toString(), /^Rondo 1\.2\.3, /);
    assert.equal(got['content-type'], 'text/plain; charset=utf-8');
    assert.doesNotMatch(body.toString(), /not built/);
    assert.ok(body.toString().includes(`\n  ${url}/    the dashboard, in a browser\n`), body.toString());
  }
});

test('the text has the address that the client knows, also behind a proxy that speaks TLS for it', async (t) => {
  const { url } = await startProxy(t, nothing, { basePath: '/go' });
  for (const [proto, scheme] of [
    ['https', 'https'],
    ['https, http', 'https'],
    ['http', 'http'],
    ['gopher://evil', 'http'],
  ] as const) {
    const headers = { host: 'localhost:8443', 'x-forwarded-proto': proto };
    const page = (await fetchRaw(`${url}/`, { headers })).body.toString();
    assert.ok(page.includes(`\n  go env -w GOPROXY=${scheme}://localhost:8443/go,direct\n`), page);
  }
});

test('where it is not built a browser is told how to', async (t) => {
  const { url } = await served(t, false);
  const { status, body } = await fetchRaw(`${url}/`, { headers: BROWSER });
  assert.equal(status, 200);
  assert.match(body.toString(), /npm run build\n$/);
  const plain = (await fetchRaw(`${url}/`)).body.toString();
  assert.doesNotMatch(plain, /dashboard/, 'nobody is sent to what is not there');
  assert.equal((await fetchRaw(`${url}/-/ui/app-BkU2xLq0.js`)).status, 404);
});

test('scripts come compressed as the client takes them, and for good where their name has a hash', async (t) => {
  const { url } = await served(t);
  const ask = async (encoding: string): Promise<(string | undefined)[]> => {
    const headers = { 'accept-encoding': encoding };
    const { body, headers: got } = await fetchRaw(`${url}/-/ui/app-BkU2xLq0.js`, { headers });
    assert.equal(got['content-type'], 'text/javascript; charset=utf-8');
    assert.equal(got['cache-control'], 'public, max-age=31536000, immutable');
    return [body.toString(), got['content-encoding']];
  };
  assert.deepEqual(await ask('gzip, br'), ['brotli', 'br']);
  assert.deepEqual(await ask('gzip, br;q=0'), ['gzip', 'gzip']);
  assert.deepEqual(await ask('identity'), ['script', undefined]);
  const icon = await fetchRaw(`${url}/-/ui/icon.svg`);
  assert.deepEqual([icon.headers['cache-control'], icon.body.toString()], ['no-cache', '<svg/>']);
});

test('what the build makes goes out compressed to whoever takes gzip alone, as browsers do over plain HTTP', async (t) => {
  const built = join(await tempFolder(t, 'web'), 'dashboard');
  const files = await buildDashboard(ROOT, built);
  const { url } = await startProxy(t, nothing, { webFiles: createWebFiles(pathToFileURL(`${built}/`)) });
  for (const { path, sizeBytes } of files) {
    const address = path === 'index.html' ? '/' : `/-/ui/${path}`;
    for (const [encoding, decode] of [
      ['gzip', gunzipSync],
      ['br', brotliDecompressSync],
    ] as const) {
      const headers = { ...BROWSER, 'accept-encoding': encoding };
      const { status, body, headers: got } = await fetchRaw(`${url}${address}`, { headers });
      assert.deepEqual([status, got['content-encoding']], [200, encoding], path);
      assert.ok(body.length < sizeBytes, path);
      assert.deepEqual(decode(body), await readFile(join(built, path)), path);
    }
  }
});

test('spaces without end in Accept-Encoding keep nobody waiting', { timeout: 20_000 }, async (t) => {
  const { url } = await served(t);
  const headers = { 'accept-encoding': `gzip ; q=0 ,a${' '.repeat(9000)}b` };
  // Each of them once kept the process busy for a tenth of a second and more.
  const all = Array.from({ length: 200 }, () => fetchRaw(`${url}/-/ui/app-BkU2xLq0.js`, { headers }));
  for (const { status, body } of await Promise.all(all))
    assert.deepEqual([status, body.toString()], [200, 'script']);
});

test('no path leads out of the folder, to a page or to what no page has', async (t) => {
  const { port, asked } = await served(t);
  for (const path of [
    '/-/ui/../../secret.js',
    '/-/ui/..%2f..%2fsecret.js',
    '/-/ui/%2e%2e/%2e%2e/secret.js',
    '/-/ui/..\\..\\secret.js',
    '/-/ui//etc/passwd',
    '/-/ui/../notes.txt',
    '/-/ui/notes.txt',
    '/-/ui/index.html',
    '/-/ui/../../../../../../../etc/passwd',
    '/-/ui/app-BkU2xLq0.js%00.svg',
    '/-/ui/app-BkU2xLq0.js.br',
    '/-/ui/',
    '/-/ui/constructor',
    '/-/ui',
  ]) {
    const { bytes } = await exchangeBytes(`GET ${path} HTTP/1.1\r\nConnection: close\r\n\r\n`, { port });
    assert.match(bytes.toString(), /^HTTP\/1\.1 404 /, path);
    assert.doesNotMatch(bytes.toString(), /secret|root:|doctype/, path);
  }
  assert.equal(asked.length, 0);
});

test('a page of another origin gets no script', async (t) => {
  const { url } = await served(t);
  const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'script' };
  assert.equal((await fetchRaw(`${url}/-/ui/app-BkU2xLq0.js`, { headers })).status, 403);
});
