import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { setImmediate as nextRound } from 'node:timers/promises';
import { exchangeBytes, fetchRaw } from '../../test/support/http-client.ts';
import { startProxy } from '../../test/support/proxy-fixture.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
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

async function* failAtOnce(): AsyncGenerator<Buffer> {
  yield fail();
}

const BROKEN: readonly (readonly [string, Body, number | undefined])[] = [
  [
    'throws after a chunk, length unknown',
    async function* () {
      yield CHUNK;
      fail();
    },
    undefined,
  ],
  [
    'throws after a chunk, length known',
    async function* () {
      yield CHUNK;
      fail();
    },
    CHUNK.length * 2,
  ],
  [
    'throws after its last byte',
    async function* () {
      yield CHUNK;
      yield CHUNK;
      fail();
    },
    CHUNK.length * 2,
  ],
  [
    'ends too early',
    async function* () {
      yield CHUNK;
    },
    CHUNK.length * 2,
  ],
  [
    'is longer than it said',
    async function* () {
      yield CHUNK;
      yield CHUNK;
      yield CHUNK;
    },
    CHUNK.length * 2,
  ],
  [
    'gets longer by a byte',
    async function* () {
      yield CHUNK;
      yield CHUNK;
      yield Buffer.from('x');
    },
    CHUNK.length * 2,
  ],
];

describe('a body that is not right is cut, never completed', () => {
  for (const [name, body, contentLength] of BROKEN) {
    test(name, async (t) => {
      const { url, requests } = await startProxy(t, async () => streamOf(body, contentLength));
      const answer = await fetchRaw(url + ZIP);
      assert.equal(answer.complete, false);
      const [event] = await requests(1);
      assert.equal(event?.aborted, true);
      assert.notEqual(event?.error, undefined);
    });
  }

  test('the bytes on the wire have no last chunk', async (t) => {
    const { port } = await startProxy(t, async () =>
      streamOf(async function* () {
        yield CHUNK;
        fail();
      }),
    );
    const { bytes } = await exchangeBytes(`GET ${ZIP} HTTP/1.1\r\nHost: localhost\r\n\r\n`, { port });
    assert.ok(!bytes.includes('\r\n0\r\n'));
  });

  test('a file on disk that has become shorter', async (t) => {
    const { url } = await startProxy(t, async () => ({
      kind: 'file',
      file: { sizeBytes: CHUNK.length * 2, etag: '"1"', modifiedMs: 0, open: () => Readable.from([CHUNK]) },
      contentType: 'application/zip',
      cache: 'hit',
    }));
    assert.equal((await fetchRaw(url + ZIP)).complete, false);
  });
});

describe('a body that breaks before anything has left is answered with an error', () => {
  test('of a stream', async (t) => {
    const { url } = await startProxy(t, async () => streamOf(failAtOnce, 10));
    const answer = await fetchRaw(url + ZIP);
    assert.deepEqual([answer.status, answer.complete], [502, true]);
    assert.equal(answer.body.toString(), 'the transfer broke\n');
    assert.equal(answer.headers['cache-control'], 'no-store');
  });

  test('of a file that is gone', async (t) => {
    const gone = (): Readable =>
      new Readable({
        read() {
          this.destroy(new RondoError('E_STORE', 'cannot open the file'));
        },
      });
    const { url } = await startProxy(t, async () => ({
      kind: 'file',
      file: { sizeBytes: 10, etag: '"1"', modifiedMs: 0, open: gone },
      contentType: 'application/zip',
      cache: 'hit',
    }));
    const answer = await fetchRaw(url + ZIP);
    assert.equal(answer.status, 500);
    assert.equal(answer.headers.etag, undefined);
  });
});

/** Sends one request, reads nothing, and waits until the server has written something. */
async function deafReader(t: { after(fn: () => void): void }, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.pause();
  socket.write(`GET ${ZIP} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  return socket;
}

/** Waits until `value` stops changing: the server has filled what it can fill. */
async function untilStill(value: () => number): Promise<number> {
  for (let last = -1, same = 0; ;) {
    for (let round = 0; round < 50; round += 1) await nextRound();
    same = value() === last && last > 0 ? same + 1 : 0;
    last = value();
    if (same === 20) return last;
  }
}

for (const sizeBytes of [1, 10, 300 * 1024]) {
  test(`a body may use the memory of a chunk of ${sizeBytes} bytes again when the next one is asked for`, async (t) => {
    const rounds = 30;
    const { url } = await startProxy(t, async () =>
      streamOf(async function* () {
        const memory = Buffer.alloc(sizeBytes);
        for (let round = 0; round < rounds; round += 1) {
          yield memory.fill(round);
          memory.fill('x');
        }
      }, rounds * sizeBytes),
    );
    const answer = await fetchRaw(url + ZIP);
    assert.equal(answer.complete, true);
    const expected = Array.from({ length: rounds }, (_, round) => Buffer.alloc(sizeBytes, round));
    assert.ok(answer.body.equals(Buffer.concat(expected)));
  });
}

describe('a reader that does not read', () => {
  const HUGE_CHUNKS = 16 * 1024; // 1 GiB in all

  test('has only what fits in the sockets taken from the body, and another reader is not held up', async (t) => {
    const taken: number[] = [];
    const { port, url } = await startProxy(t, async (file) => {
      if (file.kind !== 'zip')
        return streamOf(async function* () {
          yield CHUNK;
        });
      return streamOf(async function* () {
        for (let index = 0; index < HUGE_CHUNKS; index += 1) {
          taken.push(index);
          yield CHUNK;
        }
      }, HUGE_CHUNKS * CHUNK.length);
    });
    await deafReader(t, port);
    const stillAt = await untilStill(() => taken.length);
    assert.ok(stillAt < HUGE_CHUNKS / 8, `${stillAt} chunks were taken`);
    assert.equal((await fetchRaw(`${url}/example.org/m/@v/v1.0.0.mod`)).body.length, CHUNK.length);
  });

  test('lets go of the file when it leaves', async (t) => {
    const file = new Readable({
      read() {
        this.push(CHUNK);
      },
    });
    const { port, requests } = await startProxy(t, async () => ({
      kind: 'file',
      file: { sizeBytes: 2 ** 40, etag: '"1"', modifiedMs: 0, open: () => file },
      contentType: 'application/zip',
      cache: 'hit',
    }));
    const socket = await deafReader(t, port);
    await once(socket, 'readable');
    const closed = once(file, 'close');
    socket.destroy();
    await closed;
    const [event] = await requests(1);
    assert.deepEqual([event?.status, event?.aborted], [200, true]);
  });

  test('is cut after a while, and one that has nothing to read is not', async (t) => {
    const clock = new VirtualClock();
    let taken = 0;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { port, url, requests } = await startProxy(
      t,
      async (file) => {
        if (file.kind !== 'zip') {
          await held;
          return streamOf(async function* () {
            yield CHUNK;
          });
        }
        return streamOf(async function* () {
          for (;;) {
            taken += 1;
            yield CHUNK;
          }
        });
      },
      { clock, limits: { stalledReaderMs: 60_000 } },
    );
    const patient = fetchRaw(`${url}/example.org/m/@v/v1.0.0.mod`);
    await deafReader(t, port);
    await untilStill(() => taken);
    await clock.advance(59_000);
    await clock.advance(60_000);
    const [event] = await requests(1);
    assert.deepEqual([event?.kind, event?.aborted], ['zip', true]);
    assert.match(event?.error ?? '', /took nothing for 60 s/);
    release();
    assert.equal((await patient).complete, true);
  });
});

describe('a client that leaves before its answer', () => {
  test('aborts the signal, and its answer is thrown away', async (t) => {
    let aborted: () => void = () => undefined;
    const left = new Promise<void>((resolve) => {
      aborted = resolve;
    });
    const leave = new AbortController();
    const { url, requests } = await startProxy(t, async (_file, { signal }) => {
      signal.addEventListener('abort', aborted);
      leave.abort();
      await left;
      return streamOf(async function* () {
        yield CHUNK;
      });
    });
    await fetchRaw(url + ZIP, { signal: leave.signal });
    await left;
    const [event] = await requests(1);
    assert.deepEqual([event?.status, event?.bytes, event?.aborted], [499, 0, true]);
  });
});
