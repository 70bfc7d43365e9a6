import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { assertExplained, mirrorsOf, quietWatch } from '../../invariants.ts';
import { driveRow } from '../../rows/drive-row.ts';
import { MACHINE_TIMES, SMALL, ZIPS } from '../../rows/loads.ts';
import type { Load } from '../../rows/row.ts';
import type { Scene } from './scene.ts';

/** Two jumps of the clock at least are within the load. */
const JUMP_EVERY_MS = 8000;
const WRITE_MS = 40;

/** What a program is started with so that its machine is odd. */
type Oddity = {
  readonly name: string;
  readonly what: string;
  /** Loaded before it, from test/support. */
  readonly preload: string;
  readonly env: (divisor: number) => Readonly<Record<string, string>>;
  readonly load: Load;
  readonly said: string;
};

const ODDITIES: readonly Oddity[] = [
  {
    name: 'clock',
    what: 'wall clock jumps 1 h',
    preload: 'jumping-clock.ts',
    env: (divisor) => ({ RONDO_TEST_JUMP_MS: String(JUMP_EVERY_MS / divisor) }),
    load: SMALL,
    said: 'an hour ahead and an hour behind again and again: nobody charged',
  },
  {
    name: 'slow-disk',
    what: 'disk slow',
    preload: 'slow-disk.ts',
    env: () => ({ RONDO_TEST_WRITE_MS: String(WRITE_MS) }),
    load: ZIPS,
    said: `${WRITE_MS} ms a write, ${5 * WRITE_MS} ms a sync: nobody charged`,
  },
];

/** Good mirrors, and a machine that is odd: all is right, and nobody is charged. */
export const MACHINE_SCENES: readonly Scene[] = ODDITIES.map(({ name, what, preload, env, load, said }) => ({
  name,
  what,
  async run(t, bench) {
    const { world, divisor } = bench;
    const program = fileURLToPath(new URL(`../../../support/${preload}`, import.meta.url));
    const rondo = await bench.serve(t, {
      keys: MACHINE_TIMES,
      env: { NODE_OPTIONS: `--import ${program}`, ...env(divisor) },
    });
    const quiet = await quietWatch(rondo);
    const row = { name, what, load, turns: [], sees: 'right' } as const;
    const { figures, answers } = await driveRow(row, { ...bench, url: rondo.url }, divisor);
    assert.deepEqual(
      answers.filter(({ ending }) => ending !== 'right'),
      [],
    );
    const seen = await mirrorsOf(rondo);
    assertExplained(seen);
    for (const { status, lastFailure } of seen)
      assert.deepEqual([status, lastFailure], ['HEALTHY', undefined]);
    await quiet(world.modules, divisor);
    assert.equal(await rondo.stop(), 0, rondo.stderr());
    return { figures, said };
  },
}));
