import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { scriptedMirrors } from '../../test/support/scripted-mirrors.ts';
import { GOOD, HANG, NOT_FOUND, runQuestion, UNAVAILABLE } from '../../test/support/scripted-question.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { RemoteFile } from '../gomod/module-file.ts';

const UNKNOWN: Line = {
  do: 'other',
  outcome: { class: 'http', cause: 'dns', detail: 'its name cannot be resolved (EAI_AGAIN)' },
};
const LOCAL: Line = { do: 'other', outcome: OUTCOMES.local };
const fileOf = (name: string): RemoteFile => ({ kind: 'list', module: `example.com/${name}` });

test('after one question that has reached nobody all others fail at once, and why is told once', async () => {
  const clock = new VirtualClock();
  const world = scriptedMirrors(
    clock,
    { a: { script: UNKNOWN }, b: { script: LOCAL, tier: 1 } },
    {},
    undefined,
    'Go on foot',
  );
  const first = await runQuestion(clock, world.mirrors, { file: fileOf('first') });
  assert.ok('code' in first.end);
  const asked = (): number =>
    Object.values(world.upstreams).reduce((sum, each) => sum + each.asked.length, 0);
  const before = asked();
  assert.ok(before >= 2);
  for (const name of ['second', 'third']) {
    const next = await runQuestion(clock, world.mirrors, { file: fileOf(name) });
    assert.ok('code' in next.end);
    assert.deepEqual([next.end.code, next.tookMs, asked()], ['E_NO_MIRROR', 0, before]);
  }
  const told = world.events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
  assert.deepEqual(told, [
    'no mirror can be reached (a: its name cannot be resolved (EAI_AGAIN)); the rest is not asked for. Go on foot',
  ]);
});

test('who says anything at all is not given up, nor is who is asked beside one that does', async () => {
  for (const script of [UNAVAILABLE, NOT_FOUND, HANG]) {
    const clock = new VirtualClock();
    const world = scriptedMirrors(
      clock,
      { a: { script: UNKNOWN }, b: { script, tier: 1 } },
      {},
      undefined,
      'x',
    );
    await runQuestion(clock, world.mirrors, { file: fileOf('first') });
    for (const upstream of Object.values(world.upstreams)) upstream.script = () => GOOD;
    await clock.advance(600_000);
    const next = await runQuestion(clock, world.mirrors, { file: fileOf('second') });
    assert.ok('mirror' in next.end, JSON.stringify(script));
  }
});

test('a private mirror that cannot be reached does not take the others with it; without advice nobody is given up', async () => {
  const clock = new VirtualClock();
  const scripts = { open: { script: GOOD }, own: { script: UNKNOWN, match: 'corp.example/*' } };
  const privatePatterns = 'corp.example';
  const world = scriptedMirrors(clock, scripts, { privatePatterns }, undefined, 'x');
  const file: RemoteFile = { kind: 'list', module: 'corp.example/m' };
  assert.ok('code' in (await runQuestion(clock, world.mirrors, { file })).end);
  assert.deepEqual((await runQuestion(clock, world.mirrors)).end, { mirror: 'open' });
  assert.equal((await runQuestion(clock, world.mirrors, { file })).tookMs, 0);

  const server = scriptedMirrors(clock, scripts, { privatePatterns });
  await runQuestion(clock, server.mirrors, { file });
  const [own] = [server.upstreams['own']];
  if (own !== undefined) own.script = () => GOOD;
  await clock.advance(600_000);
  assert.deepEqual((await runQuestion(clock, server.mirrors, { file })).end, { mirror: 'own' });
});
