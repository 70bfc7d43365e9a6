import assert from 'node:assert/strict';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { until } from '../../test/support/until.ts';
import { settle, VirtualClock } from '../../test/support/virtual-clock.ts';
import { systemClock } from '../kit/clock.ts';
import { watchFiles } from './file-watch.ts';

/** Files `a` and `sub/b` of a folder, watched; `a` is there. */
async function watched(t: TestContext) {
  const folder = await tempFolder(t, 'watch');
  const paths = [join(folder, 'a'), join(folder, 'sub', 'b')];
  await writeFile(join(folder, 'a'), 'one');
  const clock = new VirtualClock();
  const listeners = new Map<string, (name: string | null) => void>();
  let count = 0;
  const watch = watchFiles({
    paths: () => paths,
    clock,
    onChange: () => (count += 1),
    watchFolder(at, onEvent) {
      if (at.endsWith('sub')) throw new Error('there is no such folder');
      listeners.set(at, onEvent);
      return { close: () => listeners.delete(at) };
    },
  });
  t.after(() => watch.close());
  /** Lets so much time pass that files can be looked at in between, which takes real time. */
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 10) {
      await clock.advance(Math.min(10, left));
      // A look reads the disk.
      for (let n = 0; n < 5; n += 1) await settle();
    }
  };
  const replace = async (path: string, text: string): Promise<void> => {
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  };
  const tell = (name: string | null): void => [...listeners.values()].forEach((each) => each(name));
  return { folder, paths, clock, pass, replace, tell, told: () => count, watch, listeners };
}

/** Until it was told so often, however long the disk takes. */
async function tells(t: TestContext, count: number, { pass, told }: Awaited<ReturnType<typeof watched>>) {
  while (told() < count) {
    t.signal.throwIfAborted();
    await pass(10);
  }
  assert.equal(told(), count);
}

test('a file that was replaced by renaming is told once, after the events have come to rest', async (t) => {
  const world = await watched(t);
  const [a = ''] = world.paths;
  await world.replace(a, 'two');
  for (let n = 0; n < 3; n += 1) world.tell('a');
  await world.pass(100);
  assert.equal(world.told(), 0, 'perhaps it is not whole yet');
  await tells(t, 1, world);
  world.tell('a');
  await world.pass(500);
  assert.equal(world.told(), 1, 'nothing has changed since');
});

test('a file that is still being written is waited for', async (t) => {
  const world = await watched(t);
  const [a = ''] = world.paths;
  for (let n = 0; n < 5; n += 1) {
    await writeFile(a, 'x'.repeat(n));
    world.tell('a');
    await world.pass(150);
    assert.equal(world.told(), 0, `after ${n} bytes`);
  }
  await tells(t, 1, world);
});

test('what comes and what goes is told, where no folder can be watched at the next look', async (t) => {
  const world = await watched(t);
  const [a = '', b = ''] = world.paths;
  await rm(a);
  world.tell('a');
  await tells(t, 1, world);
  await mkdir(dirname(b));
  await writeFile(b, 'new');
  await world.clock.advance(30_000);
  await tells(t, 2, world);
});

test('other files of the folder cost nothing; a link counts as what it leads to', async (t) => {
  const world = await watched(t);
  world.tell('go.sum');
  assert.equal(world.clock.pending, 1, 'only the look of every 30 s is to come');
  const [a = ''] = world.paths;
  await mkdir(join(world.folder, '..data1'));
  await writeFile(join(world.folder, '..data1', 'a'), 'mounted');
  await rm(a);
  await symlink(join('..data', 'a'), a);
  await symlink('..data1', join(world.folder, '..data'));
  world.tell('a');
  await tells(t, 1, world);
  await mkdir(join(world.folder, '..data2'));
  await writeFile(join(world.folder, '..data2', 'a'), 'mounted anew');
  await symlink('..data2', join(world.folder, '..next'));
  await rename(join(world.folder, '..next'), join(world.folder, '..data'));
  world.tell('..data');
  await tells(t, 2, world);
});

test('a file that is watched only now has not changed by that, and what it does later is told', async (t) => {
  const world = await watched(t);
  const secret = join(world.folder, 'secret');
  await writeFile(secret, 'one');
  world.paths.push(secret);
  world.tell('secret');
  await world.pass(500);
  assert.equal(world.told(), 0);
  await world.replace(secret, 'two');
  world.tell('secret');
  await tells(t, 1, world);
});

test('nothing is left once it has ended', async (t) => {
  const { clock, watch, tell, listeners } = await watched(t);
  tell('a');
  watch.close();
  assert.deepEqual([clock.pending, listeners.size], [0, 0]);
});

test('the system tells of a real change', async (t) => {
  const folder = await tempFolder(t, 'watch');
  const path = join(folder, 'file');
  let count = 0;
  const watch = watchFiles({ paths: () => [path], clock: systemClock, onChange: () => (count += 1) });
  t.after(() => watch.close());
  await writeFile(`${path}.new`, 'text');
  await rename(`${path}.new`, path);
  await until('the change is told', () => Promise.resolve(count > 0));
});
