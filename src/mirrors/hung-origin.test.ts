import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_HEDGE, scriptedMirrors, type ScriptedMirrors } from '../../test/support/scripted-mirrors.ts';
import { GOOD, HANG, NOT_FOUND, runQuestion } from '../../test/support/scripted-question.ts';
import type { Line, ScriptedUpstream } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';

const PASSING: Line = {
  do: 'other',
  afterMs: 2000,
  outcome: { class: 'http', cause: 'soft-not-found', status: 404, detail: '404 Not Found, but for now only' },
};

/** A good mirror, but what lies on one server cannot be had. */
function honest(line: Line): ScriptedUpstream['script'] {
  return ({ path }) => (path.startsWith('/hung.example/') ? line : GOOD);
}

/** One client asks for ten modules of that server at once; how these end. */
function askForTen({ mirrors }: ScriptedMirrors): Promise<unknown>[] {
  return Array.from({ length: 10 }, (_, n) => {
    const file = { kind: 'list', module: `hung.example/${n}` } as const;
    const asked = mirrors.ask({ file, method: 'GET', maxBodyBytes: 100 }, new AbortController().signal);
    return asked.then(
      () => 'answered',
      (error: { code?: string }) => error.code,
    );
  });
}

for (const [name, line] of [
  ['hang', HANG],
  ['end in a soft 404', PASSING],
] as const) {
  test(`ten modules whose origin makes every mirror ${name} shut nobody, and others see nothing of it`, async () => {
    const clock = new VirtualClock();
    const world = scriptedMirrors(clock, {
      a: { script: honest(line) },
      b: { script: honest(line) },
      c: { script: honest(line) },
    });
    world.mirrors.startProbes();
    const ends = askForTen(world);
    for (let n = 0; n < 200; n += 1) {
      const file = { kind: 'list', module: `example.com/${n}` } as const;
      const { end, tookMs } = await runQuestion(clock, world.mirrors, { file });
      assert.ok('mirror' in end, JSON.stringify(end));
      assert.ok(tookMs <= 400, `${tookMs} ms`);
      await clock.advance(450);
    }
    const gates = world.events.filter((event) => event.type === 'gate');
    assert.deepEqual(gates, []);
    assert.ok((await Promise.all(ends)).every((end) => end !== 'answered'));
    for (const { score } of world.mirrors.views()) assert.equal(score, 1);
    await world.mirrors.close();
  });
}

test('a mirror that hangs while others answer is charged for each question, with hedges and without', async () => {
  for (const settings of [{}, NO_HEDGE]) {
    const clock = new VirtualClock();
    const scripts = { a: { script: HANG }, b: { script: GOOD } };
    const { mirrors, upstreams } = scriptedMirrors(clock, scripts, settings);
    for (let n = 0; n < 4; n += 1) {
      await runQuestion(clock, mirrors, { file: { kind: 'list', module: `example.com/${n}` } });
      await clock.advance(3000);
    }
    const asked = upstreams['a']?.asked.length ?? 0;
    assert.ok(asked > 0 && asked < 3, `${asked} of 4`);
    assert.equal(mirrors.views()[0]?.score, 1 - 0.3 * asked);
    await mirrors.close();
  }
});

test('two that say 404 at once charge the third that hangs', async () => {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(clock, {
    a: { script: HANG },
    b: { script: NOT_FOUND },
    c: { script: NOT_FOUND },
  });
  await runQuestion(clock, mirrors);
  await clock.advance(3000);
  assert.deepEqual(
    mirrors.views().map(({ score }) => score),
    [0.7, 1, 1],
  );
  await mirrors.close();
});

test('a mirror alone that hangs is judged by its probes, which come at once; one that only makes a question wait is not shut', async () => {
  const clock = new VirtualClock();
  const dead = scriptedMirrors(clock, { a: { script: HANG } });
  dead.mirrors.startProbes();
  const ends = askForTen(dead);
  for (let n = 0; n < 10; n += 1) await clock.advance(1000);
  const turns = dead.events.flatMap((event) => (event.type === 'gate' ? [event.to] : []));
  assert.equal(turns[0], 'UNHEALTHY', 'within 10 s');
  for (let n = 0; n < 90; n += 1) await clock.advance(1000);
  assert.ok((await Promise.all(ends)).every((end) => end !== 'answered'));
  await dead.mirrors.close();

  const patient = scriptedMirrors(clock, { a: { script: honest(HANG) } });
  patient.mirrors.startProbes();
  const asked = askForTen(patient);
  for (let n = 0; n < 100; n += 1) await clock.advance(1000);
  assert.deepEqual(new Set(await Promise.all(asked)), new Set(['E_MIRROR_TIMEOUT']));
  assert.deepEqual(
    patient.events.filter((event) => event.type === 'gate'),
    [],
  );
  await patient.mirrors.close();
});
