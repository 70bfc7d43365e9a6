import '../../test/support/loopback-only.ts';
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { onRequests, rawAnswer, startRawServer, type RawServer } from '../../test/support/raw-server.ts';
import {
  attempt,
  found,
  getRequest,
  other,
  textOf,
  upstreamForTest,
} from '../../test/support/upstream-for-test.ts';
import type { Network } from './network.ts';

/** A server that answers `location` to one path and a file to all others; keeps what it was asked. */
async function redirecting(
  t: TestContext,
  path: string,
  location: () => string,
  host = '127.0.0.1',
): Promise<RawServer & { heads: string[] }> {
  const heads: string[] = [];
  const server = await startRawServer(
    t,
    (socket) =>
      onRequests(socket, (head) => {
        heads.push(head);
        const moved = head.startsWith(`GET ${path} `) || head.startsWith(`HEAD ${path} `);
        socket.write(moved ? rawAnswer(302, 'moved', { location: location() }) : rawAnswer(200, 'file'));
      }),
    host,
  );
  return { ...server, heads };
}

/** On loopback 127.0.0.1 plays the Internet and ::1 a private network; all names are `address`. */
function split(address: string): Network {
  return {
    lookup: (_host, _options, callback) =>
      callback(null, [{ address, family: address.includes(':') ? 6 : 4 }]),
    isPublic: (each) => each === '127.0.0.1',
  };
}

test('a redirect within the mirror keeps connection and credentials', async (t) => {
  const server = await redirecting(t, '/x', () => '/y');
  const upstream = upstreamForTest(t, server.url, { authorization: 'Basic eA==' });
  assert.equal(await textOf(found(await attempt(upstream, '/x')).body), 'file');
  assert.deepEqual(
    server.heads.map((head) => [head.split(' ')[1], /authorization: Basic eA==/i.test(head)]),
    [
      ['/x', true],
      ['/y', true],
    ],
  );
});

test('credentials do not go to another origin, and are back on the own one', async (t) => {
  const home: { url?: URL } = {};
  const store = await redirecting(t, '/store', () => `${home.url?.origin}/back`);
  const server = await redirecting(t, '/x', () => `${store.url.origin}/store`);
  home.url = server.url;
  const upstream = upstreamForTest(t, server.url, { authorization: 'Basic eA==' });
  assert.equal(await textOf(found(await attempt(upstream, '/x')).body), 'file');
  assert.equal(store.heads.length, 1);
  assert.doesNotMatch(store.heads[0] ?? '', /authorization/i);
  assert.match(server.heads[1] ?? '', /^GET \/back [^]*authorization: Basic eA==/i);
});

test('nor does its place in a trace go to another origin', async (t) => {
  const store = await redirecting(t, '/x', () => '/y');
  const server = await redirecting(t, '/x', () => `${store.url.origin}/z`);
  const ownHeaders = { traceparent: 'a', tracestate: 'b' };
  const upstream = upstreamForTest(t, server.url);
  assert.equal(await textOf(found(await attempt(upstream, getRequest('/x', { ownHeaders }))).body), 'file');
  assert.match(server.heads[0] ?? '', /traceparent: a[^]*tracestate: b/i);
  assert.match(store.heads[0] ?? '', /^GET \/z /);
  assert.doesNotMatch(store.heads[0] ?? '', /trace/i);
});

test('HEAD is redirected as HEAD', async (t) => {
  const server = await redirecting(t, '/x', () => '/y');
  await attempt(upstreamForTest(t, server.url), getRequest('/x', { method: 'HEAD' }));
  assert.deepEqual(
    server.heads.map((head) => head.split(' ')[0]),
    ['HEAD', 'HEAD'],
  );
});

test('a round of redirects is left after ten', async (t) => {
  const server = await redirecting(t, '/x', () => '/x');
  const { outcome } = other(await attempt(upstreamForTest(t, server.url), '/x'));
  assert.deepEqual(
    [outcome.class, outcome.cause, outcome.detail],
    ['http', 'bad-redirect', 'stopped after 10 redirects'],
  );
  assert.equal(server.heads.length, 11);
});

test('a redirect to what is not the web is refused', async (t) => {
  const server = await redirecting(t, '/x', () => 'file:///etc/hosts');
  assert.equal(other(await attempt(upstreamForTest(t, server.url), '/x')).outcome.cause, 'bad-redirect');
});

test('a redirect that nobody answers is what that is', async (t) => {
  const server = await redirecting(t, '/x', () => 'http://store.invalid/');
  assert.equal(other(await attempt(upstreamForTest(t, server.url), '/x')).outcome.cause, 'dns');
});

/** Names are looked up in vain: `code` is getaddrinfo's. */
function unknowing(code: string): Network {
  return {
    lookup: (_host, _options, callback) => callback(Object.assign(new Error(code), { code }), []),
    isPublic: () => true,
  };
}

for (const [code, outcomeClass, cause] of [
  ['EAI_AGAIN', 'http', 'bad-redirect'],
  ['EHOSTUNREACH', 'http', 'bad-redirect'],
  ['EMFILE', 'local', 'network-down'],
] as const) {
  test(`${code} behind a redirect: who has just answered has chosen that target, but not what this machine lacks`, async (t) => {
    const server = await redirecting(t, '/x', () => 'http://store.example/y');
    const upstream = upstreamForTest(t, server.url, { network: unknowing(code) });
    const { outcome } = other(await attempt(upstream, '/x'));
    assert.deepEqual([outcome.class, outcome.cause], [outcomeClass, cause], outcome.detail);
    assert.equal(server.heads.length, 1);
    const own = upstreamForTest(t, new URL('http://mirror.example'), { network: unknowing(code) });
    assert.equal(
      other(await attempt(own, '/x')).outcome.class,
      'local',
      'of the mirror itself it is as it was',
    );
  });
}

for (const [name, target] of [
  ['a literal address', (inside: RawServer) => `http://[::1]:${inside.port}/secret`],
  ['a name', (inside: RawServer) => `http://inside.example:${inside.port}/secret`],
] as const) {
  test(`a public mirror may not redirect to a private address by ${name}`, async (t) => {
    const inside = await redirecting(t, '', () => '', '::1');
    const server = await redirecting(t, '/x', () => target(inside));
    const upstream = upstreamForTest(t, server.url, { network: split('::1') });
    const { outcome } = other(await attempt(upstream, '/x'));
    assert.deepEqual([outcome.class, outcome.cause], ['http', 'bad-redirect']);
    assert.equal(inside.sockets.length, 0);
  });

  test(`a public mirror may where that is allowed, by ${name}`, async (t) => {
    const inside = await redirecting(t, '', () => '', '::1');
    const server = await redirecting(t, '/x', () => target(inside));
    const settings = { allowPrivateRedirects: true };
    const upstream = upstreamForTest(t, server.url, { network: split('::1'), settings });
    assert.equal(await textOf(found(await attempt(upstream, '/x')).body), 'file');
  });
}

test('a public mirror may not lead inside by way of another public host', async (t) => {
  const inside = await redirecting(t, '', () => '', '::1');
  const store = await redirecting(t, '/store', () => `http://[::1]:${inside.port}/secret`);
  const server = await redirecting(t, '/x', () => `${store.url.origin}/store`);
  const upstream = upstreamForTest(t, server.url, { network: split('127.0.0.1') });
  assert.equal(other(await attempt(upstream, '/x')).outcome.cause, 'bad-redirect');
  assert.equal(store.heads.length, 1);
  assert.equal(inside.sockets.length, 0);
});

test('a private mirror may redirect to a private address', async (t) => {
  const store = await redirecting(t, '', () => '', '::1');
  const server = await redirecting(t, '/x', () => `http://[::1]:${store.port}/y`, '::1');
  const upstream = upstreamForTest(t, server.url, { network: split('::1') });
  assert.equal(await textOf(found(await attempt(upstream, '/x')).body), 'file');
});

test('of a name with public and private addresses only the public ones are dialled', async (t) => {
  const store = await redirecting(t, '', () => '');
  const server = await redirecting(t, '/x', () => `http://store.example:${store.port}/y`);
  const network: Network = {
    ...split('127.0.0.1'),
    lookup: (_host, _options, callback) =>
      callback(null, [
        { address: '::1', family: 6 },
        { address: '127.0.0.1', family: 4 },
      ]),
  };
  const upstream = upstreamForTest(t, server.url, { network });
  assert.equal(await textOf(found(await attempt(upstream, '/x')).body), 'file');
});
