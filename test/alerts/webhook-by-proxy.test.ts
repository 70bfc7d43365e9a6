import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createAuthority } from '../support/certificates.ts';
import { startForwardProxy } from '../support/forward-proxy.ts';
import { happens } from '../support/happens.ts';
import '../support/loopback-only.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { alertWorld, startWebhook, titleOf } from './alert-world.ts';

const DOWN = { status: 'UNHEALTHY', why: '3 probes failed' } as const;
const AT_ONCE = { RONDO_ALERTS_AFTER: '0s', NO_PROXY: '' };

test('a webhook is told through the proxy of this machine, which gets its own credentials', async (t) => {
  const [world, hook] = [await alertWorld(t), await startWebhook(t)];
  const authorization = `Basic ${Buffer.from('user:pass').toString('base64')}`;
  const proxy = await startForwardProxy(t, { portOf: () => Number(new URL(hook.url).port), authorization });
  const through = { ...AT_ONCE, RONDO_ALERTS_WEBHOOK: 'http://hook.example/take?key=1' };
  await world.start({ ...through, HTTP_PROXY: `http://127.0.0.1:${proxy.port}` });
  world.mirror(DOWN);
  await world.looks(1);
  await world.start({ ...through, HTTP_PROXY: `http://user:pass@127.0.0.1:${proxy.port}` });
  const [posted] = await hook.come(1);
  assert.equal(titleOf(posted?.body ?? ''), 'mirror-down.firing a 1');
  assert.equal(posted?.headers['proxy-authorization'], undefined);
  const asked = proxy.requests.map(({ method, target }) => `${method} ${target}`);
  assert.deepEqual(asked, Array(2).fill('POST http://hook.example/take?key=1'));
  assert.deepEqual(world.told, [
    `alerts.webhook takes no alert: proxy 127.0.0.1:${proxy.port} wants credentials, or other ones; it is told again until it does`,
  ]);
});

test('an https webhook is trusted by the roots of SSL_CERT_FILE, and by no others, through a tunnel', async (context) => {
  const t = reverseCleanup(context);
  const world = await alertWorld(t);
  const [authority, stranger] = [createAuthority(), createAuthority('Stranger')];
  const { certPem: cert, keyPem: key } = authority.issue(['hook.example']);
  const bodies: string[] = [];
  const hook = createTlsServer({ cert, key }, (request, response) => {
    request.on('data', (piece: Buffer) => bodies.push(piece.toString()));
    request.on('end', () => response.writeHead(204).end());
  });
  hook.listen(0, '127.0.0.1');
  await once(hook, 'listening');
  t.after(async () => {
    hook.closeAllConnections();
    hook.close();
    await once(hook, 'close');
  });
  const proxy = await startForwardProxy(t, { portOf: () => (hook.address() as AddressInfo).port });
  const env = {
    ...AT_ONCE,
    RONDO_ALERTS_WEBHOOK: 'https://hook.example/',
    HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
    // No key of the mirrors' makes it send an alert to anybody.
    RONDO_INSECURE: 'true',
  };
  await world.start({ ...env, SSL_CERT_FILE: await world.user.write('stranger.pem', stranger.certPem) });
  world.mirror(DOWN);
  await world.looks(1);
  assert.deepEqual([world.tries, bodies], [['webhook refused'], []]);
  assert.match(world.told[0] ?? '', /certificate has an unknown issuer/);
  await world.start({ ...env, SSL_CERT_FILE: await world.user.write('roots.pem', authority.certPem) });
  await happens(() => world.tries.length > 1);
  assert.deepEqual(world.tries, ['webhook refused', 'webhook taken']);
  assert.deepEqual(bodies.map(titleOf), ['mirror-down.firing a 1']);
  assert.deepEqual(
    proxy.requests.map(({ target }) => target),
    Array(2).fill('hook.example:443'),
  );
});
