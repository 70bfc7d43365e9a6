import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { createServer } from 'node:tls';
import { createAuthority, type Authority } from '../support/certificates.ts';
import { startForwardProxy, type ForwardProxy } from '../support/forward-proxy.ts';
import { goEnvironment, goWorkspace } from '../support/go-command.ts';
import { fetchRaw } from '../support/http-client.ts';
import '../support/loopback-only.ts';
import { listen } from '../support/raw-server.ts';
import { testWith } from '../support/requirements.ts';
import { execRondo, reverseCleanup, serveRondo } from '../support/rondo-process.ts';
import { tempFolder, tempProject, type Cleanup } from '../support/temp-folder.ts';
import { askedOf, DATABASE, PROJECT, startMirrors } from './bench.ts';

const AUTHORIZATION = `Basic ${Buffer.from('user:secret').toString('base64')}`;

/** A network whose only way out is a proxy: it alone knows mirror.example, at ports 80 and 443. */
type Network = {
  readonly proxy: ForwardProxy;
  readonly authority: Authority;
  /** With the password. */
  readonly proxyUrl: string;
  /** The authority's certificate. */
  readonly certFile: string;
  readonly asked: () => Promise<number>;
};

async function network(t: Cleanup): Promise<Network> {
  const [mirror] = await startMirrors(t, ['mirror']);
  const authority = createAuthority();
  const { certPem, keyPem } = authority.issue(['mirror.example']);
  const sockets: Socket[] = [];
  const tls = createServer({ cert: certPem, key: keyPem }, (socket) => {
    const onward = connect({ port: mirror.port, host: '127.0.0.1' });
    sockets.push(socket.on('error', () => onward.destroy()));
    sockets.push(onward.on('error', () => socket.destroy()));
    socket.pipe(onward).pipe(socket);
  });
  const secure = await listen(t, tls, sockets, '127.0.0.1', 'https');
  const ports = new Map([
    ['mirror.example:443', secure.port],
    ['mirror.example:80', mirror.port],
  ]);
  const proxy = await startForwardProxy(t, {
    portOf: (target) => ports.get(target),
    authorization: AUTHORIZATION,
  });
  const certFile = join(await tempFolder(t, 'certs'), 'ca.pem');
  await writeFile(certFile, authority.certPem);
  return {
    proxy,
    authority,
    proxyUrl: `http://user:secret@127.0.0.1:${proxy.port}`,
    certFile,
    asked: async () => (await askedOf(mirror)).length,
  };
}

/** The environment of a user of mirror.example; nothing listens at the other proxy. */
async function environment(
  t: Cleanup,
  scheme: 'http' | 'https',
  env: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const workspace = await goWorkspace(t);
  const goproxy = `${scheme}://mirror.example`;
  return goEnvironment({ workspace, goproxy, gosumdb: DATABASE.key, env: { NO_PROXY: '', ...env } });
}

await testWith(
  ['go'],
  'a build through a CONNECT proxy, from a mirror whose root is in SSL_CERT_FILE alone',
  async (context) => {
    const t = reverseCleanup(context);
    const { proxy, proxyUrl, certFile, asked } = await network(t);
    const env = await environment(t, 'https', {
      HTTPS_PROXY: proxyUrl,
      // Rondo itself is at a loopback address, which go does not ask a proxy for.
      HTTP_PROXY: 'http://127.0.0.1:1',
      SSL_CERT_FILE: certFile,
    });
    const cwd = await tempProject(t, PROJECT);
    const run = await execRondo(t, ['go', 'build', './...'], {
      env,
      cwd,
      cacheDir: await tempFolder(t, 'copy'),
    });
    assert.equal(run.code, 0, run.stderr);
    assert.ok((await asked()) > 0);
    assert.ok(proxy.requests.length > 0);
    for (const { method, target } of proxy.requests)
      assert.deepEqual([method, target], ['CONNECT', 'mirror.example:443']);
  },
);

const FILE = '/example.com/m/@v/v1.3.0.mod';

test('the root may be in NODE_EXTRA_CA_CERTS, too', async (context) => {
  const t = reverseCleanup(context);
  const { proxyUrl, certFile } = await network(t);
  const env = await environment(t, 'https', { https_proxy: proxyUrl, NODE_EXTRA_CA_CERTS: certFile });
  const { url } = await serveRondo(t, { env });
  assert.equal((await fetchRaw(`${url}${FILE}`)).status, 200);
});

test('a root that nobody named is not trusted; the answer names mirror and proxy and no password', async (context) => {
  const t = reverseCleanup(context);
  const { proxy, proxyUrl, asked } = await network(t);
  const rondo = await serveRondo(t, { env: await environment(t, 'https', { HTTPS_PROXY: proxyUrl }) });
  const { status, body } = await fetchRaw(`${rondo.url}${FILE}`);
  assert.equal(status, 502);
  assert.match(body.toString(), /mirror\.example/);
  assert.ok(body.toString().includes(`through proxy 127.0.0.1:${proxy.port}: certificate `), body.toString());
  const api = (await fetchRaw(`${rondo.url}/-/api/mirrors`)).body.toString();
  assert.doesNotMatch([body, api, rondo.stdout(), rondo.stderr()].join('\n'), /secret|dXNlcjpzZWNyZXQ/);
  assert.equal(await asked(), 0);
});

test('an http mirror is asked of the proxy itself', async (context) => {
  const t = reverseCleanup(context);
  const { proxy, proxyUrl } = await network(t);
  const rondo = await serveRondo(t, { env: await environment(t, 'http', { HTTP_PROXY: proxyUrl }) });
  assert.equal((await fetchRaw(`${rondo.url}${FILE}`)).status, 200);
  assert.ok(proxy.requests.some(({ target }) => target === `http://mirror.example${FILE}`));
});

test('a proxy that is down is what the answer names', async (context) => {
  const t = reverseCleanup(context);
  const env = await environment(t, 'https', { HTTPS_PROXY: 'user:secret@127.0.0.1:1' });
  const rondo = await serveRondo(t, { env });
  const { status, body } = await fetchRaw(`${rondo.url}${FILE}`);
  assert.equal(status, 502);
  assert.match(body.toString(), /proxy 127\.0\.0\.1:1: connection refused/);
  assert.doesNotMatch(`${body.toString()}${rondo.stderr()}`, /secret/);
});
