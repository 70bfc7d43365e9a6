import '../../test/support/loopback-only.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createServer, getCACertificates, rootCertificates } from 'node:tls';
import { createAuthority } from '../../test/support/certificates.ts';
import { listen, onRequests, rawAnswer, startRawServer } from '../../test/support/raw-server.ts';
import { attempt, found, other, textOf, upstreamForTest } from '../../test/support/upstream-for-test.ts';
import { createTlsTrust, rootsBeside } from './tls-trust.ts';

const authority = createAuthority();

test('roots are read at the first TLS connection, and once', async (t) => {
  const { certPem, keyPem } = authority.issue(['127.0.0.1']);
  const tls = createServer({ cert: certPem, key: keyPem }, (socket) =>
    onRequests(socket, () => socket.end(rawAnswer(200, 'secure', { connection: 'close' }))),
  );
  const secure = await listen(t, tls, [], '127.0.0.1', 'https');
  const plain = await startRawServer(t, (socket) =>
    onRequests(socket, () => socket.write(rawAnswer(200, 'plain'))),
  );
  let reads = 0;
  const trust = createTlsTrust(async () => {
    reads += 1;
    return [authority.certPem];
  });
  await attempt(upstreamForTest(t, plain.url, { trust }), '/x');
  await attempt(upstreamForTest(t, secure.url, { trust, settings: { insecure: true } }), '/x');
  assert.equal(reads, 0);
  const upstreams = [1, 2].map(() => upstreamForTest(t, secure.url, { trust }));
  const answers = await Promise.all(upstreams.flatMap((each) => [attempt(each, '/x'), attempt(each, '/y')]));
  for (const answer of answers) assert.equal(await textOf(found(answer).body), 'secure');
  assert.equal(reads, 1);
});

test('no roots where some were named: nobody is charged, and the next connection looks again', async (t) => {
  const { certPem, keyPem } = authority.issue(['127.0.0.1']);
  const tls = createServer({ cert: certPem, key: keyPem }, (socket) =>
    onRequests(socket, () => socket.write(rawAnswer(200, 'secure'))),
  );
  const { url } = await listen(t, tls, [], '127.0.0.1', 'https');
  const readable: (readonly string[])[] = [];
  const trust = createTlsTrust(async () => {
    const roots = readable.shift();
    if (roots === undefined) throw new Error('no certificate is where SSL_CERT_FILE leads');
    return roots;
  });
  const upstream = upstreamForTest(t, url, { trust });
  const { outcome } = other(await attempt(upstream, '/x'));
  assert.deepEqual(outcome, {
    class: 'local',
    cause: 'certificate',
    detail: 'no certificates to trust: no certificate is where SSL_CERT_FILE leads',
  });
  readable.push([authority.certPem]);
  assert.equal(await textOf(found(await attempt(upstream, '/x')).body), 'secure');
});

test('without any certificate on the machine those of Node count, and otherwise not', () => {
  const own = rootCertificates[0] ?? assert.fail('Node has none');
  assert.ok(rootsBeside(undefined).has(own));
  const extra = getCACertificates('extra');
  assert.deepEqual([...rootsBeside([authority.certPem])], [...new Set([authority.certPem, ...extra])]);
});
