import '../../test/support/loopback-only.ts';
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { createServer } from 'node:tls';
import { createAuthority, type Certificate } from '../../test/support/certificates.ts';
import {
  listen,
  onRequests,
  rawAnswer,
  startRawServer,
  type RawServer,
} from '../../test/support/raw-server.ts';
import { settle } from '../../test/support/virtual-clock.ts';
import {
  attempt,
  found,
  other,
  textOf,
  trustIn,
  upstreamForTest,
} from '../../test/support/upstream-for-test.ts';

const HOUR_MS = 3600 * 1000;
const authority = createAuthority();
const trust = trustIn(authority.certPem);

async function tlsServer(
  t: TestContext,
  { certPem, keyPem }: Certificate,
  answer?: string,
): Promise<RawServer> {
  const sockets: Socket[] = [];
  const server = createServer({ cert: certPem, key: keyPem, ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    onRequests(socket, () => socket.write(answer ?? rawAnswer(200, String(socket.alpnProtocol))));
  });
  server.on('tlsClientError', () => undefined);
  return await listen(t, server, sockets, '127.0.0.1', 'https');
}

test('a good certificate is taken, over HTTP/1.1, and both phases are timed', async (t) => {
  const server = await tlsServer(t, authority.issue(['127.0.0.1']));
  const upstream = upstreamForTest(t, server.url, { trust });
  const answer = found(await attempt(upstream, '/x'));
  assert.equal(await textOf(answer.body), 'http/1.1');
  const { connectMs = -1, tlsMs = -1, firstByteMs = -1, tls } = answer.timing;
  assert.ok(0 <= connectMs && connectMs <= tlsMs && tlsMs <= firstByteMs);
  assert.equal(tls?.protocol, 'TLSv1.3');
  const validMs = (tls?.validUntilMs ?? 0) - Date.now();
  assert.ok(364 * 24 * HOUR_MS < validMs && validMs <= 365 * 24 * HOUR_MS, `${validMs} ms`);
  await settle();
  const { timing } = found(await attempt(upstream, '/y'));
  assert.deepEqual([timing.reused, timing.tls], [true, tls]);
  assert.deepEqual(upstream.connections(), { open: 1, opened: 1 });
});

test('a name is checked against the certificate and sent as SNI', async (t) => {
  const server = await tlsServer(t, authority.issue(['localhost']));
  const url = new URL(`https://localhost:${server.port}`);
  await textOf(found(await attempt(upstreamForTest(t, url, { trust }), '/x')).body);
  const [socket] = server.sockets;
  assert.equal((socket as Socket & { servername?: string }).servername, 'localhost');
});

const BAD: readonly (readonly [name: string, certificate: () => Certificate, detail: RegExp])[] = [
  [
    'expired',
    () => authority.issue(['127.0.0.1'], { fromMs: Date.now() - 2 * HOUR_MS, untilMs: Date.now() - HOUR_MS }),
    /^certificate has expired/,
  ],
  [
    'not yet valid',
    () => authority.issue(['127.0.0.1'], { fromMs: Date.now() + HOUR_MS, untilMs: Date.now() + 2 * HOUR_MS }),
    /^certificate is not valid yet/,
  ],
  [
    'of another name',
    () => authority.issue(['other.example']),
    /^certificate is for another name: .*127\.0\.0\.1/,
  ],
  [
    'of an unknown issuer',
    () => createAuthority('Stranger').issue(['127.0.0.1']),
    /^certificate has an unknown issuer/,
  ],
  ['self-signed', () => createAuthority('127.0.0.1'), /^certificate is self-signed/],
];
for (const [name, certificate, detail] of BAD) {
  test(`a certificate that is ${name} is refused, and said so`, async (t) => {
    const server = await tlsServer(t, certificate());
    const upstream = upstreamForTest(t, server.url, { trust });
    const { outcome } = other(await attempt(upstream, '/x'));
    assert.deepEqual([outcome.class, outcome.cause], ['http', 'certificate']);
    assert.match(outcome.detail, detail);
  });

  test(`a certificate that is ${name} is taken where nobody checks`, async (t) => {
    const server = await tlsServer(t, certificate());
    const upstream = upstreamForTest(t, server.url, { settings: { insecure: true } });
    assert.equal(await textOf(found(await attempt(upstream, '/x')).body), 'http/1.1');
  });
}

test('plain HTTP on a TLS port is no certificate trouble', async (t) => {
  const server = await startRawServer(t, (socket) => void socket.end(rawAnswer(400, 'speak up')));
  const { outcome } = other(
    await attempt(upstreamForTest(t, new URL(`https://127.0.0.1:${server.port}`)), '/x'),
  );
  assert.deepEqual([outcome.class, outcome.cause], ['http', 'protocol']);
});

test('a connection closed in the handshake is a reset', async (t) => {
  const server = await startRawServer(t, (socket) => void socket.once('data', () => socket.end()));
  const { outcome } = other(
    await attempt(upstreamForTest(t, new URL(`https://127.0.0.1:${server.port}`)), '/x'),
  );
  assert.deepEqual([outcome.class, outcome.cause], ['http', 'reset']);
});

test('a redirect from https to http is refused', async (t) => {
  const plain = await startRawServer(t, () => undefined);
  const server = await tlsServer(
    t,
    authority.issue(['127.0.0.1']),
    rawAnswer(302, '', { location: plain.url.href }),
  );
  const { outcome } = other(await attempt(upstreamForTest(t, server.url, { trust }), '/x'));
  assert.deepEqual([outcome.cause, outcome.detail], ['bad-redirect', 'redirect from https to http']);
  assert.equal(plain.sockets.length, 0);
});
