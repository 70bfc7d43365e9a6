/** Clients that send without end or without haste: refused within bounds of memory and bytes, and nobody else suffers. */
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Api } from '../../src/http/api-port.ts';
import type { Reply } from '../../src/proxy/reply.ts';
import { flood, chunkOf } from '../support/flood.ts';
import { goEnvironment, goWorkspace } from '../support/go-command.ts';
import { fetchRaw } from '../support/http-client.ts';
import '../support/loopback-only.ts';
import { peakMiB } from '../support/peak-memory.ts';
import { startProxy } from '../support/proxy-fixture.ts';
import { startRawServer } from '../support/raw-server.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup, serveRondo } from '../support/rondo-process.ts';

const MIB = 1024 * 1024;
/** More than anybody takes here: what waits in the kernel's buffers of both sides is some MiB. */
const TAKEN_BYTES = 64 * MIB;
/** A Rondo with nothing to do has some 130. */
const PEAK_MIB = 320;
const MAX_PIPELINED = 8;

/** What a client begins with and then sends for ever. */
const FLOODS: Readonly<Record<string, readonly [begin: string, forEver: string]>> = {
  'a URL of many MiB': ['GET /', 'a'.repeat(65_536)],
  'a million headers': ['GET /healthz HTTP/1.1\r\n', 'a: b\r\n'.repeat(1000)],
  'one header without end': ['GET /healthz HTTP/1.1\r\nx: ', 'a'.repeat(65_536)],
  'a body without end': [head('/healthz', 'Transfer-Encoding: chunked'), chunkOf('x'.repeat(65_536))],
  'a body of many GiB': [head('/healthz', `Content-Length: ${2 ** 40}`), 'x'.repeat(65_536)],
  'a chunk extension without end': [
    `${head('/healthz', 'Transfer-Encoding: chunked')}1;`,
    'a'.repeat(65_536),
  ],
  'trailers without end': [`${head('/healthz', 'Transfer-Encoding: chunked')}0\r\n`, 'a: b\r\n'.repeat(1000)],
  'requests without reading the answers': ['', head('/healthz').repeat(100)],
  'requests that wait for a mirror': ['', head('/example.com/m/@v/v1.0.0.zip').repeat(100)],
  'no HTTP at all': ['', '\0\u0001\u0002\xff'.repeat(10_000)],
};

function head(path: string, ...more: readonly string[]): string {
  return `${[`GET ${path} HTTP/1.1`, 'Host: localhost', ...more].join('\r\n')}\r\n\r\n`;
}

function dial(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  return socket;
}

/** Resolves when the connection is over, however that came about: events.once rejects where it broke. */
function closeOf(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

await testWith(['linux'], 'whoever sends without end is cut off, in bounded memory', async (context) => {
  const t = reverseCleanup(context);
  // A mirror that never answers, so that requests wait.
  const silent = await startRawServer(t, () => undefined);
  const env = goEnvironment({ workspace: await goWorkspace(t), goproxy: silent.url.href });
  const rondo = await serveRondo(t, { env });
  const port = Number(new URL(rondo.url).port);
  for (const [what, [begin, forEver]] of Object.entries(FLOODS)) {
    const socket = dial(port);
    t.after(async () => void socket.destroy());
    // Who only sends does not read either, but for the end.
    socket.resume();
    if (begin !== '') socket.write(begin);
    const takenBytes = await flood(socket, forEver, TAKEN_BYTES);
    assert.ok(socket.destroyed, `${what}: not cut off after ${takenBytes} bytes`);
    assert.equal((await fetchRaw(`${rondo.url}/healthz`)).status, 200, what);
  }
  const peak = await peakMiB(rondo.pid);
  assert.ok(peak < PEAK_MIB, `${peak} MiB`);
});

const REPLY: Reply = {
  kind: 'bytes',
  bytes: Buffer.from('v1.0.0\n'),
  contentType: 'text/plain; charset=utf-8',
  maxAgeS: 60,
  cache: 'hit',
};
const LIST = '/example.org/m/@v/list';
test('who takes too long over a request is told so and cut off, however it drips', async (t) => {
  const limits = { slowRequestMs: 200 };
  const { url, port, asked } = await startProxy(t, () => Promise.resolve(REPLY), { limits });
  const slow = Array.from({ length: 30 }, () => dial(port));
  const answers = slow.map(async (socket, index) => {
    let said = '';
    socket.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')));
    const closed = closeOf(socket);
    // Silent from the beginning, silent in the middle of a request, or a header that grows letter by letter.
    if (index % 3 > 0) socket.write(`GET ${LIST} HTTP/1.1\r\nX: `);
    const drip = setInterval(() => index % 3 === 2 && socket.write('a'), 10);
    await closed;
    clearInterval(drip);
    return said;
  });
  assert.equal((await fetchRaw(url + LIST)).status, 200, 'others are served meanwhile');
  for (const said of await Promise.all(answers)) assert.match(said, /^HTTP\/1\.1 408 /);
  assert.equal(asked.length, 1);
});

test('a connection may have some requests under way, and not as many as it likes', async (t) => {
  const gate = Promise.withResolvers<Reply>();
  const { port, asked, requests } = await startProxy(t, () => gate.promise);
  const modest = dial(port);
  modest.write(head(LIST).repeat(MAX_PIPELINED));
  const greedy = dial(port);
  const cut = closeOf(greedy);
  greedy.write(head(LIST).repeat(1000));
  await cut;
  // Those that had been heard are over, and nobody is asked for the rest.
  const gone = await requests(MAX_PIPELINED);
  assert.ok(gone.every(({ status, aborted }) => status === 499 && aborted));
  assert.equal(asked.length, 2, 'the first of each');
  let said = '';
  modest.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')));
  gate.resolve(REPLY);
  await requests(2 * MAX_PIPELINED);
  modest.end();
  await closeOf(modest);
  assert.equal(said.split('HTTP/1.1 200 OK').length - 1, MAX_PIPELINED);
});

test('what comes behind the last request of a connection is not kept without end', async (t) => {
  const gate = Promise.withResolvers<Reply>();
  const { port, asked, requests } = await startProxy(t, () => gate.promise);
  const socket = dial(port);
  const closed = closeOf(socket);
  // A body of nothing with a method that has one: node goes on reading.
  socket.write(head(LIST, 'Upgrade: h2c') + head(LIST).repeat(1000));
  await closed;
  assert.deepEqual([(await requests(1))[0]?.status, asked.length], [499, 1]);
});

test('a request has 200 headers at the most; with more it is told so, and none is left out', async (t) => {
  const { port, asked } = await startProxy(t, () => Promise.resolve(REPLY));
  const answerTo = async (headers: number): Promise<string> => {
    const socket = dial(port);
    let said = '';
    socket.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')));
    const closed = closeOf(socket);
    // With Host and Connection.
    socket.write(
      head(LIST, ...Array.from({ length: headers - 2 }, (_, at) => `${at}:`), 'Connection: close'),
    );
    await closed;
    return said;
  };
  assert.match(await answerTo(200), /^HTTP\/1\.1 200 OK/);
  for (const headers of [201, 202, 500]) {
    assert.match(
      await answerTo(headers),
      /^HTTP\/1\.1 431 [^]*Connection: close[^]*(?:more than 200 headers|or too many)/,
    );
  }
  assert.equal(asked.length, 1);
});

test('large files of the copy are opened one at a time for a connection, however many it has asked for', async (t) => {
  const gate = Promise.withResolvers<undefined>();
  const files = { open: 0, most: 0 };
  const sizeBytes = 100_000;
  const lend = async function* (): AsyncGenerator<Buffer> {
    files.open += 1;
    files.most = Math.max(files.most, files.open);
    await gate.promise;
    yield Buffer.alloc(sizeBytes);
    files.open -= 1;
  };
  const file = { sizeBytes, modifiedMs: 0, etag: '"a"', lend, open: () => Readable.from(lend()) };
  const { port, requests } = await startProxy(t, () => ({
    kind: 'file',
    file,
    contentType: 'application/zip',
    cache: 'hit',
  }));
  const socket = dial(port).resume();
  t.after(() => socket.destroy());
  socket.write(head('/example.org/m/@v/v1.0.0.zip').repeat(MAX_PIPELINED));
  while (files.open === 0) await breathe();
  for (let round = 0; round < 20; round += 1) await breathe();
  gate.resolve(undefined);
  const told = await requests(MAX_PIPELINED);
  assert.ok(told.every(({ status, bytes }) => status === 200 && bytes === sizeBytes));
  assert.equal(files.most, 1);
});

await testWith(
  ['linux'],
  'many connections that send all that one may stay within bounds',
  async (context) => {
    const t = reverseCleanup(context);
    const silent = await startRawServer(t, () => undefined);
    const env = goEnvironment({ workspace: await goWorkspace(t), goproxy: silent.url.href });
    const rondo = await serveRondo(t, { env });
    const port = Number(new URL(rondo.url).port);
    const tiny = Array.from({ length: 3800 }, (_, at) => `${at.toString(36)}:`).join('\r\n');
    const long = Array.from({ length: 150 }, (_, at) => `x-${at}: ${'a'.repeat(145)}`).join('\r\n');
    const path = '/example.com/m/@v/v1.0.0.mod';
    const pieces = [
      // Nearly all of the 24 KiB that the head of a request may have.
      ...Array<string>(20).fill(head(path, tiny).repeat(64)),
      ...Array<string>(300).fill(head(path, long).repeat(MAX_PIPELINED)),
      // The same behind one that is answered only when its client reads.
      ...Array<string>(300).fill(head(path) + head('/healthz', long).repeat(MAX_PIPELINED - 1)),
    ];
    for (const piece of pieces) {
      const socket = dial(port).resume();
      t.after(async () => void socket.destroy());
      await new Promise<void>((resolve) => {
        socket.write(piece, () => resolve());
        socket.once('close', () => resolve());
      });
    }
    for (let more = 0; more < 20; more += 1) {
      assert.equal((await fetchRaw(`${rondo.url}/healthz`)).status, 200, 'a short request is heard');
    }
    const peak = await peakMiB(rondo.pid);
    assert.ok(peak < PEAK_MIB, `${peak} MiB`);
  },
);

test('a request with a body is answered, and is the last one of its connection', async (t) => {
  const { port, requests } = await startProxy(t, () => Promise.resolve(REPLY));
  for (const announced of ['Content-Length: 5', 'Transfer-Encoding: chunked']) {
    const socket = dial(port);
    let said = '';
    socket.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')));
    const closed = closeOf(socket);
    socket.write(head(LIST, announced));
    await closed;
    assert.match(said, /^HTTP\/1\.1 200 OK[^]*Connection: close[^]*v1\.0\.0\n$/);
  }
  const kept = dial(port);
  kept.write(head(LIST, 'Content-Length: 0') + head(LIST));
  assert.equal((await requests(4)).at(-1)?.status, 200, 'a body of nothing is none');
  kept.destroy();
});

test('an order whose body drips is cut off, and so is who keeps one connection busy with it', async (t) => {
  const limits = { slowRequestMs: 200 };
  let ended = 0;
  const api: Api = {
    take({ request }) {
      request.resume().on('close', () => (ended += 1));
    },
    mayAsk: () => true,
    end: () => undefined,
  };
  const { port, requests } = await startProxy(t, () => Promise.resolve(REPLY), { limits, api });
  const socket = dial(port);
  const closed = closeOf(socket);
  socket.write('POST /-/api/purge HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{');
  const drip = setInterval(() => socket.write(' '), 10);
  await closed;
  clearInterval(drip);
  assert.deepEqual([(await requests(1))[0]?.aborted, ended], [true, 1]);
});
