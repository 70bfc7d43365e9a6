import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { moduleOf, standardWorld } from './fixture-world.ts';
import { exchangeBytes, fetchRaw } from './http-client.ts';
import './loopback-only.ts';
import type { Fault, FaultScope } from './mirror-fault.ts';
import { createMirrorServer, type Mirror } from './mirror-server.ts';
import type { Cleanup } from './temp-folder.ts';

const world = await standardWorld();
const big = moduleOf(world, 'example.com/big', 'v1.0.0');
const ZIP = '/example.com/big/@v/v1.0.0.zip';
const INFO = '/example.com/leaf/@v/v1.0.0.info';
const LIST = '/example.com/leaf/@v/list';

async function faulty(t: Cleanup, fault: Fault, scope?: FaultScope): Promise<Mirror> {
  const mirror = await createMirrorServer(world);
  t.after(() => mirror.stop());
  await mirror.setFault(fault, scope);
  return mirror;
}

/** How many body bytes come before the server has been quiet for a while; the headers must come. */
async function bytesUntilQuiet(url: string, quietMs: number): Promise<number> {
  const asked = get(url, { agent: false });
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let bytes = 0;
  response.on('data', (piece: Buffer) => (bytes += piece.length));
  response.on('error', () => {});
  for (let seen = -1; seen !== bytes; await sleep(quietMs)) seen = bytes;
  asked.destroy();
  return bytes;
}

test('statuses carry Retry-After and words as told', async (t) => {
  const mirror = await faulty(t, { kind: 'status', status: 503, retryAfter: '7' });
  const overloaded = await fetchRaw(mirror.url + INFO);
  assert.deepEqual([overloaded.status, overloaded.headers['retry-after']], [503, '7']);
  await mirror.setFault({ kind: 'status', status: 403, words: 'not for you' });
  const refused = await fetchRaw(mirror.url + INFO);
  assert.deepEqual([refused.status, refused.body.toString()], [403, 'not for you\n']);
  assert.match(refused.headers['content-type'] ?? '', /^text\/plain/);
  await mirror.setFault({ kind: 'status', status: 429 });
  const limited = await fetchRaw(mirror.url + INFO);
  assert.deepEqual([limited.status, limited.headers['retry-after']], [429, undefined]);
});

test('hard and soft 404 differ in their words', async (t) => {
  const mirror = await faulty(t, { kind: 'hard-404' });
  const hard = await fetchRaw(mirror.url + INFO);
  assert.deepEqual(
    [hard.status, hard.body.toString().startsWith('not found: example.com/leaf@v1.0.0: ')],
    [404, true],
  );
  await mirror.setFault({ kind: 'soft-404' });
  const soft = await fetchRaw(mirror.url + INFO);
  assert.deepEqual([soft.status, soft.body.toString()], [404, 'not found: fetch timed out\n']);
});

test('wrong contents come whole: HTML, nothing, another version, a stale list, a wrong type', async (t) => {
  const mirror = await faulty(t, { kind: 'html' });
  const page = await fetchRaw(mirror.url + ZIP);
  assert.deepEqual(
    [page.status, page.complete, page.body.toString().startsWith('<!DOCTYPE html>')],
    [200, true, true],
  );
  await mirror.setFault({ kind: 'empty' });
  const empty = await fetchRaw(mirror.url + INFO);
  assert.deepEqual([empty.status, empty.headers['content-length'], empty.complete], [200, '0', true]);
  await mirror.setFault({ kind: 'other-version' });
  assert.match((await fetchRaw(mirror.url + INFO)).body.toString(), /"Version":"v9\.9\.9"/);
  await mirror.setFault({ kind: 'stale-list', drop: 2 });
  assert.equal((await fetchRaw(mirror.url + LIST)).body.toString(), 'v1.0.0\n');
  await mirror.setFault({ kind: 'content-type', type: 'text/html' });
  assert.equal((await fetchRaw(mirror.url + INFO)).headers['content-type'], 'text/html');
});

test("a corrupt zip differs in one bit; another module's zip is whole", async (t) => {
  const mirror = await faulty(t, { kind: 'other-zip' });
  const other = await fetchRaw(mirror.url + ZIP);
  assert.deepEqual(other.body, moduleOf(world, 'example.com/leaf', 'v1.0.0').zip);
  const { length } = big.zip;
  const places = { first: 0, middle: Math.floor(length / 2), tail: length - 32_768, last: length - 1 };
  for (const at of ['first', 'middle', 'tail', 'last'] as const) {
    await mirror.setFault({ kind: 'corrupt', at });
    const { body } = await fetchRaw(mirror.url + ZIP);
    assert.equal(body.length, big.zip.length);
    const wrong = [...body.keys()].filter((index) => body[index] !== big.zip[index]);
    assert.deepEqual(wrong, [places[at]]);
  }
});

test('a redirect points where it was told, with the path filled in', async (t) => {
  const mirror = await faulty(t, { kind: 'redirect', location: 'http://127.0.0.1:1{path}', status: 301 });
  const answer = await fetchRaw(mirror.url + INFO);
  assert.deepEqual([answer.status, answer.headers.location], [301, `http://127.0.0.1:1${INFO}`]);
});

test('bodies that break: reset, short, and cut without a length', async (t) => {
  const mirror = await faulty(t, { kind: 'reset', afterBytes: 70_000 });
  const reset = await fetchRaw(mirror.url + ZIP);
  assert.deepEqual([reset.status, reset.complete, reset.error?.code], [200, false, 'ECONNRESET']);
  assert.deepEqual(reset.body, big.zip.subarray(0, 70_000));
  const socket = await exchangeBytes(`GET ${ZIP} HTTP/1.1\r\nHost: x\r\n\r\n`, { port: mirror.port });
  assert.equal(socket.ended, 'ECONNRESET', 'an RST, not a FIN');

  await mirror.setFault({ kind: 'short' });
  const short = await fetchRaw(mirror.url + ZIP);
  assert.equal(short.headers['content-length'], String(big.zip.length));
  assert.deepEqual([short.complete, short.body.length], [false, Math.floor(big.zip.length / 2)]);
  const closed = await exchangeBytes(`GET ${ZIP} HTTP/1.1\r\nHost: x\r\n\r\n`, { port: mirror.port });
  assert.equal(closed.ended, 'fin');

  await mirror.setFault({ kind: 'cut', afterFraction: 0.25 });
  const cut = await fetchRaw(mirror.url + ZIP);
  assert.deepEqual([cut.complete, cut.body.length], [true, Math.floor(big.zip.length / 4)]);
  assert.equal(cut.headers['content-length'], undefined);
  assert.equal(cut.headers['transfer-encoding'], undefined);
  assert.deepEqual(
    (await mirror.requests()).map(({ faults }) => faults[0]),
    ['reset', 'reset', 'short', 'short', 'cut'],
  );
});

test('bytes past Content-Length stand on the wire', async (t) => {
  const mirror = await faulty(t, { kind: 'excess', bytes: 9 });
  const { bytes } = await exchangeBytes(`GET ${INFO} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, {
    port: mirror.port,
  });
  const { info } = moduleOf(world, 'example.com/leaf', 'v1.0.0');
  assert.match(bytes.toString(), new RegExp(`content-length: ${info.length}\r\n`));
  assert.ok(bytes.toString().endsWith(`\r\n\r\n${info.toString()}xxxxxxxxx`));
});

test('hang gives no byte, stall gives the beginning and no more', async (t) => {
  const mirror = await faulty(t, { kind: 'hang' });
  const raw = await exchangeBytes(`GET ${INFO} HTTP/1.1\r\nHost: x\r\n\r\n`, {
    port: mirror.port,
    quietMs: 300,
  });
  assert.deepEqual([raw.ended, raw.bytes.length], ['quiet', 0]);
  await mirror.setFault({ kind: 'stall', afterBytes: 1000 });
  assert.equal(await bytesUntilQuiet(mirror.url + ZIP, 300), 1000);
  await mirror.setFault({ kind: 'stall', afterBytes: 0 });
  assert.equal(await bytesUntilQuiet(mirror.url + ZIP, 300), 0);
});

test('slow, dripping and paced answers come whole, and not at once', async (t) => {
  const mirror = await faulty(t, { kind: 'slow', delayMs: 200 });
  const faults: [Fault, string, number][] = [
    [{ kind: 'slow', delayMs: 200 }, INFO, 150],
    [{ kind: 'paced', overMs: 300 }, ZIP, 250],
    [{ kind: 'drip', part: 'body', bytesPerSecond: 200 }, INFO, 150],
    [{ kind: 'drip', part: 'headers', bytesPerSecond: 600 }, INFO, 250],
  ];
  for (const [fault, path, leastMs] of faults) {
    await mirror.setFault(fault);
    const startMs = performance.now();
    const answer = await fetchRaw(mirror.url + path);
    assert.ok(performance.now() - startMs >= leastMs, `${JSON.stringify(fault)} came at once`);
    const right = path === ZIP ? big.zip : moduleOf(world, 'example.com/leaf', 'v1.0.0').info;
    assert.deepEqual(
      [answer.status, answer.complete, answer.body],
      [200, true, right],
      JSON.stringify(fault),
    );
  }
});

test('refused: connects are refused, the port stays ours, and clearing brings it back', async (t) => {
  const mirror = await faulty(t, { kind: 'hang' }, { kinds: ['zip'] });
  const hanging = fetchRaw(mirror.url + ZIP);
  while ((await mirror.requests()).length === 0) await new Promise(setImmediate);
  await mirror.setFault({ kind: 'refused' });
  assert.equal((await hanging).error?.code, 'ECONNRESET', 'open connections are dropped');
  for (let round = 0; round < 3; round++) {
    assert.equal((await fetchRaw(mirror.url + INFO)).error?.code, 'ECONNREFUSED');
  }
  const neighbours = await Promise.all(Array.from({ length: 50 }, () => createMirrorServer({ modules: [] })));
  for (const neighbour of neighbours) t.after(() => neighbour.stop());
  assert.ok(neighbours.every(({ port }) => port !== mirror.port));
  await mirror.clearFaults();
  assert.equal((await fetchRaw(mirror.url + ZIP)).status, 200);
  await mirror.setFault({ kind: 'short', afterBytes: 100 }, { whole: true });
  const headers = { range: 'bytes=100-' };
  assert.equal((await fetchRaw(mirror.url + ZIP)).body.length, 100);
  assert.equal((await fetchRaw(mirror.url + ZIP, { headers })).body.length, big.zip.length - 100);
  assert.deepEqual(
    (await mirror.requests()).slice(-3).map(({ bytes }) => bytes),
    [big.zip.length, 100, big.zip.length - 100],
  );
});

test('a keep-alive connection is closed before its second answer; a fresh one answers', async (t) => {
  const mirror = await faulty(t, { kind: 'keep-alive-closed' });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  assert.equal((await fetchRaw(mirror.url + INFO, { agent })).status, 200);
  const second = await fetchRaw(mirror.url + INFO, { agent });
  assert.deepEqual([second.status, second.error?.code], [0, 'ECONNRESET']);
  assert.equal((await fetchRaw(mirror.url + INFO, { agent })).status, 200);
  const seen = (await mirror.requests()).map(({ connection, status }) => [connection, status]);
  assert.deepEqual(seen, [
    [1, 200],
    [1, 0],
    [2, 200],
  ]);
});

test('a fault acts in its scope only: kinds, match, times; the newest first', async (t) => {
  const mirror = await faulty(t, { kind: 'status', status: 500 }, { kinds: ['zip', 'sumdb'] });
  await mirror.setFault({ kind: 'status', status: 502 }, { match: /leaf\/@v\/list$/g, times: 2 });
  const statuses: number[] = [];
  for (const path of [ZIP, INFO, LIST, LIST, LIST, '/sumdb/x/supported']) {
    statuses.push((await fetchRaw(mirror.url + path)).status);
  }
  assert.deepEqual(statuses, [500, 200, 502, 502, 200, 500]);
  await mirror.setFault({ kind: 'slow', delayMs: 20 }, { kinds: ['zip'] });
  assert.equal((await fetchRaw(mirror.url + ZIP)).status, 500);
  assert.deepEqual((await mirror.requests()).at(-1)?.faults, ['status', 'slow'], 'one of each family');
  await mirror.clearFaults();
  assert.equal((await fetchRaw(mirror.url + ZIP)).status, 200);
  await mirror.setFault({ kind: 'short', afterBytes: 100 }, { whole: true });
  const headers = { range: 'bytes=100-' };
  assert.equal((await fetchRaw(mirror.url + ZIP)).body.length, 100);
  assert.equal((await fetchRaw(mirror.url + ZIP, { headers })).body.length, big.zip.length - 100);
  assert.deepEqual(
    (await mirror.requests()).slice(-3).map(({ bytes }) => bytes),
    [big.zip.length, 100, big.zip.length - 100],
  );
});
