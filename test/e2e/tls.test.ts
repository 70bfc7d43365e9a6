import assert from 'node:assert/strict';
import { rename, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { createAuthority, type Certificate } from '../support/certificates.ts';
import { goCommand, goEnvironment, goWorkspace } from '../support/go-command.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempFolder, tempProject, type Cleanup } from '../support/temp-folder.ts';
import { assertWorks, chainOf, DATABASE, PROJECT, startMirrors } from './bench.ts';
import { runRondo, startRondo, stranger } from './rondo-command.ts';

const AUTHORITY = createAuthority();

/** A folder with a certificate for this machine, its key and its authority. */
async function certificateFolder(t: Cleanup) {
  const folder = await tempFolder(t, 'tls');
  const [cert, key, ca] = ['cert.pem', 'key.pem', 'ca.pem'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const replace = async (path: string, text: string): Promise<void> => {
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  };
  const put = async (pair: Partial<Certificate>): Promise<void> => {
    if (pair.keyPem !== undefined) await replace(key, pair.keyPem);
    if (pair.certPem !== undefined) await replace(cert, pair.certPem);
  };
  const issue = (): Certificate => AUTHORITY.issue(['localhost', '127.0.0.1']);
  await put(issue());
  await writeFile(ca, AUTHORITY.certPem);
  return { cert, key, ca, put, issue, flags: ['--tls', '--cert', cert, '--key', key] };
}

/** The certificate that a new handshake shows. */
function shownBy(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), ca: AUTHORITY.certPem }, () => {
      resolve(socket.getPeerX509Certificate()?.toString() ?? '');
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

/** One request over `agent`; the local port tells connections apart. */
function ask(url: string, agent: Agent): Promise<{ status: number | undefined; port: number | undefined }> {
  return new Promise((resolve, reject) => {
    request(url, { agent }, (response) => {
      const { localPort } = response.socket;
      response.resume().on('end', () => resolve({ status: response.statusCode, port: localPort }));
    })
      .on('error', reject)
      .end();
  });
}

await testWith(['go'], 'go builds through `serve --tls`, if it is told whom to trust', async (context) => {
  const t = reverseCleanup(context);
  const [mirror] = await startMirrors(t, ['a']);
  const { ca, flags } = await certificateFolder(t);
  const workspace = await goWorkspace(t);
  const env = goEnvironment({ workspace, goproxy: chainOf([mirror]), gosumdb: DATABASE.key });
  const args = ['serve', '--port', '0', '--cache-dir', await tempFolder(t, 'copy'), ...flags];
  const rondo = startRondo(t, args, { env, cwd: workspace.home });
  const [, url = ''] = await rondo.written(/GOPROXY=(https:\/\/127\.0\.0\.1:\d+)/);
  const told = { workspace, goproxy: url, gosumdb: DATABASE.key, cwd: await tempProject(t, PROJECT) };
  const refused = await goCommand(['mod', 'download'], told);
  assert.match(refused.stderr, /certificate signed by unknown authority/);
  const run = await goCommand(['build', './...'], { ...told, env: { SSL_CERT_FILE: ca } });
  assertWorks(run, rondo.stderr());
  assert.match(rondo.stderr(), /address {2}https:/);
  rondo.child.kill('SIGTERM');
  assert.equal(await rondo.ended, 0);
});

test('a certificate that is replaced is shown from then on; a broken one is reported and not used', async (context) => {
  const t = reverseCleanup(context);
  const { env, home } = await stranger(t);
  const { put, issue, flags } = await certificateFolder(t);
  const rondo = startRondo(t, ['serve', '--port', '0', ...flags], {
    env: { ...env, GOPROXY: 'http://127.0.0.1:9' },
    cwd: home,
  });
  const [, url = ''] = await rondo.written(/GOPROXY=(https:\S+)\n/);
  const agent = new Agent({ ca: AUTHORITY.certPem, keepAlive: true });
  t.after(() => Promise.resolve(agent.destroy()));
  const { port } = await ask(`${url}/healthz`, agent);

  const first = await shownBy(url);
  await put({ keyPem: issue().keyPem });
  await rondo.written(/the certificate in use stays: the key in \S+key\.pem does not belong to the cert/);
  assert.equal(await shownBy(url), first);

  const second = issue();
  await put(second);
  await rondo.written(/the certificate was replaced; the new one is valid until /);
  assert.equal(await shownBy(url), second.certPem);
  assert.deepEqual(await ask(`${url}/healthz`, agent), { status: 200, port }, 'who is connected goes on');
  rondo.child.kill('SIGTERM');
  assert.equal(await rondo.ended, 0);
});

test('after its https line was pasted, Rondo stands in front of the chain that it had', async (context) => {
  const t = reverseCleanup(context);
  const { env, home } = await stranger(t);
  const { flags } = await certificateFolder(t);
  const first = startRondo(t, ['serve', '--port', '0', ...flags], {
    env: { ...env, GOPROXY: 'http://127.0.0.1:9|direct' },
    cwd: home,
  });
  const [, line = ''] = await first.written(/['"](GOPROXY=https:[^'"\s]+)['"]/);
  first.child.kill('SIGTERM');
  assert.equal(await first.ended, 0);
  await writeFile(join(home, 'goenv'), `${line}\n`);
  const options = { env: { ...env, GOENV: join(home, 'goenv') }, cwd: home };
  const again = startRondo(t, ['serve', '--port', '0', ...flags], options);
  await again.written(/go uses it:/);
  assert.match(again.stderr(), /mirrors {2}127\.0\.0\.1:9, then direct/);
  again.child.kill('SIGTERM');
  assert.equal(await again.ended, 0);
});

test('a certificate that cannot be used is an error that names the file; serving others in clear warns', async (context) => {
  const t = reverseCleanup(context);
  const { env, home } = await stranger(t);
  const options = { env: { ...env, GOPROXY: 'http://127.0.0.1:9' }, cwd: home };
  const missing = ['serve', '--port', '0', '--tls', '--cert', 'no.pem', '--key', 'key.pem'];
  const refused = await runRondo(t, missing, options);
  assert.equal(refused.code, 2);
  assert.match(
    refused.stderr,
    /^error: the certificate \S+no\.pem cannot be read: .*\(E_CERTIFICATE\)\nhint: /,
  );
  const open = startRondo(t, ['serve', '--port', '0', '--host', '0.0.0.0'], options);
  await open.written(/go uses it:/);
  assert.match(open.stderr(), /^warning: others can reach 0\.0\.0\.0:\d+: .*--tls --cert FILE --key FILE/m);
  open.child.kill('SIGTERM');
  assert.equal(await open.ended, 0);
});
