/** Clients that send without end or without haste: refused within bounds of memory and bytes, and nobody else suffers. */
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
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
  modest.write(head(LIST).repeat(60));
  const greedy = dial(port);
  const cut = closeOf(greedy);
  greedy.write(head(LIST).repeat(1000));
  await cut;
  // Those that had begun are over, and nobody is asked for the rest.
  const gone = await requests(64);
  assert.ok(gone.every(({ status, aborted }) => status === 499 && aborted));
  assert.equal(asked.length, 60 + 64);
  let said = '';
  modest.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')));
  gate.resolve(REPLY);
  await requests(64 + 60);
  modest.end();
  await closeOf(modest);
  assert.equal(said.split('HTTP/1.1 200 OK').length - 1, 60);
});

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
