import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { setImmediate as nextRound } from 'node:timers/promises';
import { exchangeBytes, fetchRaw } from '../../test/support/http-client.ts';
import { startProxy } from '../../test/support/proxy-fixture.ts';
import type { Reply } from '../proxy/reply.ts';

const LIST = '/example.org/m/@v/list';
const REPLY: Reply = {
  kind: 'bytes',
  bytes: Buffer.from('v1.0.0\n'),
  contentType: 'text/plain; charset=utf-8',
  maxAgeS: 60,
  cache: 'hit',
};
const reply = (): Promise<Reply> => Promise.resolve(REPLY);

describe('requests that are none', () => {
  test('another method is 405 and ends the connection', async (t) => {
    const { port, requests } = await startProxy(t, reply);
    const body = 'x'.repeat(100);
    const { bytes, ended } = await exchangeBytes(
      `POST ${LIST} HTTP/1.1\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n${body}`,
      { port },
    );
    assert.match(bytes.toString(), /^HTTP\/1\.1 405 [^]*Allow: GET, HEAD\r\n[^]*Connection: close\r\n/);
    assert.match(bytes.toString(), /\r\n\r\nthe method POST is not allowed: Rondo answers GET and HEAD\n$/);
    assert.equal(ended, 'fin');
    assert.equal((await requests(1))[0]?.method, 'POST');
  });

  const ODD: readonly (readonly [string, string, RegExp])[] = [
    [
      'a long URL',
      `GET /${'a'.repeat(3000)} HTTP/1.1\r\n\r\n`,
      /^HTTP\/1\.1 414 [^]*the URL is longer than 2048 bytes\n$/,
    ],
    [
      'a URL without end',
      `GET /${'a'.repeat(1024 * 1024)}`,
      /^HTTP\/1\.1 414 [^]*the URL of the request is too long\n$/,
    ],
    [
      'long headers',
      `GET / HTTP/1.1\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431 [^]*the headers of the request are too long or too many\n$/,
    ],
    [
      'no HTTP',
      'SSH-2.0-OpenSSH_9.0\r\n',
      /^HTTP\/1\.1 400 [^]*this is not an HTTP\/1 request that Rondo can read\n$/,
    ],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000', /^HTTP\/1\.1 400 /],
    ['a bad header', 'GET / HTTP/1.1\r\na b: c\r\n\r\n', /^HTTP\/1\.1 400 /],
    [
      'a header after two lengths',
      'GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
  ];
  for (const [name, sent, expected] of ODD) {
    test(`${name} is answered in words`, async (t) => {
      const { port, asked, url } = await startProxy(t, reply);
      const { bytes } = await exchangeBytes(sent, { port });
      assert.match(bytes.toString(), expected);
      assert.equal(asked.length, 0);
      assert.equal((await fetchRaw(url + LIST)).status, 200, 'and the next client is served');
    });
  }

  test('rubbish behind a request never gets into its answer', async (t) => {
    const { port } = await startProxy(t, async () => ({
      kind: 'stream',
      contentLength: 4,
      contentType: 'application/zip',
      cache: 'miss',
      body: neverEnding(),
    }));
    const { bytes } = await exchangeBytes(
      `GET /example.org/m/@v/v1.0.0.zip HTTP/1.1\r\n\r\n\u0000rubbish\r\n\r\n`,
      {
        port,
      },
    );
    assert.doesNotMatch(bytes.toString(), /400/);
  });

  test('pipelined requests are answered one after the other, and forgotten when their client leaves', async (t) => {
    const releases: (() => void)[] = [];
    const { port, requests, asked } = await startProxy(t, (_file, { signal }) => {
      return new Promise((resolve, reject) => {
        releases.push(() => resolve(REPLY));
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    });
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET ${LIST} HTTP/1.1\r\n\r\n`.repeat(8));
    while (asked.length < 1) await nextRound();
    for (let round = 0; round < 20; round += 1) await nextRound();
    assert.equal(asked.length, 1, 'nothing is done for those that wait');
    releases[0]?.();
    await requests(1);
    while (asked.length < 2) await nextRound();
    socket.destroy();
    const events = await requests(8);
    assert.deepEqual(
      events.map(({ status, aborted }) => [status, aborted]),
      [[200, false], ...Array.from({ length: 7 }, () => [499, true])],
    );
    assert.equal(asked.length, 2);
  });
});

async function* neverEnding(): AsyncGenerator<Buffer> {
  yield Buffer.from('ab');
  await new Promise(() => undefined);
}
