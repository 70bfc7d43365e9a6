import assert from 'node:assert/strict';
import { fixtureModule } from '../support/fixture-modules.ts';
import { goEnvironment, goWorkspace } from '../support/go-command.ts';
import { fetchRaw } from '../support/http-client.ts';
import '../support/loopback-only.ts';
import type { Mirror } from '../support/mirror-server.ts';
import { testWith } from '../support/requirements.ts';
import { execRondo, reverseCleanup, serveRondo } from '../support/rondo-process.ts';
import { tempFolder, tempProject } from '../support/temp-folder.ts';
import { assertWorks, chainOf, DATABASE, goSum, PROJECT, SERVED, startMirrors } from './bench.ts';

const SECRET = await fixtureModule({ path: 'corp.example.test/secret', version: 'v1.0.0' });
const GOPRIVATE = 'corp.example.test';

/** A project that needs a private module beside public ones. */
const FILES = {
  'go.mod': `${PROJECT['go.mod']}require ${SECRET.path} ${SECRET.version}\n`,
  'go.sum': `${PROJECT['go.sum']}${goSum([SECRET])}`,
  'main.go':
    'package main\n\nimport (\n\t_ "corp.example.test/secret"\n\t_ "example.com/tree"\n)\n\nfunc main() {}\n',
};

/** By the mirrors' own logs: not a path, not a query, not a look-up of a checksum. */
async function assertNeverTold(mirrors: readonly Mirror[]): Promise<void> {
  for (const mirror of mirrors) {
    const requests = await mirror.requests();
    assert.ok(requests.length >= 1, `${mirror.name} was asked for what is public`);
    const told = requests.filter(({ path, headers }) =>
      JSON.stringify([path, headers]).includes('corp.example'),
    );
    assert.deepEqual(told, [], mirror.name);
  }
}

await testWith(
  ['go'],
  'private paths never reach a public mirror, whatever go asks Rondo',
  async (context) => {
    const t = reverseCleanup(context);
    const mirrors = await startMirrors(t, ['a', 'b']);
    const workspace = await goWorkspace(t);
    const gosumdb = DATABASE.key;
    const env = goEnvironment({ workspace, goproxy: chainOf(mirrors), gosumdb, env: { GOPRIVATE } });
    const options = { env, cwd: await tempProject(t, FILES), cacheDir: await tempFolder(t, 'copy') };
    // As if go had not been told what is private, it asks its proxy for everything.
    const careless = 'GOPRIVATE= GONOPROXY=none GONOSUMDB=none';
    const run = await execRondo(
      t,
      [
        'sh',
        '-c',
        `go mod download example.com/tree example.com/m; ${careless} go mod download ${SECRET.path}@v1.0.0`,
      ],
      options,
    );
    assert.equal(run.code, 1);
    assert.match(run.stderr, /404 Not Found/);
    assert.match(run.stderr, /private/);

    const rondo = await serveRondo(t, { env });
    const paths = ['@v/list', '@latest', '@v/main.info', '@v/v1.0.0.info', '@v/v1.0.0.mod', '@v/v1.0.0.zip'];
    for (const path of paths) {
      const answer = await fetchRaw(`${rondo.url}/${SECRET.path}/${path}`);
      assert.equal(answer.status, 404, path);
      assert.match(answer.body.toString(), /^not found: .*private/, path);
    }
    const lookup = await fetchRaw(`${rondo.url}/sumdb/${DATABASE.name}/lookup/${SECRET.path}@v1.0.0`);
    assert.equal(lookup.status, 404);
    await assertNeverTold(mirrors);
  },
);

await testWith(
  ['go'],
  'a mirror whose match names them serves private paths, and nobody else hears of it',
  async (context) => {
    const t = reverseCleanup(context);
    const mirrors = await startMirrors(t, ['a', 'b']);
    const [corp] = await startMirrors(t, ['corp'], { modules: [SECRET, ...SERVED.modules] });
    const workspace = await goWorkspace(t);
    const env = goEnvironment({ workspace, goproxy: '', gosumdb: DATABASE.key, env: { GOPRIVATE } });
    const config = `proxy = ${chainOf(mirrors)}\n[mirror "corp"]\nurl = ${corp.url}\nmatch = corp.example.test\n`;
    const options = { env, config, cwd: await tempProject(t, FILES), cacheDir: await tempFolder(t, 'copy') };
    assertWorks(await execRondo(t, ['go', 'build', './...'], options));
    await assertNeverTold(mirrors);
    const asked = (await corp.requests()).map(({ path }) => path);
    assert.ok(asked.includes('/corp.example.test/secret/@v/v1.0.0.zip'), asked.join('\n'));
    assert.deepEqual(
      asked.filter((path) => path.startsWith('/example.com/') || path.startsWith('/sumdb/')),
      [],
    );
  },
);
