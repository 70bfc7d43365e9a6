import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invariants } from './claims.ts';
import { FastClock } from './fast-clock.ts';
import { runScenario, type Run } from './run-scenario.ts';
import { healthyWorld } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

/** One seed here, so that a run says the same every time; `npm run sim` has more of them. */
const SEED = 1;

let healthy: Promise<Run> | undefined;

for (const { name, world, claims } of SCENARIOS) {
  test(`simulated (seed ${SEED}): ${name}`, async () => {
    healthy ??= runScenario(healthyWorld(), SEED);
    const run = await runScenario(world(), SEED);
    assert.ok(run.served.length > 1000, `${run.served.length} requests`);
    const broken = [...invariants(run), ...claims(run, await healthy)].filter(({ holds }) => !holds);
    assert.deepEqual(
      broken.map(({ what, found }) => `${what}: ${found}`),
      [],
    );
  });
}

test('the same seed gives the same run, another one another', async () => {
  const runOf = async (seed: number): Promise<unknown> => {
    const { served } = await runScenario({ ...healthyWorld(), forS: 5 }, seed);
    return served;
  };
  assert.deepEqual(await runOf(7), await runOf(7));
  assert.notDeepEqual(await runOf(7), await runOf(8));
});

test('a broken rule is seen: mirrors that are asked past their gates and their slots', async () => {
  const world = healthyWorld();
  const forgetful = await runScenario(
    { ...world, forS: 5, settings: { slots: { min: 1, max: 1 }, queueLimit: 0 } },
    SEED,
  );
  assert.ok(forgetful.served.some(({ error }) => error === 'E_BUSY'));
  forgetful.watcher.hear({ type: 'gate', mirror: 'a', from: 'HEALTHY', to: 'UNHEALTHY', why: 'made up' });
  forgetful.watcher.arrive('a', false, 'x');
  forgetful.watcher.arrive('a', false, 'y');
  forgetful.watcher.arrive('b', false, 'z');
  forgetful.watcher.arrive('b', false, 'z');
  const broken = invariants(forgetful).filter(({ holds }) => !holds);
  assert.deepEqual(
    broken.map(({ what, found }) => `${what}: ${found}`),
    [
      'nothing that may never happen: an open gate got more than its trial (1), more than its slots (1)',
      'one first visit a mirror a request: others unaccounted for: 1',
    ],
  );
});

test('the fast clock fires in the order of time, lets promises settle in between, and forgets what is cancelled', async () => {
  const clock = new FastClock();
  const order: string[] = [];
  clock.after(20, () => order.push(`b ${clock.now()}`));
  clock.after(10, () => {
    void Promise.resolve()
      .then(() => Promise.resolve())
      .then(() => order.push(`settled ${clock.now()}`));
    clock.after(0, () => order.push(`a ${clock.now()}`));
  });
  const never = clock.after(15, () => order.push('never'));
  never.cancel();
  never.cancel();
  clock.after(1000, () => order.push('later'));
  await clock.runUntil(500);
  assert.deepEqual(order, ['settled 10', 'a 10', 'b 20']);
  assert.deepEqual([clock.now(), clock.pending], [500, 1]);
  for (let n = 0; n < 2000; n += 1) clock.after((n * 7919) % 1000, () => order.push(String(clock.now())));
  await clock.runUntil(2000);
  const times = order
    .slice(3)
    .filter((each) => each !== 'later')
    .map(Number);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
  assert.equal(times.length, 2000);
});
