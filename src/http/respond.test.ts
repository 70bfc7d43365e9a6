import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exchangeBytes } from '../../test/support/http-client.ts';
import { startProxy } from '../../test/support/proxy-fixture.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { Reply } from '../proxy/reply.ts';

const ZIP = '/example.org/m/@v/v1.0.0.zip';
const CHUNK = Buffer.alloc(64 * 1024, 'z');

type Body = () => AsyncGenerator<Buffer>;

function streamOf(body: Body, contentLength?: number): Reply {
  return {
    kind: 'stream',
    body: body(),
    contentType: 'application/zip',
    cache: 'miss',
    ...(contentLength === undefined ? undefined : { contentLength }),
  };
}

function fail(): never {
  throw new RondoError('E_BAD_CONTENT', 'the transfer broke');
}

describe('HTTP/1.0', () => {
  const REQUEST = `GET ${ZIP} HTTP/1.0\r\n\r\n`;

  test('a body of unknown length waits until it is whole and comes from the copy', async (t) => {
    const replies: Reply[] = [
      streamOf(async function* () {
        yield CHUNK;
        yield CHUNK;
      }),
      { kind: 'bytes', bytes: CHUNK, contentType: 'application/zip', maxAgeS: 'immutable', cache: 'hit' },
    ];
    const { port, asked } = await startProxy(t, async () => {
      const reply = replies.shift();
      assert.ok(reply);
      return reply;
    });
    const { bytes } = await exchangeBytes(REQUEST, { port });
    const head = bytes.subarray(0, bytes.indexOf('\r\n\r\n')).toString();
    assert.match(head, new RegExp(`Content-Length: ${CHUNK.length}`));
    assert.doesNotMatch(head, /Transfer-Encoding/);
    assert.equal(bytes.length - head.length - 4, CHUNK.length);
    assert.equal(asked.length, 2);
  });

  test('a body that breaks is an error, not a short answer', async (t) => {
    const { port } = await startProxy(t, async () =>
      streamOf(async function* () {
        yield CHUNK;
        fail();
      }),
    );
    const { bytes } = await exchangeBytes(REQUEST, { port });
    assert.match(bytes.toString(), /^HTTP\/1\.1 502 [^]*\r\n\r\nthe transfer broke\n$/);
  });

  test('a file that the copy cannot keep is refused, never marked by the end of the connection', async (t) => {
    const { port } = await startProxy(t, async () =>
      streamOf(async function* () {
        yield CHUNK;
      }),
    );
    const { bytes } = await exchangeBytes(REQUEST, { port });
    assert.match(bytes.toString(), /^HTTP\/1\.1 500 [^]*cannot be sent by HTTP\/1\.0\n/);
  });

  test('a body of known length is streamed', async (t) => {
    const { port, asked } = await startProxy(t, async () =>
      streamOf(async function* () {
        yield CHUNK;
      }, CHUNK.length),
    );
    const { bytes } = await exchangeBytes(REQUEST, { port });
    assert.equal(bytes.length - bytes.indexOf('\r\n\r\n') - 4, CHUNK.length);
    assert.equal(asked.length, 1);
  });
});
