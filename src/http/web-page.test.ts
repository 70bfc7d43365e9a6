import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { exchangeBytes } from '../../test/support/http-client.ts';
import { startProxy } from '../../test/support/proxy-fixture.ts';
import type { Reply } from '../proxy/reply.ts';

const MODULE = '/example.org/m/@v/v1.0.0.mod';
const SUMDB = '/sumdb/sum.example.org/latest';
const PAGES = ['/', '/healthz', '/readyz', '/version', '/metrics', '/.well-known/go-proxy-sync'];
const EVERYTHING = [MODULE, SUMDB, '/example.org/m/@v/list', ...PAGES];

const LINK = ['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'];
const CROSS = 'Sec-Fetch-Site: cross-site';

function world(): Reply {
  return { kind: 'bytes', bytes: Buffer.from('x'), contentType: 'text/plain', maxAgeS: 0, cache: 'hit' };
}

async function asker(t: TestContext) {
  const { port, asked } = await startProxy(t, () => world());
  const ask = async (path: string, headers: readonly string[], method = 'GET'): Promise<string> => {
    const head = [`${method} ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, 'Connection: close', ...headers];
    const { bytes } = await exchangeBytes(`${head.join('\r\n')}\r\n\r\n`, { port });
    return bytes.toString();
  };
  const statusOf = async (path: string, headers: readonly string[], method = 'GET'): Promise<number> =>
    Number((await ask(path, headers, method)).slice(9, 12));
  return { port, asked, ask, statusOf };
}

test('a page of another origin is refused whatever it asks for, and no mirror hears of it', async (t) => {
  const { asked, ask, statusOf } = await asker(t);
  for (const headers of [
    [CROSS],
    [CROSS, 'Sec-Fetch-Mode: no-cors', 'Sec-Fetch-Dest: image'],
    [CROSS, 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: iframe'],
    ['Sec-Fetch-Site: same-site', 'Sec-Fetch-Mode: cors'],
    ['Sec-Fetch-Site: none', CROSS],
    ['Sec-Fetch-Site: '],
    ['Origin: https://evil.example'],
    ['Origin: null'],
    ['Origin: http://127.0.0.1:1'],
    ['Origin: file://127.0.0.1'],
  ]) {
    for (const path of EVERYTHING) {
      for (const method of ['GET', 'HEAD'])
        assert.equal(await statusOf(path, headers, method), 403, `${method} ${path} ${headers.join()}`);
    }
  }
  assert.equal(asked.length, 0);
  assert.match(
    await ask(MODULE, [CROSS]),
    /no-store[^]*\r\n\r\na web page of another origin asks: [^\n]+\n$/,
  );
});

test('a link may lead to one of its own pages, and to no module', async (t) => {
  const { asked, statusOf } = await asker(t);
  for (const path of PAGES) assert.equal(await statusOf(path, [CROSS, ...LINK]), 200, path);
  for (const path of [MODULE, SUMDB]) assert.equal(await statusOf(path, [CROSS, ...LINK]), 403, path);
  assert.equal(await statusOf('/-/nothing', [CROSS, ...LINK]), 404);
  assert.equal(asked.length, 0);
});

test('go, a person who opens its address, and its own pages are answered', async (t) => {
  const { port, statusOf } = await asker(t);
  for (const headers of [
    [],
    ['User-Agent: Go-http-client/1.1', 'Accept-Encoding: gzip'],
    // What fetch() of Node.js sends by itself.
    ['Sec-Fetch-Mode: cors'],
    ['Sec-Fetch-Site: none', ...LINK],
    ['Sec-Fetch-Site: same-origin', 'Sec-Fetch-Mode: cors'],
    // Behind a proxy that sends another Host.
    ['Sec-Fetch-Site: same-origin', 'Origin: https://go.example.org'],
    [`Origin: http://127.0.0.1:${port}`],
  ]) {
    for (const path of EVERYTHING)
      assert.equal(await statusOf(path, headers), 200, `${path} ${headers.join()}`);
  }
});
