/**
 * Writers killed at random moments, and what must hold after each kill: every visible file is whole and right,
 * a `.ziphash` has its zip, records are whole or absent, what was said to be kept is there, and after the next
 * start each `list` is that of its folder. `RONDO_KILLS=5000 npm test -- store-crash --file-timeout=3600` kills
 * that often in all; `RONDO_SEED=…` repeats what the writers do and when they are killed, as far as a machine can.
 */
import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { test, type TestContext } from 'node:test';
import { testWith } from '../support/requirements.ts';
import { type SmallDisk, smallDisk } from '../support/small-disk.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { bundleWriter, completeLane, type Figures, type Lane, runLane } from './crash-lane.ts';

const KILLS = Number(env['RONDO_KILLS'] ?? 300);
const SEED = Number(env['RONDO_SEED'] ?? Date.now() % 2 ** 31);

/** Runs lanes side by side, each in its own folder, and judges them together. */
async function killInLanes(
  t: TestContext,
  kills: number,
  lanes: readonly Pick<Lane, 'dir' | 'writers' | 'makeRoom'>[],
): Promise<Figures> {
  const program = await bundleWriter(await tempFolder(t, 'writer'));
  const full = lanes.map((lane, index) => ({
    ...lane,
    kills: Math.ceil(kills / lanes.length),
    seed: SEED + index,
    program,
  }));
  // All to their ends, so that a lane that fails leaves no other one running.
  const ended = await Promise.allSettled(full.map(runLane));
  const results = ended.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
  const sum = (of: (figures: Figures) => number): number => results.reduce((all, each) => all + of(each), 0);
  const figures: Figures = {
    kills: sum((each) => each.kills),
    files: sum((each) => each.files),
    records: sum((each) => each.records),
    lists: sum((each) => each.lists),
    leftovers: sum((each) => each.leftovers),
    refused: sum((each) => each.refused),
    violations: results.flatMap(({ violations }) => violations),
  };
  t.diagnostic(
    `figures: ${figures.kills} kills, ${figures.leftovers} in the middle of a file, ${figures.files} files, ` +
      `${figures.records} records and ${figures.lists} lists checked, ${figures.refused} writes refused, ` +
      `${figures.violations.length} violations, RONDO_SEED=${SEED}`,
  );
  const repeat = `RONDO_SEED=${SEED} RONDO_KILLS=${KILLS} npm test -- store-crash`;
  assert.deepEqual(figures.violations, [], repeat);
  assert.ok(figures.kills >= kills);
  for (const seen of ['files', 'records', 'lists', 'leftovers'] as const)
    assert.ok(figures[seen] > 0, `no ${seen} were seen: the test has shown nothing; ${repeat}`);
  return figures;
}

test('a writer killed at any moment leaves whole files or none', async (t) => {
  const dirs = await Promise.all([1, 2, 3].map(() => tempFolder(t, 'crash')));
  const lanes = dirs.map((dir) => ({ dir, writers: 1 }));
  await killInLanes(t, KILLS / 2, lanes);
  for (const lane of lanes) assert.deepEqual(await complete(t, lane), []);
});

test('so do two that write into one folder', async (t) => {
  const dirs = await Promise.all([1, 2].map(() => tempFolder(t, 'crash')));
  const lanes = dirs.map((dir) => ({ dir, writers: 2 }));
  await killInLanes(t, KILLS / 3, lanes);
  for (const lane of lanes) assert.deepEqual(await complete(t, lane), []);
});

await testWith(['mount'], 'and one whose disk is full most of the time', async (t) => {
  const disks = await Promise.all([1, 2].map(() => smallDisk(t, 260)));
  const lanes = await Promise.all(disks.map((disk) => laneOn(disk)));
  const figures = await killInLanes(t, KILLS / 6, lanes);
  assert.ok(figures.refused > 0, 'no disk was ever full');
  for (const disk of disks) await disk.resize(100_000);
  for (const lane of lanes) assert.deepEqual(await complete(t, lane), []);
});

async function laneOn(disk: SmallDisk): Promise<Pick<Lane, 'dir' | 'writers' | 'makeRoom'>> {
  const dir = join(disk.path, 'cache');
  await mkdir(dir);
  // A start needs the room of a block. Who has none left on the disk makes some, too.
  const reserve = join(disk.path, 'reserve');
  const takeRoom = (): Promise<void> => writeFile(reserve, Buffer.alloc(100_000)).catch(() => undefined);
  await takeRoom();
  const makeRoom = async (): Promise<() => Promise<void>> => {
    await rm(reserve, { force: true });
    return takeRoom;
  };
  return { dir, writers: 1, makeRoom };
}

async function complete(t: TestContext, lane: Pick<Lane, 'dir' | 'writers'>): Promise<string[]> {
  const program = await bundleWriter(await tempFolder(t, 'writer'));
  return completeLane({ ...lane, kills: 0, seed: 0, program });
}
