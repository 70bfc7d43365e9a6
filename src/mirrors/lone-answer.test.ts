import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_HEDGE, scriptedMirrors } from '../../test/support/scripted-mirrors.ts';
import {
  GOOD,
  HANG,
  NOT_FOUND,
  REFUSED,
  runQuestion,
  UNAVAILABLE,
  type End,
} from '../../test/support/scripted-question.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { MirrorsSettings } from './settings.ts';

type World = {
  readonly clock: VirtualClock;
  set(name: 'a' | 'b', script: Line): void;
  /** How many requests b has been asked. */
  asked(): number;
  ask(patient?: boolean): Promise<{ readonly end: string; readonly tookMs: number }>;
};

function said(end: End): string {
  return 'code' in end ? end.code : end.mirror;
}

/** Two mirrors; b has served somebody `sinceMs` ago, and is shut. */
async function shutB(sinceMs: number, settings: Partial<MirrorsSettings> = {}): Promise<World> {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(
    clock,
    { a: { script: GOOD }, b: { script: GOOD } },
    { ...NO_HEDGE, ...settings },
  );
  let modules = 0;
  const world: World = {
    clock,
    set(name, script) {
      const upstream = upstreams[name];
      if (upstream !== undefined) upstream.script = () => script;
    },
    asked: () => upstreams['b']?.asked.length ?? 0,
    async ask(patient = true) {
      const file = { kind: 'list', module: `example.com/m${(modules += 1)}` } as const;
      const { end, tookMs } = await runQuestion(clock, mirrors, { file, patient });
      return { end: said(end), tookMs };
    },
  };
  const isShut = (): boolean =>
    mirrors.views().some(({ name, status }) => name === 'b' && status === 'UNHEALTHY');
  for (let n = 0; n < 4; n += 1) await world.ask();
  assert.ok(world.asked() > 0, 'it has served somebody');
  await clock.advance(sinceMs);
  world.set('b', UNAVAILABLE);
  for (let n = 0; n < 12 && !isShut(); n += 1) await world.ask();
  assert.ok(isShut());
  return world;
}

test('what the only mirror lacks that may be asked, one that is just back may have', async () => {
  for (const lone of [NOT_FOUND, REFUSED]) {
    const world = await shutB(0);
    world.set('a', lone);
    world.set('b', GOOD);
    const { end, tookMs } = await world.ask();
    assert.equal(end, 'b');
    assert.ok(tookMs < 1100, `${tookMs} ms`);
  }
});

test('if that one fails, the answer stands: at once, or after the soft limit where it hangs', async () => {
  const world = await shutB(0);
  world.set('a', NOT_FOUND);
  const before = world.asked();
  const first = await world.ask();
  assert.equal(first.end, 'E_NOT_FOUND');
  assert.ok(first.tookMs <= 1100, `${first.tookMs} ms`);
  assert.equal(world.asked() - before, 1, 'one trial');
  world.set('b', HANG);
  const hung = await world.ask();
  assert.equal(hung.end, 'E_NOT_FOUND');
  assert.ok(hung.tookMs <= 4200, `${hung.tookMs} ms`);
});

test('it is waited for while it has served somebody within half a minute, and only by who has no copy', async () => {
  const world = await shutB(0);
  world.set('a', NOT_FOUND);
  world.set('b', GOOD);
  assert.deepEqual(await world.ask(false), { end: 'E_NOT_FOUND', tookMs: 0 });
  const later = await shutB(31_000);
  later.set('a', NOT_FOUND);
  const before = later.asked();
  assert.deepEqual(await later.ask(), { end: 'E_NOT_FOUND', tookMs: 0 });
  assert.equal(later.asked(), before);
});

test('who finds no place in the line has an answer all the same', async () => {
  const world = await shutB(0, { queueLimit: 0 });
  world.set('a', NOT_FOUND);
  world.set('b', HANG);
  const [trial, other] = await Promise.all([world.ask(), world.ask()]);
  assert.equal(trial.end, 'E_NOT_FOUND');
  assert.deepEqual(other, { end: 'E_NOT_FOUND', tookMs: 0 });
});
