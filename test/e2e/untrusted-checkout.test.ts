import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { createAuthority } from '../support/certificates.ts';
import { startForwardProxy } from '../support/forward-proxy.ts';
import { goEnvironment, goWorkspace } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import { mirrorContent } from '../support/mirror-content.ts';
import { listen } from '../support/raw-server.ts';
import { testWith } from '../support/requirements.ts';
import { execRondo, reverseCleanup } from '../support/rondo-process.ts';
import { tempFolder, tempProject, type Cleanup } from '../support/temp-folder.ts';
import { assertWorks, DATABASE, startMirrors, UNSUMMED_PROJECT, WORLD } from './bench.ts';

const INVENTED = /"1999-|v1\.0\.99/;

/** The variables under which mirror.example, which invents what nothing proves, is to be reached. */
async function inventingMirror(t: Cleanup): Promise<Record<string, string>> {
  const content = mirrorContent(WORLD.modules, WORLD.queries, DATABASE);
  const authority = createAuthority();
  const { certPem, keyPem } = authority.issue(['mirror.example']);
  const sockets: Socket[] = [];
  const server = createServer({ cert: certPem, key: keyPem }, ({ url = '/' }, response) => {
    const path = decodeURIComponent(url);
    const { status, body } = content.answer(path);
    response.writeHead(status);
    if (path.endsWith('/list') && status === 200) response.end(`${body.toString()}v1.0.99\n`);
    else if (path.endsWith('.info')) response.end(body.toString().replace(/"Time":"\d{4}/, '"Time":"1999'));
    else response.end(body);
  }).on('secureConnection', (socket) => sockets.push(socket));
  const { port } = await listen(t, server, sockets, '127.0.0.1', 'https');
  const proxy = await startForwardProxy(t, {
    portOf: (target) => (target === 'mirror.example:443' ? port : undefined),
  });
  const certFile = join(await tempFolder(t, 'certs'), 'ca.pem');
  await writeFile(certFile, authority.certPem);
  return { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, SSL_CERT_FILE: certFile, NO_PROXY: '' };
}

await testWith(
  ['go'],
  'a checkout with mirrors of its own builds at once, and leaves nothing unproven to other projects',
  async (context) => {
    const t = reverseCleanup(context);
    const network = await inventingMirror(t);
    const [honest] = await startMirrors(t, ['honest']);
    const cacheDir = await tempFolder(t, 'copy');
    const ask = async (cwd: string, goproxy: string, more: readonly string[], offline = false) => {
      const env = { ...network, GOFLAGS: '-mod=mod' };
      const go = { workspace: await goWorkspace(t), goproxy, gosumdb: DATABASE.key, env };
      return execRondo(t, ['go', ...more], { env: goEnvironment(go), cwd, cacheDir, offline });
    };
    const checkout = await tempProject(t, {
      ...UNSUMMED_PROJECT,
      '.goproxy': 'proxy = https://mirror.example\n',
    });
    const info = ['list', '-m', '-versions', '-json', 'example.com/m@v1.3.0'];
    assertWorks(await ask(checkout, '', ['build', './...']), 'the checkout');
    const theirs = await ask(checkout, '', info);
    assert.match(theirs.stdout, INVENTED, theirs.stderr);

    const files = await readdir(cacheDir, { recursive: true, withFileTypes: true });
    const names = files.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
    for (const name of names) assert.doesNotMatch(await readFile(name, 'latin1'), INVENTED, name);
    assert.ok(
      names.some((name) => name.endsWith('v1.3.0.zip')),
      'what is proven is kept',
    );

    const mine = await tempProject(t, UNSUMMED_PROJECT);
    const offline = await ask(mine, honest.url, info, true);
    assert.doesNotMatch(`${offline.stdout}${offline.stderr}`, INVENTED);
    const own = await ask(mine, honest.url, info);
    assertWorks(own, 'the project of the user');
    assert.doesNotMatch(own.stdout, INVENTED);
    assertWorks(await ask(mine, honest.url, ['build', './...']), 'the project of the user');
    // What the checkout has brought and is proven serves the user too.
    const zips = (await honest.requests()).filter(({ path }) => path.endsWith('.zip'));
    assert.deepEqual(zips, []);
  },
);
