import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { UNTAGGED_VERSION } from '../support/fixture-world.ts';
import { goCommand, goEnvironment, goWorkspace, type GoRun } from '../support/go-command.ts';
import { fetchRaw } from '../support/http-client.ts';
import '../support/loopback-only.ts';
import type { MirrorProcess } from '../support/mirror-process.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup, serveRondo, type ServedRondo } from '../support/rondo-process.ts';
import { tempFolder, tempProject } from '../support/temp-folder.ts';
import { assertWorks, chainOf, DATABASE, PROJECT, startMirrors, UNSUMMED_PROJECT } from './bench.ts';

const EMPTY_PROJECT = { 'go.mod': 'module example.com/project\n\ngo 1.21\n' };

/** Answers are stale at once, and the waits for mirrors that are down are short. */
const CONFIG = `
[cache]
fresh_ttl = 0s
refresh_wait = 50ms
[timeouts]
header_soft = 300ms
deadline = 3s
agreement = 1s
[retry]
delay = 20ms
`;

type Bench = {
  readonly mirrors: readonly MirrorProcess[];
  serve(how?: { readonly offline?: boolean }): Promise<ServedRondo>;
  /** As a user who has never run go before; `files` are those of the project. */
  asNewcomer(
    rondo: ServedRondo,
    args: readonly string[],
    files?: Readonly<Record<string, string>>,
  ): Promise<GoRun>;
};

async function bench(test: TestContext): Promise<Bench> {
  const t = reverseCleanup(test);
  const mirrors = await startMirrors(t, ['a', 'b', 'c']);
  const gosumdb = DATABASE.key;
  const cacheDir = await tempFolder(t, 'copy');
  const config = `proxy = ${chainOf(mirrors)}\n${CONFIG}`;
  return {
    mirrors,
    serve: async (how = {}) => {
      const env = goEnvironment({ workspace: await goWorkspace(t), goproxy: '', gosumdb });
      return serveRondo(t, { env, cacheDir, config, ...how });
    },
    asNewcomer: async (rondo, args, files = EMPTY_PROJECT) => {
      const workspace = await goWorkspace(t);
      const cwd = await tempProject(t, files);
      const env = { GOFLAGS: '-mod=mod' };
      return goCommand(args, { workspace, cwd, goproxy: rondo.url, gosumdb, env });
    },
  };
}

/** What a newcomer needs: everything for a build, a list, `@latest`, a branch and the database's proofs. */
async function useAll({ asNewcomer }: Bench, rondo: ServedRondo): Promise<void> {
  const build = await asNewcomer(rondo, ['build', './...'], UNSUMMED_PROJECT);
  assertWorks(build, rondo.stderr());
  const versions = await asNewcomer(rondo, ['list', '-m', '-versions', 'example.com/leaf']);
  assertWorks(versions, rondo.stderr());
  assert.match(versions.stdout, /^example\.com\/leaf v1\.0\.0 v1\.1\.0/);
  assertWorks(await asNewcomer(rondo, ['mod', 'download', 'example.com/leaf@latest']), rondo.stderr());
  const branch = await asNewcomer(rondo, ['list', '-m', 'example.com/untagged@main']);
  assertWorks(branch, rondo.stderr());
  assert.equal(branch.stdout, `example.com/untagged ${UNTAGGED_VERSION}\n`);
}

/** Everything that is to be there when the mirrors are not. */
async function fill(bench: Bench): Promise<ServedRondo> {
  const rondo = await bench.serve();
  await useAll(bench, rondo);
  // go keeps only what it needs of a list; all of these are in the copy then.
  for (const version of ['v1.0.0', 'v1.1.0', 'v1.2.0-rc.1']) {
    assertWorks(await bench.asNewcomer(rondo, ['mod', 'download', `example.com/leaf@${version}`]));
  }
  return rondo;
}

await testWith(
  ['go'],
  'all mirrors down: a newcomer builds from the copy, with the database on',
  async (t) => {
    const world = await bench(t);
    const rondo = await fill(world);
    for (const mirror of world.mirrors) await mirror.setFault({ kind: 'refused' });
    await useAll(world, rondo);
    assert.ok((await rondo.metrics())('rondo_requests_total', { cache: 'stale' }) >= 1);
    assert.equal(await rondo.stop(), 0);
    // The same after a restart, with nothing in memory and nobody ever reached.
    await useAll(world, await world.serve());
  },
);

await testWith(['go'], '--offline: a newcomer builds from the copy, and no mirror is asked', async (t) => {
  const world = await bench(t);
  await (await fill(world)).stop();
  for (const mirror of world.mirrors) await mirror.resetLog();
  const rondo = await world.serve({ offline: true });
  await useAll(world, rondo);
  const absent = await fetchRaw(`${rondo.url}/example.com/preview/@v/v0.1.0-alpha.1.zip`);
  assert.equal(absent.status, 404);
  assert.equal(absent.body.toString(), 'not found: offline, not in the copy\n');
  for (const mirror of world.mirrors) assert.deepEqual(await mirror.requests(), [], mirror.name);
});

await testWith(
  ['go'],
  'what the copy lacks is an outage while the mirrors are down, never a 404',
  async (t) => {
    const world = await bench(t);
    const [a, b, c] = world.mirrors;
    await a?.setFault({ kind: 'status', status: 503 });
    await b?.setFault({ kind: 'refused' });
    await c?.setFault({ kind: 'soft-404' });
    const rondo = await world.serve();
    for (const path of ['v1.0.0.info', 'v1.0.0.mod', 'v1.0.0.zip', 'list', 'main.info']) {
      const answer = await fetchRaw(`${rondo.url}/example.com/leaf/@v/${path}`);
      assert.ok([502, 503, 504].includes(answer.status), `${path}: ${answer.status}`);
      assert.match(answer.headers['content-type'] ?? '', /^text\/plain/);
    }
    const run = await world.asNewcomer(rondo, ['mod', 'download'], UNSUMMED_PROJECT);
    assert.equal(run.code, 1);
    assert.doesNotMatch(run.stderr, /reading \S+: 404/);
    const supported = await fetchRaw(`${rondo.url}/sumdb/${DATABASE.name}/supported`);
    assert.ok(supported.status < 500, 'a 5xx would switch the database off in go');
    for (const mirror of world.mirrors) await mirror.clearFaults();
    // Gates open for a second at first; go itself never asks twice.
    const recovered = await untilOk(`${rondo.url}/example.com/leaf/@v/v1.0.0.zip`);
    assert.equal(recovered.status, 200);
  },
);

await testWith(['go'], 'an outage of one mirror among 404s is still a 404', async (t) => {
  const world = await bench(t);
  const [down] = world.mirrors;
  await down?.setFault({ kind: 'status', status: 503 });
  const rondo = await world.serve();
  for (let index = 0; index < 12; index += 1) {
    const answer = await fetchRaw(`${rondo.url}/example.com/nobody/n${index}/@v/list`);
    assert.equal(answer.status, 404, answer.body.toString());
    assert.match(answer.body.toString(), /^not found: /);
  }
});

async function untilOk(url: string): Promise<Awaited<ReturnType<typeof fetchRaw>>> {
  const giveUpAtMs = Date.now() + 60_000;
  for (;;) {
    const answer = await fetchRaw(url);
    if (answer.status === 200 || Date.now() > giveUpAtMs) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

await testWith(
  ['go'],
  'a build with a complete go.sum survives the loss of all mirrors between its steps',
  async (t) => {
    const world = await bench(t);
    const rondo = await world.serve();
    assertWorks(await world.asNewcomer(rondo, ['mod', 'download'], PROJECT));
    for (const mirror of world.mirrors) await mirror.stop();
    assertWorks(await world.asNewcomer(rondo, ['build', './...'], PROJECT), rondo.stderr());
  },
);
