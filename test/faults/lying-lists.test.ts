/**
 * One mirror lists a version that does not exist, above all others. The checksum database does not know it: so neither
 * the list nor `@latest` has it, and the real `go get` takes the newest true one. Nor does it do harm with versions that
 * it makes up below, for the canary, of a module without tags, or by the thousands.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MirrorView } from '../../src/mirrors/mirror-view.ts';
import { askedOf, assertWorks, chainOf, startMirrors } from '../e2e/bench.ts';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { fixtureModule } from '../support/fixture-modules.ts';
import { goCommand, goEnvironment, goWorkspace } from '../support/go-command.ts';
import { heavyMirror } from '../support/heavy-mirror.ts';
import { fetchRaw } from '../support/http-client.ts';
import '../support/loopback-only.ts';
import type { MirrorProcess } from '../support/mirror-process.ts';
import { onRequests, rawAnswer, startRawServer } from '../support/raw-server.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup, serveRondo, type ServedRondo } from '../support/rondo-process.ts';
import { tempProject, type Cleanup } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

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

await testWith(
  ['go'],
  'of a module without tags go get takes the true commit, whatever @latest a liar makes up',
  async (test) => {
    const t = reverseCleanup(test);
    const path = 'example.com/untagged';
    const real = await fixtureModule({ path, version: 'v0.0.0-20240102030405-0123456789ab' });
    const made = await fixtureModule({ path, version: 'v0.0.0-20250102030405-ba9876543210' });
    const database = ChecksumDatabase.over([real]);
    const mirrors = await startMirrors(t, ['liar', 'good'], { modules: [real], database });
    await mirrors[0].publish({ modules: [made], database });
    const workspace = await goWorkspace(t);
    const env = goEnvironment({ workspace, goproxy: '', gosumdb: database.key });
    const config = `proxy = ${chainOf(mirrors)}\n${heavyMirror('liar', mirrors[0].url)}`;
    const rondo = await serveRondo(t, { env, config });
    const cwd = await tempProject(t, { 'go.mod': 'module example.com/project\n\ngo 1.21\n' });
    const go = { workspace, cwd, goproxy: rondo.url, gosumdb: database.key };
    assertWorks(await goCommand(['get', `${path}@latest`], go), rondo.stderr());
    const chosen = await goCommand(['list', '-m', path], go);
    assert.equal(chosen.stdout.trim(), `${path} ${real.version}`);
    const asked = (await askedOf(mirrors[0])).map((request) => request.path);
    assert.ok(asked.includes(`/${path}/@latest`), 'the liar was asked');
    assert.equal(await rondo.stop(), 0);
  },
);

test('a version that a liar made up once does not freeze new ones out, whoever gives the second opinion', async (context) => {
  const t = reverseCleanup(context);
  const news = await fixtureModule({ path: PATH, version: 'v1.2.0' });
  const made = await fixtureModule({ path: PATH, version: 'v1.0.99' });
  const database = ChecksumDatabase.over([...TRUE, news]);
  const [good, liar] = await startMirrors(t, ['good', 'liar'], { modules: TRUE, database });
  await liar.publish({ modules: [...TRUE, made], database });
  await good.setFault({ kind: 'status', status: 503 }, { kinds: ['list'], times: 1 });
  const cache = '[cache]\nfresh_ttl = 0s\nrefresh_wait = 1m\n';
  const config = `proxy = ${chainOf([good, liar])}\n${cache}${unpinned('good', good.url)}`;
  const env = goEnvironment({ workspace: await goWorkspace(t), goproxy: '', gosumdb: database.key });
  const rondo = await serveRondo(t, { env, config });
  const listed = async (): Promise<string[]> => {
    const { body } = await fetchRaw(`${rondo.url}/${PATH}/@v/list`);
    return body.toString().trim().split('\n').toSorted();
  };
  assert.deepEqual(await listed(), ['v1.0.0', 'v1.0.99', 'v1.1.0'], 'the liar’s, below what is certain');
  await good.publish({ modules: [...TRUE, news], database });
  for (let n = 0; n < 3; n += 1) assert.ok((await listed()).includes('v1.2.0'), rondo.stderr());
  const opinions = (await askedOf(liar)).filter(({ path }) => path === `/${PATH}/@v/list`);
  assert.ok(opinions.length >= 3, 'it was asked second');
  assert.deepEqual(
    (await viewsOf(rondo)).map(({ syncLagMs }) => syncLagMs),
    [undefined, undefined],
    'nobody is behind',
  );
  assert.equal(await rondo.stop(), 0);
});

test('a version that a liar makes up for the canary makes nobody else lag', async (context) => {
  const t = reverseCleanup(context);
  const { mirrors, config } = await start(t);
  const probe = `[probe]\ncanary = ${PATH}\ncanary_interval = 200ms\nbehind = 1s\n`;
  const env = goEnvironment({ workspace: await goWorkspace(t), goproxy: '', gosumdb: DATABASE.key });
  const rondo = await serveRondo(t, { env, config: `${config}${probe}` });
  const rounds = async (): Promise<number> => {
    const counts = mirrors.map(async (mirror) =>
      (await mirror.requests()).filter(({ path }) => path === `/${PATH}/@v/list`),
    );
    return Math.min(...(await Promise.all(counts)).map((each) => each.length));
  };
  await until('ten rounds of the canary', async () => (await rounds()) >= 10);
  assert.deepEqual(
    (await viewsOf(rondo)).map(({ syncLagMs }) => syncLagMs),
    [0, 0, 0],
  );
  const lookups = (await Promise.all(mirrors.map((mirror) => mirror.requests())))
    .flat()
    .filter(({ path }) => path.endsWith(`/lookup/${PATH}@v9.9.9`));
  assert.ok(lookups.length >= 1 && lookups.length <= mirrors.length, 'looked up once, and remembered');
  assert.equal(await rondo.stop(), 0);
});

test('twenty thousand long versions that a liar makes up hold up nobody, and are left out', async (context) => {
  const t = reverseCleanup(context);
  const made = Array.from({ length: 19_998 }, (_, n) => `v9.0.0-${'a.'.repeat(19)}${(n * 7919) % 19_998}\n`);
  const worst = `${made.join('')}v1.0.0\nv1.1.0\n`;
  const liar = await startRawServer(t, (socket) => {
    onRequests(socket, (head) => {
      const isList = head.startsWith(`GET /${PATH}/@v/list `);
      socket.write(isList ? rawAnswer(200, worst) : rawAnswer(404, 'not found: nothing here'));
    });
  });
  const mirrors = await startMirrors(t, ['good', 'better'], { modules: TRUE, database: DATABASE });
  const config = `proxy = ${liar.url.origin},${chainOf(mirrors)}\n${unpinned('liar', liar.url.origin)}`;
  const env = goEnvironment({ workspace: await goWorkspace(t), goproxy: '', gosumdb: DATABASE.key });
  const rondo = await serveRondo(t, { env, config });
  const info = `${rondo.url}/${PATH}/@v/v1.0.0.info`;
  assert.equal((await fetchRaw(info)).status, 200);
  const startMs = performance.now();
  let over = false;
  const list = fetchRaw(`${rondo.url}/${PATH}/@v/list`).finally(() => (over = true));
  const waitsMs: number[] = [];
  do {
    const beforeMs = performance.now();
    assert.equal((await fetchRaw(info)).status, 200);
    waitsMs.push(performance.now() - beforeMs);
  } while (!over);
  assert.equal((await list).body.toString(), 'v1.0.0\nv1.1.0\n');
  const [tookMs, longestMs] = [performance.now() - startMs, Math.max(...waitsMs)].map(Math.round);
  context.diagnostic(`figures: the list took ${tookMs} ms, and a file in memory ${longestMs} ms at the most`);
  assert.deepEqual(
    (await viewsOf(rondo)).map(({ status }) => status),
    ['HEALTHY', 'HEALTHY', 'HEALTHY'],
  );
  assert.equal(await rondo.stop(), 0);
  assert.match(rondo.stderr(), /@v9\.0\.0-a\.\S+ is left out: liar alone has it/);
});

/** As heavyMirror, and who served a module does not serve it for a minute. */
function unpinned(name: string, url: string): string {
  return heavyMirror(name, url).replace('[selection]', '[selection]\npin = 0s');
}

async function viewsOf(rondo: ServedRondo): Promise<MirrorView[]> {
  const page = await fetchRaw(`${rondo.url}/-/api/mirrors`);
  return (JSON.parse(page.body.toString()) as { mirrors: MirrorView[] }).mirrors;
}
