import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { bigModule, manyModules, type FixtureModule } from '../support/fixture-modules.ts';
import { goCommand, goEnvironment, goWorkspace, type GoRun } from '../support/go-command.ts';
import { fetchRaw } from '../support/http-client.ts';
import '../support/loopback-only.ts';
import type { MirrorProcess } from '../support/mirror-process.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup, serveRondo, type ServedRondo } from '../support/rondo-process.ts';
import { tempFolder, tempProject, type Cleanup } from '../support/temp-folder.ts';
import {
  assertCopyIsRight,
  assertWorks,
  chainOf,
  copyFiles,
  filesBelow,
  goSum,
  startMirrors,
} from './bench.ts';

type Bench = {
  readonly mirrors: readonly MirrorProcess[];
  readonly cacheDir: string;
  readonly modules: readonly FixtureModule[];
  serve(): Promise<ServedRondo>;
  /** `go` of a fresh user in a project that needs all the modules. */
  go(rondo: ServedRondo, ...commands: (readonly string[])[]): Promise<GoRun>;
};

/** Mirrors that take their time over every zip, and a copy that outlives the Rondos that write it. */
async function bench(t: Cleanup, modules: readonly FixtureModule[], zipMs: number): Promise<Bench> {
  const database = ChecksumDatabase.over(modules);
  const mirrors = await startMirrors(t, ['a', 'b'], { modules, database });
  for (const mirror of mirrors) await mirror.setFault({ kind: 'paced', overMs: zipMs }, { kinds: ['zip'] });
  const cacheDir = await tempFolder(t, 'copy');
  const requires = modules.map(({ path, version }) => `\t${path} ${version}\n`).join('');
  const files = {
    'go.mod': `module example.com/project\n\ngo 1.21\n\nrequire (\n${requires})\n`,
    'go.sum': goSum(modules),
  };
  const gosumdb = database.key;
  return {
    mirrors,
    cacheDir,
    modules,
    serve: async () => {
      const env = goEnvironment({ workspace: await goWorkspace(t), goproxy: chainOf(mirrors), gosumdb });
      return serveRondo(t, { env, cacheDir, config: '[cache]\nhold = 100ms\n' });
    },
    go: async (rondo, ...commands) => {
      const options = { workspace: await goWorkspace(t), cwd: await tempProject(t, files), gosumdb };
      let run: GoRun | undefined;
      for (const args of commands) {
        run = await goCommand(args, { ...options, goproxy: rondo.url });
        if (run.code !== 0) return run;
      }
      assert.ok(run !== undefined);
      return run;
    },
  };
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const giveUpAtMs = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > giveUpAtMs) throw new Error(`not after a minute: ${what}`);
    await sleep(10);
  }
}

async function spooledBytes(cacheDir: string): Promise<number> {
  const folder = join(cacheDir, 'rondo', 'spool');
  const sizes = (await filesBelow(folder)).map(
    async (name) => (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0,
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Restarted, it completes; and nothing that the dead one left behind is served. */
async function assertRecovers(world: Bench): Promise<void> {
  const leftovers = [
    ...(await filesBelow(join(world.cacheDir, 'cache', 'download'))).filter((name) =>
      name.includes('.rondo-'),
    ),
    ...(await filesBelow(join(world.cacheDir, 'rondo'))).map((name) => `rondo/${name}`),
  ];
  for (const mirror of world.mirrors) await mirror.clearFaults();
  const rondo = await world.serve();
  for (const name of leftovers.slice(0, 200)) {
    for (const path of [`/${name}`, `/../${name}`, `/-/${name}`]) {
      assert.equal((await fetchRaw(`${rondo.url}${path}`)).status, 404, path);
    }
  }
  const run = await world.go(rondo, ['mod', 'download'], ['mod', 'verify']);
  assertWorks(run, rondo.stderr());
  assert.match(run.stdout, /all modules verified/);
  assert.equal(await rondo.stop(), 0);
  assert.equal(await assertCopyIsRight(world.cacheDir, world.modules), world.modules.length * 4);
}

await testWith(
  ['go'],
  'kill -9 in the middle of a zip: nothing half-written, and a restart completes it',
  async (context) => {
    const t = reverseCleanup(context);
    const big = await bigModule('example.com/big', 'v1.0.0', 8);
    const world = await bench(t, [big], 60_000);
    const rondo = await world.serve();
    const failing = world.go(rondo, ['mod', 'download']);
    await until('a part of the zip is spooled', async () => (await spooledBytes(world.cacheDir)) > 1_000_000);
    await rondo.kill();
    assert.notEqual((await failing).code, 0, 'go was in the middle of it');
    const kept = await copyFiles(world.cacheDir);
    assert.ok(!kept.some((name) => name.endsWith('.zip')), 'the zip is not there yet');
    await assertCopyIsRight(world.cacheDir, world.modules);
    await assertRecovers(world);
  },
);

await testWith(['go'], 'kill -9 again and again while many files are written', async (context) => {
  const t = reverseCleanup(context);
  const world = await bench(t, await manyModules(60), 150);
  let before = 0;
  for (let round = 0; round < 4; round += 1) {
    const rondo = await world.serve();
    const failing = world.go(rondo, ['mod', 'download']);
    const wanted = before + 15;
    await until(`${wanted} files are kept`, async () => (await copyFiles(world.cacheDir)).length >= wanted);
    await rondo.kill();
    await failing;
    before = (await copyFiles(world.cacheDir)).length;
    await assertCopyIsRight(world.cacheDir, world.modules);
  }
  await assertRecovers(world);
});
