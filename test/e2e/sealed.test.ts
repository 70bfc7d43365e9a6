import assert from 'node:assert/strict';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/kit/clock.ts';
import { createMirrors } from '../../src/mirrors/mirrors.ts';
import { seal, type SealReport } from '../../src/proxy/seal.ts';
import { diskStoreFolders, openDiskStore } from '../../src/store/disk-store.ts';
import { createSpool } from '../../src/store/spool.ts';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import {
  goCommand,
  goEnvironment,
  goWorkspace,
  type GoRun,
  type GoWorkspace,
} from '../support/go-command.ts';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup, serveRondo, type ServedRondo } from '../support/rondo-process.ts';
import { MIRRORS_DEFAULTS } from '../support/scripted-mirrors.ts';
import { PROXY_DEFAULTS } from '../support/scripted-proxy.ts';
import { tempProject, type Cleanup } from '../support/temp-folder.ts';
import { moduleOf } from '../support/fixture-world.ts';
import { assertWorks, startMirrors, WORLD } from './bench.ts';

const [A, B] = [moduleOf(WORLD, 'example.com/leaf', 'v1.0.0'), moduleOf(WORLD, 'example.com/m', 'v1.3.0')];
const H1 = 'h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

/** Three days of one database, of which nothing but the last few hundred records differs. */
function days(): readonly [ChecksumDatabase, ChecksumDatabase, ChecksumDatabase] {
  const database = new ChecksumDatabase();
  let filler = 0;
  const fill = (count: number): void => {
    for (const end = filler + count; filler < end; filler += 1) {
      database.add(`example.com/filler/n${filler}`, 'v1.0.0', H1, H1);
    }
  };
  fill(300);
  database.add(A.path, A.version, A.zipH1, A.modH1);
  fill(250);
  const first = database.copy();
  database.add(B.path, B.version, B.zipH1, B.modH1);
  fill(400);
  const second = database.copy();
  fill(300);
  return [first, second, database];
}

const [FIRST, SECOND, THIRD] = days();

/** What a client of the table did, for the test's output. */
type Row = { readonly client: string; readonly saw: string };

function downloads(
  what: readonly { path: string; version: string }[],
  workspace: GoWorkspace,
  goproxy: string,
): (t: Cleanup) => Promise<GoRun> {
  return async (t) => {
    const cwd = await tempProject(t, { 'go.mod': 'module example.com/project\n\ngo 1.21\n' });
    const options = { workspace, cwd, goproxy, gosumdb: FIRST.key };
    let run: GoRun | undefined;
    // One process each: the order is the test's.
    for (const { path, version } of what) {
      run = await goCommand(['mod', 'download', `${path}@${version}`], options);
      if (run.code !== 0) return run;
    }
    assert.ok(run !== undefined);
    return run;
  };
}

/** Another machine of the same user: what go remembers of the database, and an empty GOMODCACHE. */
async function elsewhere(t: Cleanup, workspace: GoWorkspace): Promise<GoWorkspace> {
  const other = await goWorkspace(t);
  await mkdir(join(other.gopath, 'pkg'), { recursive: true });
  await cp(join(workspace.gopath, 'pkg', 'sumdb'), join(other.gopath, 'pkg', 'sumdb'), { recursive: true });
  return other;
}

async function latestOf(workspace: GoWorkspace): Promise<number> {
  const note = await readFile(join(workspace.gopath, 'pkg', 'sumdb', FIRST.name, 'latest'), 'utf8');
  return Number(note.split('\n')[1]);
}

/** Waits until the copy says that it is sealed in a tree of at least `size` records, with nothing left open. */
async function untilSealed({ cacheDir }: ServedRondo, size: number): Promise<void> {
  const file = join(cacheDir, 'rondo', 'records', 'databases', FIRST.name, '@seal.json');
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '{"text":"{}"}');
    const { text: inner } = JSON.parse(text) as { text: string };
    const { note = '', open = ['?'] } = JSON.parse(inner) as { note?: string; open?: string[] };
    if (open.length === 0 && Number(note.split('\n')[1]) >= size) return;
    await sleep(50);
  }
}

/**
 * A copy that two clients have filled on two days: one has seen the first tree and A, the other the second tree and
 * B. Resolves with the first client.
 */
async function fill(t: Cleanup): Promise<{ early: GoWorkspace; cacheDir: string; newer: GoWorkspace }> {
  const [mirror] = await startMirrors(t, ['mirror'], { ...WORLD, database: FIRST });
  const [early, late, newer] = [await goWorkspace(t), await goWorkspace(t), await goWorkspace(t)];
  const env = goEnvironment({ workspace: early, goproxy: mirror.url, gosumdb: FIRST.key });
  const rondo = await serveRondo(t, { env });
  assertWorks(await downloads([A], early, rondo.url)(t), rondo.stderr());
  await mirror.publish({ ...WORLD, database: SECOND });
  assertWorks(await downloads([B], late, rondo.url)(t), rondo.stderr());
  assert.deepEqual([await latestOf(early), await latestOf(late)], [FIRST.size, SECOND.size]);
  await untilSealed(rondo, SECOND.size);
  assert.equal(await rondo.stop(), 0, rondo.stderr());
  // Past this Rondo: a client that has seen a third day.
  await mirror.publish({ ...WORLD, database: THIRD });
  assertWorks(await downloads([A], newer, mirror.url)(t));
  assert.equal(await latestOf(newer), THIRD.size);
  return { early, newer, cacheDir: rondo.cacheDir };
}

/** Seals the copy in `cacheDir` with nobody to ask: it is complete already, and its files are made to say so. */
async function sealAlone(cacheDir: string): Promise<SealReport[]> {
  const emit = (): void => undefined;
  const store = await openDiskStore({ dir: cacheDir, memoryBytes: 2 ** 20, clock: systemClock, emit });
  try {
    return await seal({
      store,
      newSpool: () => createSpool({ dir: diskStoreFolders(cacheDir).spool }),
      mirrors: createMirrors({
        specs: [],
        settings: MIRRORS_DEFAULTS,
        openUpstream: () => assert.fail('there is no mirror'),
        clock: systemClock,
        random: () => 0.5,
        emit,
      }),
      itself: new Map(),
      settings: { ...PROXY_DEFAULTS, offline: true },
      clock: systemClock,
      emit,
      signal: new AbortController().signal,
    });
  } finally {
    await store.close();
  }
}

await testWith(['go'], 'the table of clients before a sealed copy that is offline', async (context) => {
  const t = reverseCleanup(context);
  const { early, newer, cacheDir } = await fill(t);
  const env = goEnvironment({ workspace: early, goproxy: 'off', gosumdb: FIRST.key });
  const rondo = await serveRondo(t, {
    env: { ...env, GOPROXY: 'http://127.0.0.1:1' },
    cacheDir,
    offline: true,
  });
  const table: Row[] = [];
  for (const [client, workspace, what] of [
    ['fresh, A then B', await goWorkspace(t), [A, B]],
    ['fresh, B then A', await goWorkspace(t), [B, A]],
    ['with the first tree, A then B', await elsewhere(t, early), [A, B]],
    ['with the first tree, B then A', await elsewhere(t, early), [B, A]],
  ] as const) {
    const run = await downloads(what, workspace, rondo.url)(t);
    table.push({
      client,
      saw: run.code === 0 ? `verified, its tree is now ${await latestOf(workspace)}` : run.stderr,
    });
    assertWorks(run, rondo.stderr());
    assert.equal(await latestOf(workspace), SECOND.size);
  }
  const run = await downloads([A], await elsewhere(t, newer), rondo.url)(t);
  table.push({ client: 'with a third, newer tree', saw: run.stderr.trim() });
  for (const { client, saw } of table) context.diagnostic(`${client}: ${saw}`);
  assert.notEqual(run.code, 0);
  // go prints it in lines of 80 characters.
  const words = run.stderr.replaceAll(/\s+/g, ' ');
  assert.match(words, /404 Not Found/);
  assert.ok(words.includes(`$GOPATH/pkg/sumdb/${FIRST.name}/latest`), words);
  assert.match(words, /newer tree/);
  assert.equal(await rondo.stop(), 0, rondo.stderr());
});

await testWith(
  ['go'],
  'the folder of a sealed copy serves as file://, with no server at all',
  async (context) => {
    const t = reverseCleanup(context);
    const { early, cacheDir } = await fill(t);
    const reports = await sealAlone(cacheDir);
    assert.deepEqual(reports, [
      { database: FIRST.name, treeSize: SECOND.size, sealed: 2, trees: 2, unsealed: [] },
    ]);
    const folder = `file://${join(cacheDir, 'cache', 'download')}`;
    for (const [workspace, what] of [
      [await goWorkspace(t), [A, B]],
      [await goWorkspace(t), [B, A]],
      [await elsewhere(t, early), [B, A]],
    ] as const) {
      assertWorks(await downloads(what, workspace, folder)(t));
    }
  },
);
