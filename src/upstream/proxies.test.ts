import '../../test/support/loopback-only.ts';
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { createAuthority } from '../../test/support/certificates.ts';
import { startForwardProxy } from '../../test/support/forward-proxy.ts';
import { proxiedMirror, through } from '../../test/support/proxied-mirror.ts';
import { rawAnswer, startRawServer } from '../../test/support/raw-server.ts';
import {
  attempt,
  found,
  other,
  textOf,
  trustIn,
  upstreamForTest,
} from '../../test/support/upstream-for-test.ts';
import { settle } from '../../test/support/virtual-clock.ts';
import type { Network } from './network.ts';

const authority = createAuthority();
const trust = trustIn(authority.certPem);
const credentials = { username: 'us er', password: 'pä:ss' };
const BASIC = `Basic ${Buffer.from('us er:pä:ss').toString('base64')}`;

const HTTPS = new URL('https://mirror.example/base');
const HTTP = new URL('http://mirror.example:8080/base');

test('a tunnel to an https mirror: once made, used again, counted, timed', async (t) => {
  const server = await proxiedMirror(t, 'https', authority);
  const proxy = await startForwardProxy(t, { portOf: () => server.port, authorization: BASIC });
  const upstream = upstreamForTest(t, HTTPS, {
    trust,
    settings: through(proxy.port, { credentials }),
    authorization: 'Basic bWlycm9y',
  });
  const answer = found(await attempt(upstream, '/x'));
  assert.equal(await textOf(answer.body), 'file');
  const { connectMs = -1, tlsMs = -1, firstByteMs = -1 } = answer.timing;
  assert.ok(0 <= connectMs && connectMs <= tlsMs && tlsMs <= firstByteMs);
  await settle();
  assert.equal(found(await attempt(upstream, '/y')).timing.reused, true);
  assert.deepEqual(upstream.connections(), { open: 1, opened: 1 });
  const { method, target, headers } = proxy.requests[0] ?? assert.fail('not asked');
  assert.deepEqual(
    [proxy.requests.length, method, target, headers],
    [1, 'CONNECT', 'mirror.example:443', { host: 'mirror.example:443', 'proxy-authorization': BASIC }],
  );
  assert.match(server.heads[0] ?? '', /^GET \/base\/x HTTP\/1\.1\r\n[^]*host: mirror\.example\r\n/i);
  assert.match(server.heads[0] ?? '', /\r\nauthorization: Basic bWlycm9y/i);
  assert.doesNotMatch(server.heads.join(), /proxy-auth/i);
});

test('an http mirror is asked of the proxy in absolute form', async (t) => {
  const server = await proxiedMirror(t, 'http', authority);
  const proxy = await startForwardProxy(t, { portOf: () => server.port, authorization: BASIC });
  const upstream = upstreamForTest(t, HTTP, { settings: through(proxy.port, { credentials }) });
  for (const path of ['/x', '/y']) {
    assert.equal(await textOf(found(await attempt(upstream, path)).body), 'file');
    await settle();
  }
  assert.deepEqual(
    proxy.requests.map(({ method, target, headers }) => [method, target, headers.host]),
    ['x', 'y'].map((path) => ['GET', `http://mirror.example:8080/base/${path}`, 'mirror.example:8080']),
  );
  assert.deepEqual(upstream.connections(), { open: 1, opened: 1 });
});

for (const [scheme, url] of [
  ['http', HTTP],
  ['https', HTTPS],
] as const) {
  test(`an ${scheme} mirror through a proxy that speaks TLS`, async (t) => {
    const server = await proxiedMirror(t, scheme, authority);
    const certificate = authority.issue(['127.0.0.1']);
    const proxy = await startForwardProxy(t, { portOf: () => server.port, certificate });
    const upstream = upstreamForTest(t, url, { trust, settings: through(proxy.port, { protocol: 'https' }) });
    assert.equal(await textOf(found(await attempt(upstream, '/x')).body), 'file');
    assert.equal(proxy.requests.length, 1);
    await upstream.close();
    while (upstream.connections().open > 0) await settle();
  });
}

test('the certificate of a proxy is checked, though nobody checks those of mirrors', async (t) => {
  const certificate = createAuthority('Stranger').issue(['127.0.0.1']);
  const proxy = await startForwardProxy(t, { portOf: () => undefined, certificate });
  const settings = { ...through(proxy.port, { protocol: 'https' }), insecure: true };
  const { outcome } = other(await attempt(upstreamForTest(t, HTTPS, { trust, settings }), '/x'));
  assert.deepEqual([outcome.class, outcome.cause], ['http', 'proxy']);
  assert.match(outcome.detail, /^proxy 127\.0\.0\.1:\d+: certificate has an unknown issuer/);
  assert.equal(proxy.requests.length, 0);
});

test('a certificate that does not hold behind a proxy names both', async (t) => {
  const server = await proxiedMirror(t, 'https', authority);
  const proxy = await startForwardProxy(t, { portOf: () => server.port });
  const settings = through(proxy.port);
  const { outcome } = other(await attempt(upstreamForTest(t, HTTPS, { trust: trustIn(), settings }), '/x'));
  assert.deepEqual([outcome.class, outcome.cause], ['http', 'certificate']);
  assert.match(outcome.detail, /^through proxy 127\.0\.0\.1:\d+: certificate has an unknown issuer/);
});

for (const scheme of ['http', 'https'] as const) {
  test(`a tunnel or proxy that has just closed is not held against an ${scheme} mirror`, async (t) => {
    const server = await proxiedMirror(t, scheme, authority, (path) => rawAnswer(200, path));
    let asked = 0;
    const proxy = await startForwardProxy(t, { portOf: () => server.port });
    // Passes bytes on; the first connection is cut as soon as it is used for the second request.
    const front = await startRawServer(t, (socket) => {
      const first = (asked += 1) === 1;
      const onward = connect({ port: proxy.port, host: '127.0.0.1' }).on('error', () => undefined);
      onward.pipe(socket);
      socket.on('data', (bytes: Buffer) => {
        if (first && server.heads.length === 1) socket.destroy();
        else onward.write(bytes);
      });
      socket.on('close', () => onward.destroy());
    });
    const url = scheme === 'http' ? HTTP : HTTPS;
    const upstream = upstreamForTest(t, url, { trust, settings: through(front.port) });
    assert.equal(await textOf(found(await attempt(upstream, '/x')).body), '/base/x');
    await settle();
    assert.equal(await textOf(found(await attempt(upstream, '/y')).body), '/base/y');
    assert.equal(upstream.connections().opened, 2);
  });
}

/** 127.0.0.1 plays the Internet; names that the machine looks up itself are at ::1, which is private here. */
const split: Network = {
  lookup: (_host, _options, callback) => callback(null, [{ address: '::1', family: 6 }]),
  isPublic: (address) => address === '127.0.0.1',
};

for (const [name, location] of [
  ['a private address', (port: number) => `http://[::1]:${port}/inside`],
  ['a private address that would be proxied', () => 'http://10.0.0.1/inside'],
  ['a name that is not proxied', (port: number) => `http://inside.example:${port}/inside`],
] as const) {
  test(`a mirror behind a proxy counts as public: no redirect to ${name}`, async (t) => {
    const inside = await startRawServer(t, () => undefined, '::1');
    const target = location(inside.port);
    const server = await proxiedMirror(t, 'http', authority, () => rawAnswer(302, '', { location: target }));
    const proxy = await startForwardProxy(t, { portOf: () => server.port });
    const { proxyFor } = through(proxy.port);
    const settings = {
      proxyFor: (url: URL) => (url.hostname === 'inside.example' ? undefined : proxyFor(url)),
    };
    const { outcome } = other(await attempt(upstreamForTest(t, HTTP, { network: split, settings }), '/x'));
    assert.deepEqual([outcome.class, outcome.cause], ['http', 'bad-redirect']);
    assert.deepEqual([inside.sockets.length, proxy.requests.length], [0, 1]);
  });
}

test('names behind a proxy are looked up by the proxy alone, those of redirects, too', async (t) => {
  const store = await proxiedMirror(t, 'http', authority, () => rawAnswer(200, 'stored'));
  const location = 'http://store.example/y';
  const server = await proxiedMirror(t, 'http', authority, () => rawAnswer(302, '', { location }));
  const proxy = await startForwardProxy(t, {
    portOf: (target) => (target.startsWith('store') ? store.port : server.port),
    authorization: BASIC,
  });
  const network: Network = { ...split, lookup: () => assert.fail('looked up') };
  const upstream = upstreamForTest(t, HTTP, {
    network,
    settings: through(proxy.port, { credentials }),
    authorization: 'Basic bWlycm9y',
  });
  assert.equal(await textOf(found(await attempt(upstream, '/x')).body), 'stored');
  assert.deepEqual(
    proxy.requests.map(({ target, headers }) => [target, headers.authorization]),
    [
      ['http://mirror.example:8080/base/x', 'Basic bWlycm9y'],
      [location, undefined],
    ],
  );
});
