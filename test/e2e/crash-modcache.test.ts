/**
 * A GOMODCACHE that go and a Rondo use at the same time, and a Rondo that is killed at random moments. One kill for
 * 25 of `RONDO_KILLS` (default 300); `RONDO_SEED` repeats when, as far as a machine can.
 */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { readFile } from 'node:fs/promises';
import type { Random } from '../../src/kit/random.ts';
import { diskStoreFolders, openDiskStore } from '../../src/store/disk-store.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { bigModule, manyModules, type FixtureModule } from '../support/fixture-modules.ts';
import { goCommand, goEnvironment, goWorkspace, type GoWorkspace } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup, serveRondo } from '../support/rondo-process.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { removeTree, tempProject, type Cleanup } from '../support/temp-folder.ts';
import {
  assertWorks,
  chainOf,
  copyFiles,
  filesBelow,
  goSum,
  isUnfinished,
  sha256,
  startMirrors,
} from './bench.ts';

const KILLS = Math.ceil(Number(env['RONDO_KILLS'] ?? 300) / 25);
const SEED = Number(env['RONDO_SEED'] ?? Date.now() % 2 ** 31);

type Shared = {
  readonly modules: readonly FixtureModule[];
  readonly workspace: GoWorkspace;
  /** One build with a Rondo; killed when `killAt` further files are there, else to its end. */
  build(killAt?: number): Promise<void>;
};

async function shared(t: Cleanup): Promise<Shared> {
  const modules = [...(await manyModules(40)), await bigModule('example.com/big', 'v1.0.0', 2)];
  const database = ChecksumDatabase.over(modules);
  const gosumdb = database.key;
  const mirrors = await startMirrors(t, ['a', 'b'], { modules, database });
  for (const mirror of mirrors) await mirror.setFault({ kind: 'paced', overMs: 40 }, { kinds: ['zip'] });
  const workspace = await goWorkspace(t);
  const requires = modules.map(({ path, version }) => `\t${path} ${version}\n`).join('');
  const cwd = await tempProject(t, {
    'go.mod': `module example.com/project\n\ngo 1.21\n\nrequire (\n${requires})\n`,
    'go.sum': goSum(modules),
  });
  return {
    modules,
    workspace,
    async build(killAt) {
      const rondo = await serveRondo(t, {
        env: goEnvironment({ workspace, goproxy: chainOf(mirrors), gosumdb }),
        cacheDir: workspace.modCache,
      });
      const options = { workspace, cwd, gosumdb, goproxy: rondo.url, env: { GOFLAGS: '-modcacherw' } };
      const running = { ends: false };
      const download = goCommand(['mod', 'download'], options).finally(() => (running.ends = true));
      if (killAt === undefined) {
        assertWorks(await download, rondo.stderr());
        const verified = await goCommand(['mod', 'verify'], options);
        assert.match(verified.stdout, /all modules verified/, verified.stderr);
        assert.equal(await rondo.stop(), 0);
        return;
      }
      const wanted = (await copyFiles(workspace.modCache)).length + killAt;
      while (!running.ends && (await copyFiles(workspace.modCache)).length < wanted) await sleep(3);
      await rondo.kill();
      await download;
    },
  };
}

/** What stands under the names of modules is whole and right, whoever wrote it; resolves with the number. */
async function assertRight({ modules, workspace }: Shared): Promise<number> {
  const { download } = diskStoreFolders(workspace.modCache);
  const names = new Set((await filesBelow(download)).filter((name) => name.includes('/@v/')));
  for (const name of [...names].filter(
    (each) => !isUnfinished(each) && !/\/(?:list|[^/]*\.lock)$/.test(each),
  )) {
    const match = /^(.+)\/@v\/(.+)\.(info|mod|zip|ziphash)$/.exec(name);
    const module = modules.find(({ path, version }) => path === match?.[1] && version === match[2]);
    assert.ok(match !== null && module !== undefined, `${name} is nobody's`);
    const found = await readFile(join(download, name));
    if (match[3] === 'info')
      assert.equal((JSON.parse(found.toString()) as { Version: string }).Version, 'v1.0.0');
    else if (match[3] === 'ziphash') {
      assert.equal(found.toString(), module.zipH1, name);
      assert.ok(names.has(name.slice(0, -'hash'.length)), `${name} has no zip`);
    } else assert.equal(sha256(found), sha256(match[3] === 'mod' ? module.mod : module.zip), name);
  }
  return names.size;
}

/** After the next start each list says what its folder has, although go lists versions without their zip too. */
async function assertLists({ workspace }: Shared): Promise<number> {
  const { modCache: dir } = workspace;
  const store = await openDiskStore({ dir, memoryBytes: 0, clock: systemClock, emit: () => undefined });
  await store.tidied;
  await store.close();
  const names = await copyFiles(dir);
  const lists = names.filter((name) => name.endsWith('/@v/list'));
  for (const list of lists) {
    const stem = list.slice(0, -'list'.length);
    const isWhole = names.includes(`${stem}v1.0.0.mod`) && names.includes(`${stem}v1.0.0.zip`);
    const text = await readFile(join(diskStoreFolders(dir).download, list), 'utf8');
    assert.equal(text, isWhole ? 'v1.0.0\n' : '', list);
  }
  return lists.length;
}

/** Some modules go, so that the next build has to fetch them. */
async function forgetSome({ modules, workspace }: Shared, random: Random): Promise<void> {
  for (const { path, version } of modules.filter(() => random() < 0.7)) {
    await rm(join(diskStoreFolders(workspace.modCache).download, path), { recursive: true, force: true });
    await removeTree(join(workspace.modCache, `${path}@${version}`));
  }
}

await testWith(['go'], 'a GOMODCACHE shared with go outlives every kill of Rondo', async (context) => {
  const random = seededRandom(SEED);
  const world = await shared(reverseCleanup(context));
  let files = 0;
  let lists = 0;
  try {
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await world.build(Math.floor(random() * 100));
      files += await assertRight(world);
      lists += await assertLists(world);
      if (kill % 4 === 0) {
        await world.build();
        await assertRight(world);
      }
      await forgetSome(world, random);
    }
    await world.build();
    const all = await assertRight(world);
    assert.ok(all >= world.modules.length * 4);
    await assertLists(world);
  } catch (error) {
    throw new Error(`RONDO_SEED=${SEED} npm test -- crash-modcache`, { cause: error });
  }
  context.diagnostic(`figures: ${KILLS} kills, ${files} files and ${lists} lists checked, 0 violations`);
});
