/**
 * One mirror of three lists a version that does not exist, above all others. The checksum database does not know it: so
 * neither the list nor `@latest` has it, and the real `go get` takes the newest true one.
 */
import assert from 'node:assert/strict';
import { askedOf, assertWorks, chainOf, startMirrors } from '../e2e/bench.ts';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { fixtureModule } from '../support/fixture-modules.ts';
import { goCommand, goEnvironment, goWorkspace } from '../support/go-command.ts';
import { heavyMirror } from '../support/heavy-mirror.ts';
import { fetchRaw } from '../support/http-client.ts';
import '../support/loopback-only.ts';
import type { MirrorProcess } from '../support/mirror-process.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup, serveRondo } from '../support/rondo-process.ts';
import { tempProject, type Cleanup } from '../support/temp-folder.ts';

const PATH = 'example.com/m';
const TRUE = await Promise.all(['v1.0.0', 'v1.1.0'].map((version) => fixtureModule({ path: PATH, version })));
const LIE = await fixtureModule({ path: PATH, version: 'v9.9.9' });
const DATABASE = ChecksumDatabase.over(TRUE);

/** The first lies, and is asked first. */
async function start(t: Cleanup): Promise<{ mirrors: readonly MirrorProcess[]; config: string }> {
  const mirrors = await startMirrors(t, ['liar', 'good', 'better'], { modules: TRUE, database: DATABASE });
  await mirrors[0].publish({ modules: [...TRUE, LIE], database: DATABASE });
  return { mirrors, config: `proxy = ${chainOf(mirrors)}\n${heavyMirror('liar', mirrors[0].url)}` };
}

await testWith(
  ['go'],
  'a version that only a liar lists is looked up, and go get never sees it',
  async (test) => {
    const t = reverseCleanup(test);
    const { mirrors, config } = await start(t);
    const workspace = await goWorkspace(t);
    const env = goEnvironment({ workspace, goproxy: '', gosumdb: DATABASE.key });
    const rondo = await serveRondo(t, { env, config });
    const cwd = await tempProject(t, { 'go.mod': 'module example.com/project\n\ngo 1.21\n' });
    const go = { workspace, cwd, goproxy: rondo.url, gosumdb: DATABASE.key };
    assertWorks(await goCommand(['get', `${PATH}@latest`], go), rondo.stderr());
    const listed = await goCommand(['list', '-m', '-versions', PATH], go);
    assertWorks(listed, rondo.stderr());
    assert.equal(listed.stdout.trim(), `${PATH} v1.0.0 v1.1.0`);
    const chosen = await goCommand(['list', '-m', PATH], go);
    assert.equal(chosen.stdout.trim(), `${PATH} v1.1.0`);

    const latest = await fetchRaw(`${rondo.url}/${PATH}/@latest`);
    assert.equal((JSON.parse(latest.body.toString()) as { Version: string }).Version, 'v1.1.0');
    const asked = (await Promise.all(mirrors.map(askedOf))).flat().map(({ path }) => path);
    assert.equal(asked.filter((path) => path === `/${PATH}/@v/v9.9.9.zip`).length, 0);
    const lookups = asked.filter((path) => path.includes('/lookup/') && path.endsWith('@v9.9.9'));
    // By each mirror that serves the database, once: all of them have to say so.
    assert.ok(lookups.length >= 1 && lookups.length <= mirrors.length, lookups.join('\n'));
    assert.equal(await rondo.stop(), 0);
    assert.match(rondo.stderr(), /example\.com\/m@v9\.9\.9 is left out: liar alone has it/);
  },
);

await testWith(
  ['go'],
  'with the lie under GONOSUMDB nothing is looked up, and the list is the mirror’s',
  async (test) => {
    const t = reverseCleanup(test);
    const { mirrors, config } = await start(t);
    const workspace = await goWorkspace(t);
    const env = { ...goEnvironment({ workspace, goproxy: '', gosumdb: DATABASE.key }), GONOSUMDB: PATH };
    const rondo = await serveRondo(t, { env, config });
    const list = await fetchRaw(`${rondo.url}/${PATH}/@v/list`);
    assert.match(list.body.toString(), /v9\.9\.9/);
    const asked = (await Promise.all(mirrors.map(askedOf))).flat().map(({ path }) => path);
    assert.deepEqual(
      asked.filter((path) => path.includes('/lookup/')),
      [],
    );
    assert.equal(await rondo.stop(), 0);
  },
);
