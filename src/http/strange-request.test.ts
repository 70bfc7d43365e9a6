import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exchangeBytes } from '../../test/support/http-client.ts';
import { startProxy } from '../../test/support/proxy-fixture.ts';
import type { Reply } from '../proxy/reply.ts';

const REPLY: Reply = {
  kind: 'bytes',
  bytes: Buffer.from('v1.0.0\n'),
  contentType: 'text/plain; charset=utf-8',
  maxAgeS: 60,
  cache: 'hit',
};
const HOST = 'Host: 127.0.0.1\r\n';
/** What an attacker hides behind another request. */
const HIDDEN = `GET /example.org/hidden/@v/list HTTP/1.1\r\n${HOST}\r\n`;

/** A target, the headers besides Host, the body; and the status of the one answer. */
const SMUGGLED: readonly (readonly [what: string, status: number, headers: string, body: string])[] = [
  ['a length and chunks', 400, 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'],
  ['chunks and a length', 400, 'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', '0\r\n\r\n'],
  ['two lengths', 400, 'Content-Length: 0\r\nContent-Length: 5\r\n', 'hello'],
  ['the same length twice', 400, 'Content-Length: 5\r\nContent-Length: 5\r\n', 'hello'],
  ['a list of lengths', 400, 'Content-Length: 5, 5\r\n', 'hello'],
  ['a length with a sign', 400, 'Content-Length: +5\r\n', 'hello'],
  ['a length in hexadecimal', 400, 'Content-Length: 0x5\r\n', 'hello'],
  ['a space before the colon', 400, 'Content-Length : 5\r\n', 'hello'],
  ['a header that goes on in the next line', 400, 'X: a\r\n Content-Length: 5\r\n', 'hello'],
  ['a line that ends with CR alone', 400, 'X: a\rContent-Length: 5\r\n', 'hello'],
  ['a NUL', 400, 'X: a\0b\r\n', ''],
  ['another coding than chunked', 200, 'Transfer-Encoding: xchunked\r\n', '0\r\n\r\n'],
  ['chunked, and something after it', 400, 'Transfer-Encoding: chunked, identity\r\n', '0\r\n\r\n'],
  ['two codings', 200, 'Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'],
  ['a length of chunks below zero', 200, 'Transfer-Encoding: chunked\r\n', '-1\r\n\r\n'],
  ['trailers', 200, 'Transfer-Encoding: chunked\r\n', '0\r\nContent-Length: 5\r\n\r\n'],
  ['a body that is whole', 200, 'Content-Length: 5\r\n', 'hello'],
  ['two of Host', 400, 'Host: localhost\r\n', ''],
];

describe('nothing is smuggled behind a request that others may read in another way:', () => {
  for (const [what, status, headers, body] of SMUGGLED) {
    test(what, async (t) => {
      const { port, asked } = await startProxy(t, () => REPLY);
      const bytes = `GET /example.org/m/@v/list HTTP/1.1\r\n${HOST}${headers}\r\n${body}${HIDDEN}`;
      const got = await exchangeBytes(bytes, { port });
      const statuses = [...got.bytes.toString().matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, each]) => each);
      assert.deepEqual(statuses, [String(status)]);
      assert.match(got.bytes.toString(), /\r\nConnection: close\r\n/);
      const modules = asked.map(({ file }) => ('module' in file ? file.module : ''));
      assert.ok(!modules.includes('example.org/hidden'));
    });
  }
});

const ABSOLUTE: readonly (readonly [target: string, host: string, status: number])[] = [
  ['http://127.0.0.1:7070/healthz', 'rebound.example', 200],
  ['http://user:word@localhost/healthz', 'rebound.example', 200],
  ['http://rebound.example/healthz', '127.0.0.1', 421],
  ['http://127.0.0.1@rebound.example/healthz', '127.0.0.1', 421],
  ['http://rebound.example', '127.0.0.1', 421],
  ['http://127.0.0.1:80@rebound.example:7070/', 'localhost', 421],
];

describe('a target in absolute form names the host, whatever Host says:', () => {
  for (const [target, host, status] of ABSOLUTE) {
    test(`${target} with ${host}`, async (t) => {
      const { port } = await startProxy(t, () => REPLY);
      const bytes = `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      const got = await exchangeBytes(bytes, { port });
      assert.match(got.bytes.toString(), new RegExp(`^HTTP/1\\.1 ${status} `));
    });
  }
});

describe('methods that are none of ours, and other protocols, are answered in words and end the connection:', () => {
  for (const [line, status] of [
    ['CONNECT example.org:443 HTTP/1.1', 405],
    ['TRACE / HTTP/1.1', 405],
    ['OPTIONS * HTTP/1.1', 405],
    ['PROPFIND / HTTP/1.1', 405],
    ['PRI * HTTP/2.0', 400],
    ['GET / HTTP/3.0', 400],
    ['GET example.org/m/@v/list HTTP/1.1', 400],
  ] as const) {
    test(line, async (t) => {
      const { port, asked } = await startProxy(t, () => REPLY);
      const got = await exchangeBytes(`${line}\r\n${HOST}\r\n${HIDDEN}`, { port });
      assert.match(
        got.bytes.toString(),
        new RegExp(`^HTTP/1\\.1 ${status} [^]*\\r\\nConnection: close\\r\\n`),
      );
      if (status === 405) assert.match(got.bytes.toString(), /\r\nAllow: GET, HEAD\r\n/);
      assert.match(got.bytes.toString(), /\r\n\r\n[ -~]+\n$/);
      assert.equal(asked.length, 0);
    });
  }

  test('HTTP/1.0 is answered, and closed unless it asks for more', async (t) => {
    const { port } = await startProxy(t, () => REPLY);
    const got = await exchangeBytes('GET /example.org/m/@v/list HTTP/1.0\r\n\r\n', { port });
    assert.deepEqual([got.ended, got.bytes.toString().endsWith('v1.0.0\n')], ['fin', true]);
  });

  test('an expectation that nobody knows is none', async (t) => {
    const { port, requests } = await startProxy(t, () => REPLY);
    const bytes = `GET /example.org/m/@v/list HTTP/1.1\r\n${HOST}Expect: tea\r\nConnection: close\r\n\r\n`;
    assert.match((await exchangeBytes(bytes, { port })).bytes.toString(), /^HTTP\/1\.1 200 /);
    assert.equal((await requests(1))[0]?.status, 200);
  });

  test('an offer to speak another protocol is declined by an answer', async (t) => {
    const { port } = await startProxy(t, () => REPLY);
    const offer =
      'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c, websocket\r\nHTTP2-Settings: AAMAAABk\r\n';
    const got = await exchangeBytes(`GET /healthz HTTP/1.1\r\n${HOST}${offer}\r\n`, { port });
    assert.match(got.bytes.toString(), /^HTTP\/1\.1 200 [^]*\r\nConnection: close\r\n[^]*\r\nok\n$/);
    assert.equal(got.ended, 'fin');
  });
});
