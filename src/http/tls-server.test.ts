import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request } from 'node:https';
import { connect as connectPlain, type Socket } from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { createAuthority, type Certificate } from '../../test/support/certificates.ts';
import { exchangeBytes } from '../../test/support/http-client.ts';
import { startProxy } from '../../test/support/proxy-fixture.ts';
import type { Reply } from '../proxy/reply.ts';
import type { KeyPair } from './tls-server.ts';

const AUTHORITY = createAuthority();
const LIST = '/example.org/m/@v/list';
const REPLY: Reply = {
  kind: 'bytes',
  bytes: Buffer.from('v1.0.0\n'),
  contentType: 'text/plain; charset=utf-8',
  maxAgeS: 60,
  cache: 'hit',
};

const pairOf = ({ certPem, keyPem }: Certificate): KeyPair => ({ cert: certPem, key: keyPem });

async function startTls(t: TestContext, reply: () => Promise<Reply> = () => Promise.resolve(REPLY)) {
  const agent = new Agent({ ca: AUTHORITY.certPem, keepAlive: true });
  t.after(() => agent.destroy());
  const keyPair = pairOf(AUTHORITY.issue(['localhost', '127.0.0.1']));
  return { ...(await startProxy(t, reply, { keyPair })), agent };
}

type Answer = { status: number; body: string; fingerprint: string; port: number | undefined };

/** One request, with the certificate that the connection was made with. */
function ask(url: string, agent: Agent, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers, servername: 'localhost' }, (response) => {
      const socket = response.socket as TLSSocket;
      const fingerprint = socket.getPeerCertificate().fingerprint256;
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body, fingerprint, port: socket.localPort }),
      );
      response.on('error', reject);
    });
    sent.on('error', reject).end();
  });
}

describe('HTTP over TLS', () => {
  test('the URL says https, and answers come as they do without', async (t) => {
    const { url, agent, requests } = await startTls(t);
    assert.match(url, /^https:\/\/127\.0\.0\.1:\d+$/);
    const { status, body } = await ask(url + LIST, agent);
    assert.deepEqual([status, body], [200, 'v1.0.0\n']);
    assert.equal((await requests(1))[0]?.status, 200);
    assert.match((await ask(url, agent)).body, /GOPROXY=https:\/\/127\.0\.0\.1:\d+,direct\n/);
  });

  test('a name that anybody can own is refused on loopback here too', async (t) => {
    const { url, agent } = await startTls(t);
    assert.equal((await ask(url + LIST, agent, { host: 'rebound.example' })).status, 421);
  });

  test('too many headers are answered 431', async (t) => {
    const { url, agent } = await startTls(t);
    assert.equal((await ask(url + LIST, agent, { x: 'x'.repeat(20_000) })).status, 431);
  });

  test('TLS 1.1 is refused', async (t) => {
    const { port } = await startTls(t);
    const options = { port, ca: AUTHORITY.certPem, servername: 'localhost', ciphers: 'DEFAULT@SECLEVEL=0' };
    const newer = connect({ ...options, maxVersion: 'TLSv1.2' });
    await once(newer, 'secureConnect');
    newer.destroy();
    const old = connect({ ...options, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' });
    const [error] = (await once(old, 'error')) as [NodeJS.ErrnoException];
    assert.match(error.code ?? '', /PROTOCOL_VERSION/);
  });

  test('who speaks plain HTTP is told so', async (t) => {
    const { port } = await startTls(t);
    const { bytes, ended } = await exchangeBytes(`GET ${LIST} HTTP/1.1\r\nHost: x\r\n\r\n`, { port });
    assert.match(bytes.toString(), /^HTTP\/1\.1 400 Bad Request\r\n/);
    assert.match(bytes.toString(), /this is plain HTTP, and here is HTTPS: write https:\/\/ in GOPROXY/);
    assert.equal(ended, 'fin');
    const noise = await exchangeBytes('nonsense\r\n\r\n', { port });
    assert.doesNotMatch(noise.bytes.toString(), /HTTP/);
  });
});

test('who gives a handshake up and dials again from the same port is served', async (t) => {
  const { port, proxy } = await startTls(t);
  const lost = connectPlain({ port, host: '127.0.0.1' });
  await once(lost, 'connect');
  while (proxy.connections() < 1) await new Promise(setImmediate);
  const { localPort } = lost;
  // The server hears of both within one round: the new one comes before the end of the old one.
  lost.resetAndDestroy();
  const below = connectPlain({ port, host: '127.0.0.1', ...(localPort !== undefined && { localPort }) });
  const socket = connect({ socket: below, ca: AUTHORITY.certPem, servername: 'localhost' });
  t.after(() => socket.destroy());
  socket.end(`GET ${LIST} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  let said = '';
  socket.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')));
  await once(socket, 'secureConnect');
  assert.equal(below.localPort, localPort);
  await once(socket, 'close');
  assert.match(said, /^HTTP\/1\.1 200 /);
});

describe('a new certificate', () => {
  test('is shown to the next handshake; who is connected goes on', async (t) => {
    const body = Promise.withResolvers<Reply>();
    const { url, agent, proxy, asked } = await startTls(t, () => body.promise);
    const running = ask(url + LIST, agent);
    while (asked.length === 0) await new Promise(setImmediate);
    const first = await ask(url, agent);
    proxy.renew(pairOf(AUTHORITY.issue(['localhost', '127.0.0.1'])));
    const kept = await ask(url, agent);
    assert.deepEqual([kept.port, kept.fingerprint], [first.port, first.fingerprint]);
    const fresh = new Agent({ ca: AUTHORITY.certPem });
    t.after(() => fresh.destroy());
    assert.notEqual((await ask(url, fresh)).fingerprint, first.fingerprint);
    body.resolve(REPLY);
    assert.equal((await running).body, 'v1.0.0\n');
    const old = connect({ port: Number(new URL(url).port), ca: AUTHORITY.certPem, maxVersion: 'TLSv1.1' });
    await once(old, 'error');
  });
});

describe('the end', () => {
  /** Connected, and silent. */
  async function silent(port: number): Promise<Socket> {
    const socket = connectPlain({ port, host: '127.0.0.1' });
    await once(socket, 'connect');
    return socket;
  }

  test('does not wait for handshakes that nobody finishes', async (t) => {
    const { port, proxy, agent, url } = await startTls(t);
    const socket = await silent(port);
    // So that the server has seen the connection before.
    await ask(url + LIST, agent);
    const closed = once(socket, 'close');
    await proxy.drain(60_000);
    await closed;
  });

  test('waits for a running answer, and takes nothing new', async (t) => {
    const body = Promise.withResolvers<Reply>();
    const { proxy, agent, url, asked } = await startTls(t, () => body.promise);
    const running = ask(url + LIST, agent);
    while (asked.length === 0) await new Promise(setImmediate);
    const drained = proxy.drain(60_000);
    await assert.rejects(ask(url, new Agent({ ca: AUTHORITY.certPem })), /ECONNREFUSED/);
    body.resolve(REPLY);
    assert.equal((await running).body, 'v1.0.0\n');
    await drained;
  });
});
