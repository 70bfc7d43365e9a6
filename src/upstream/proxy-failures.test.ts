import '../../test/support/loopback-only.ts';
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { createAuthority } from '../../test/support/certificates.ts';
import { startForwardProxy } from '../../test/support/forward-proxy.ts';
import { proxiedMirror, through } from '../../test/support/proxied-mirror.ts';
import { rawAnswer, startRawServer } from '../../test/support/raw-server.ts';
import { attempt, other, trustIn, upstreamForTest } from '../../test/support/upstream-for-test.ts';
import { settle, VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Network } from './network.ts';

const authority = createAuthority();
const trust = trustIn(authority.certPem);
const credentials = { username: 'us er', password: 'pä:ss' };
const BASIC = `Basic ${Buffer.from('us er:pä:ss').toString('base64')}`;

const HTTPS = new URL('https://mirror.example/base');
const HTTP = new URL('http://mirror.example:8080/base');

/** What a proxy does with a CONNECT, and the outcome. */
const REFUSALS: readonly (readonly [
  name: string,
  onConnect: (socket: Socket) => void,
  outcome: readonly [string, string],
  detail: RegExp,
])[] = [
  [
    '407',
    (socket) => void socket.end('HTTP/1.1 407 X\r\nproxy-authenticate: Basic\r\n\r\n'),
    ['http', 'proxy'],
    /does not take these credentials$/,
  ],
  [
    '502',
    (socket) => void socket.end('HTTP/1.1 502 \u001b[31mX\r\n\r\n'),
    ['http', 'connect-refused'],
    /does not connect to mirror\.example:443: 502 Bad Gateway$/,
  ],
  [
    '403',
    (socket) => void socket.write(rawAnswer(403, '<html>no')),
    ['http', 'connect-refused'],
    /does not connect to mirror\.example:443: 403 Forbidden$/,
  ],
  [
    '504',
    (socket) => void socket.end('HTTP/1.1 504 X\r\n\r\n'),
    ['http', 'connect-timeout'],
    /: 504 Gateway Timeout$/,
  ],
  [
    '204',
    (socket) => void socket.end('HTTP/1.1 204 X\r\n\r\n'),
    ['http', 'connect-refused'],
    /204 No Content$/,
  ],
  [
    'what is no HTTP',
    (socket) => void socket.end('SSH-2.0-x\r\n'),
    ['http', 'proxy'],
    /does not speak HTTP: /,
  ],
  [
    'headers without end',
    (socket) => void socket.write(`HTTP/1.1 200 X\r\na: ${'x'.repeat(100_000)}`),
    ['http', 'proxy'],
    /does not speak HTTP: /,
  ],
  ['the end', (socket) => void socket.end(), ['http', 'reset'], /hangs up on mirror\.example:443/],
  [
    'a reset',
    (socket) => void socket.resetAndDestroy(),
    ['http', 'reset'],
    /hangs up on mirror\.example:443/,
  ],
];
for (const [name, onConnect, expected, detail] of REFUSALS) {
  test(`a proxy that answers CONNECT with ${name} is named`, async (t) => {
    const proxy = await startForwardProxy(t, { portOf: () => undefined, onConnect });
    const settings = through(proxy.port, { credentials: { username: 'user', password: 'secret' } });
    const upstream = upstreamForTest(t, HTTPS, { trust, settings });
    const { outcome } = other(await attempt(upstream, '/x'));
    assert.deepEqual([outcome.class, outcome.cause], expected);
    assert.ok(outcome.detail.startsWith(`proxy 127.0.0.1:${proxy.port} `), outcome.detail);
    assert.match(outcome.detail, detail);
    assert.doesNotMatch(outcome.detail, /secret|user/);
    while (upstream.connections().open > 0) await settle();
  });
}

test('a proxy that does not answer CONNECT is left after the time for connecting', async (t) => {
  const clock = new VirtualClock();
  const asked = Promise.withResolvers<void>();
  const proxy = await startForwardProxy(t, {
    portOf: () => undefined,
    onConnect: () => asked.resolve(),
  });
  const upstream = upstreamForTest(t, HTTPS, { trust, clock, settings: through(proxy.port) });
  const waiting = attempt(upstream, '/x');
  await asked.promise;
  await clock.advance(4999);
  assert.equal(upstream.connections().open, 1);
  await clock.advance(1);
  const { outcome } = other(await waiting);
  assert.deepEqual([outcome.class, outcome.cause], ['http', 'connect-timeout']);
  assert.match(outcome.detail, /^proxy 127\.0\.0\.1:\d+ does not connect to mirror\.example:443 within 5 s$/);
  while (upstream.connections().open > 0) await settle();
  assert.equal(clock.pending, 0);
});

test('a mirror that hangs in its handshake behind a proxy has the time for TLS', async (t) => {
  const clock = new VirtualClock();
  const begun = Promise.withResolvers<void>();
  const silent = await startRawServer(t, (socket) => void socket.once('data', () => begun.resolve()));
  const proxy = await startForwardProxy(t, { portOf: () => silent.port });
  const upstream = upstreamForTest(t, HTTPS, { trust, clock, settings: through(proxy.port) });
  const waiting = attempt(upstream, '/x');
  await begun.promise;
  await clock.advance(5000);
  const { outcome } = other(await waiting);
  assert.equal(outcome.cause, 'tls-timeout');
  assert.match(outcome.detail, /^through proxy /);
  while (upstream.connections().open > 0) await settle();
});

for (const [scheme, url] of [
  ['http', HTTP],
  ['https', HTTPS],
] as const) {
  test(`no proxy for an ${scheme} mirror: it is named`, async (t) => {
    const { port } = await startRawServer(t, () => undefined);
    const settings = through(port, { hostname: 'proxy.invalid' });
    const lost = other(await attempt(upstreamForTest(t, url, { settings }), '/x')).outcome;
    assert.deepEqual([lost.class, lost.cause], ['http', 'proxy']);
    assert.equal(lost.detail, `proxy proxy.invalid:${port}: no such host (ENOTFOUND proxy.invalid)`);
    const refused = other(await attempt(upstreamForTest(t, url, { settings: through(1) }), '/x')).outcome;
    assert.deepEqual([refused.class, refused.cause], ['http', 'proxy']);
    assert.equal(refused.detail, 'proxy 127.0.0.1:1: connection refused (ECONNREFUSED 127.0.0.1:1)');
  });
}

test("this machine without a network is not the proxy's fault", async (t) => {
  const network: Network = {
    lookup: (host, _options, callback) =>
      callback(Object.assign(new Error('again'), { code: 'EAI_AGAIN', hostname: host }), ''),
    isPublic: () => false,
  };
  const settings = through(1, { hostname: 'proxy.example' });
  const { outcome } = other(await attempt(upstreamForTest(t, HTTPS, { network, settings }), '/x'));
  assert.deepEqual([outcome.class, outcome.cause], ['local', 'network-down']);
});

test('what a proxy says to a forwarded request: 407 is its own, the rest names it', async (t) => {
  const proxy = await startForwardProxy(t, { portOf: () => undefined, authorization: BASIC });
  const wrong = other(
    await attempt(upstreamForTest(t, HTTP, { settings: through(proxy.port) }), '/x'),
  ).outcome;
  assert.deepEqual([wrong.class, wrong.cause], ['http', 'proxy']);
  assert.equal(wrong.detail, `proxy 127.0.0.1:${proxy.port} wants credentials, or other ones`);
  const settings = through(proxy.port, { credentials });
  const bad = other(await attempt(upstreamForTest(t, HTTP, { settings }), '/x')).outcome;
  assert.deepEqual([bad.class, bad.cause], ['http', 'back-end-down']);
  assert.equal(bad.detail, `through proxy 127.0.0.1:${proxy.port}: 502 Bad Gateway`);
});

test("407 of a mirror is no proxy's", async (t) => {
  const server = await proxiedMirror(t, 'https', authority, () => rawAnswer(407, ''));
  const proxy = await startForwardProxy(t, { portOf: () => server.port });
  const upstream = upstreamForTest(t, HTTPS, { trust, settings: through(proxy.port) });
  assert.equal(other(await attempt(upstream, '/x')).outcome.class, 'http');
});
