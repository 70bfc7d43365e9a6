import assert from 'node:assert/strict';
import type { Mirror } from '../../../support/mirror-server.ts';
import { assertExplained, mirrorsOf, quietWatch } from '../../invariants.ts';
import { driveRow } from '../../rows/drive-row.ts';
import type { Row } from '../../rows/row.ts';
import type { Scene } from './scene.ts';

/** Long enough that each mirror has been found out, on a busy machine too: only then it starts again with few slots. */
const BACK_MS = 10_000;
/** Long enough after that that each has had its trial and more while very many still wait, on a busy machine too. */
const END_MS = 30_000;
const SLOW_MS = 2000;

const HERD: Row = {
  name: 'herd',
  what: 'herd on recovery',
  load: { rate: { kind: 'steady', perSecond: 40, forMs: END_MS }, files: 'small' },
  turns: [
    { atMs: 2000, mirrors: 'all', change: { fault: { kind: 'refused' } } },
    { atMs: BACK_MS, mirrors: 'all', change: 'good' },
    { atMs: BACK_MS, mirrors: 'all', change: { fault: { kind: 'slow', delayMs: SLOW_MS } } },
  ],
  sees: 'right-or-failure',
};

/** How many requests a mirror that answers after `delayMs` had at a time: the most at first, and the most of all. */
async function mostAtATime(mirror: Mirror, delayMs: number): Promise<{ first: number; later: number }> {
  const atMs = (await mirror.requests())
    .filter(({ faults, path }) => faults.includes('slow') && !path.startsWith('/golang.org/'))
    .map((request) => request.atMs);
  // The trial, and what follows its answer before there is another.
  const firstUntilMs = Math.min(...atMs) + 2 * delayMs;
  const most = (untilMs: number): number =>
    Math.max(
      0,
      ...atMs
        .filter((ms) => ms < untilMs)
        .map((ms) => atMs.filter((other) => other <= ms && other > ms - delayMs).length),
    );
  return { first: most(firstUntilMs), later: most(Infinity) };
}

/** Mirrors that come back while very many wait for them. */
export const HERD_SCENES: readonly Scene[] = [
  {
    name: HERD.name,
    what: HERD.what,
    async run(t, bench) {
      const { mirrors, world, divisor } = bench;
      // Slots alone, nothing that goes beside them.
      const rondo = await bench.serve(t, { keys: { hedge: { tokens: '0' } } });
      const quiet = await quietWatch(rondo);
      const { figures, answers } = await driveRow(HERD, { ...bench, url: rondo.url }, divisor);
      const delayMs = SLOW_MS / divisor;
      const atATime = await Promise.all(mirrors.map((mirror) => mostAtATime(mirror, delayMs)));
      const [first, later] = [atATime.map((most) => most.first), atATime.map((most) => most.later)];
      const metrics = await rondo.metrics();
      for (const { name } of await mirrorsOf(rondo)) {
        const refusals = ['false', 'true'].map((probe) =>
          metrics('rondo_visits_total', { mirror: name, cause: 'connect-refused', probe }),
        );
        assert.ok(Math.max(...refusals) >= 3, `${name} was never out: ${refusals.join(' and ')} refusals`);
      }
      const told = `at most ${first.join(', ')} at a time at first, ${later.join(', ')} later`;
      assert.ok(
        first.every((most) => most > 0 && most <= 4),
        told,
      );
      assert.ok(
        later.some((most) => most > 4),
        told,
      );
      assert.equal(answers.filter(({ ending }) => ending === 'wrong' || ending === 'unanswered').length, 0);
      assertExplained(await mirrorsOf(rondo));
      for (const mirror of mirrors) await mirror.clearFaults();
      await quiet(world.modules, divisor);
      assert.equal(await rondo.stop(), 0);
      return { figures, said: told };
    },
  },
];
