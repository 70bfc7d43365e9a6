import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { NO_HEDGE, scriptedMirrors } from '../../test/support/scripted-mirrors.ts';
import {
  DECLINED,
  FILE,
  GOOD,
  HANG,
  NOT_FOUND,
  UNABLE,
  UNAVAILABLE,
  REFUSED,
  runQuestion,
} from '../../test/support/scripted-question.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';

const LOOP: Line = { do: 'other', outcome: { ...OUTCOMES.notFound, cause: 'loop', status: 508 } };

async function endOf(scripts: Record<string, Line>): Promise<string> {
  const clock = new VirtualClock();
  const world = Object.fromEntries(Object.entries(scripts).map(([name, script]) => [name, { script }]));
  const { end } = await runQuestion(clock, scriptedMirrors(clock, world).mirrors);
  return 'mirror' in end ? end.mirror : end.code;
}

test('who answers, whatever the others do', async () => {
  const table: [Record<string, Line>, string][] = [
    [{ a: UNAVAILABLE, b: GOOD }, 'b'],
    [{ a: HANG, b: GOOD }, 'b'],
    [{ a: HANG, b: HANG, c: GOOD }, 'c'],
    [{ a: NOT_FOUND, b: GOOD }, 'b'],
    [{ a: NOT_FOUND, b: HANG, c: GOOD }, 'c'],
    [{ a: REFUSED, b: GOOD }, 'b'],
    [{ a: NOT_FOUND, b: NOT_FOUND, c: HANG }, 'E_NOT_FOUND'],
    [{ a: NOT_FOUND, b: REFUSED }, 'E_NOT_FOUND'],
    [{ a: REFUSED, b: REFUSED }, 'E_REFUSED'],
    [{ a: REFUSED, b: UNAVAILABLE }, 'E_NO_MIRROR'],
    [{ a: UNABLE, b: GOOD }, 'b'],
    [{ a: UNABLE, b: UNABLE }, 'E_NO_MIRROR'],
    [{ a: UNABLE, b: NOT_FOUND, c: NOT_FOUND }, 'E_NOT_FOUND'],
    [{ a: DECLINED, b: GOOD }, 'b'],
    [{ a: DECLINED, b: NOT_FOUND }, 'E_NOT_FOUND'],
    [{ a: DECLINED, b: REFUSED }, 'E_NO_MIRROR'],
    [{ a: UNAVAILABLE, b: UNAVAILABLE }, 'E_NO_MIRROR'],
    [{ a: LOOP, b: LOOP }, 'E_LOOP'],
    [{ a: LOOP, b: UNAVAILABLE }, 'E_NO_MIRROR'],
    [{ a: LOOP, b: GOOD }, 'b'],
    [{ a: HANG }, 'E_MIRROR_TIMEOUT'],
    // Its gate opens within the 10 s of agreement, and then the other is everybody.
    [{ a: NOT_FOUND, b: UNAVAILABLE }, 'E_NOT_FOUND'],
    // Of a list nobody is at work for 10 s, and go breaks off at anything but a 404.
    [{ a: NOT_FOUND, b: HANG }, 'E_NOT_FOUND'],
    [{ a: { do: 'answer', afterMs: 20_000 } }, 'a'],
  ];
  for (const [scripts, expected] of table)
    assert.equal(await endOf(scripts), expected, JSON.stringify(scripts));
});

test('one quick 404 beside two mirrors that need their time is no agreement, and shuts nobody', async () => {
  const clock = new VirtualClock();
  const making: Line = { do: 'answer', afterMs: 9000 };
  const { mirrors, upstreams } = scriptedMirrors(clock, {
    evil: { script: NOT_FOUND },
    a: { script: making },
    b: { script: making },
  });
  const { end, tookMs } = await runQuestion(clock, mirrors);
  assert.ok('mirror' in end && end.mirror !== 'evil', JSON.stringify(end));
  assert.ok(tookMs <= 9100, `${tookMs} ms`);
  assert.deepEqual([upstreams['a']?.asked.length, upstreams['b']?.asked.length], [1, 1], 'once each');
  assert.deepEqual(
    mirrors.views().map(({ gate }) => gate),
    ['closed', 'closed', 'closed'],
  );
  await mirrors.close();
});

test('a 404 beside a mirror that hangs ends within the time of agreement; beside another 404 at once', async () => {
  for (const [others, code, leastMs, mostMs] of [
    [{}, 'E_NOT_FOUND', 10_000, 10_100],
    [{ c: { script: NOT_FOUND } }, 'E_NOT_FOUND', 0, 500],
  ] as const) {
    const clock = new VirtualClock();
    const { mirrors } = scriptedMirrors(clock, { a: { script: NOT_FOUND }, b: { script: HANG }, ...others });
    const { end, tookMs } = await runQuestion(clock, mirrors);
    assert.equal('code' in end && end.code, code);
    assert.ok(tookMs >= leastMs && tookMs <= mostMs, `${tookMs} ms`);
    await mirrors.close();
  }
});

test('a cold file of one version is waited for, whatever one mirror says at once; a list is not', async () => {
  const making: Line = { do: 'answer', afterMs: 20_000 };
  const version = { module: 'example.com/m', version: 'v1.0.0' };
  for (const line of [REFUSED, DECLINED, NOT_FOUND]) {
    for (const kind of ['zip', 'mod', 'info'] as const) {
      const clock = new VirtualClock();
      const { mirrors } = scriptedMirrors(clock, { evil: { script: line }, a: { script: making } });
      const { end } = await runQuestion(clock, mirrors, { file: { kind, ...version } });
      assert.deepEqual(end, { mirror: 'a' }, `${kind} ${JSON.stringify(line)}`);
      await mirrors.close();
    }
    const clock = new VirtualClock();
    const { mirrors } = scriptedMirrors(clock, { evil: { script: line }, a: { script: making } });
    const { end, tookMs } = await runQuestion(clock, mirrors);
    assert.equal('code' in end && end.code, line === NOT_FOUND ? 'E_NOT_FOUND' : 'E_NO_MIRROR');
    assert.ok(tookMs <= 10_100, `${tookMs} ms`);
    await mirrors.close();
  }
});

test('a failing mirror costs no time, a hanging one the soft limit', async () => {
  for (const [line, ms] of [
    [UNAVAILABLE, 50],
    [HANG, 3050],
  ] as const) {
    const clock = new VirtualClock();
    const { mirrors } = scriptedMirrors(clock, { a: { script: line }, b: { script: GOOD } }, NO_HEDGE);
    const { tookMs } = await runQuestion(clock, mirrors);
    assert.ok(tookMs <= ms, `${tookMs} ms`);
  }
});

test('an answer about the request alone is final: nobody is asked twice, and nothing is waited for', async () => {
  for (const [others, code] of [
    [{}, 'E_NO_MIRROR'],
    [{ b: { script: DECLINED } }, 'E_NO_MIRROR'],
    [{ b: { script: NOT_FOUND } }, 'E_NOT_FOUND'],
  ] as const) {
    const clock = new VirtualClock();
    const { mirrors, upstreams } = scriptedMirrors(clock, { a: { script: DECLINED }, ...others });
    const { end, tookMs } = await runQuestion(clock, mirrors);
    assert.ok('error' in end);
    assert.equal(end.code, code);
    assert.ok(end.error.details.length === 0 || end.error.details.includes('a: no such syntax here'));
    assert.ok(tookMs <= 100, `${tookMs} ms`);
    assert.equal(upstreams['a']?.asked.length, 1);
    assert.equal(mirrors.views()[0]?.gate, 'closed', 'one client must not shut the gate of a mirror');
  }
});

test('a Rondo without mirrors is asked for each file once, and still for what it has', async () => {
  const clock = new VirtualClock();
  const script = ({ path }: { path: string }): Line => (path.includes('warm') ? GOOD : UNABLE);
  const { mirrors, upstreams } = scriptedMirrors(clock, { team: { script } });
  for (let n = 0; n < 10; n += 1) {
    const { end, tookMs } = await runQuestion(clock, mirrors, {
      file: { kind: 'list', module: `cold.org/${n}` },
    });
    assert.deepEqual(['code' in end && end.code, tookMs], ['E_NO_MIRROR', 0]);
  }
  assert.equal(upstreams['team']?.asked.length, 10);
  const [view] = mirrors.views();
  assert.deepEqual([view?.status, view?.slots, view?.firstByte], ['HEALTHY', 32, undefined]);
  const { end } = await runQuestion(clock, mirrors, { file: { kind: 'list', module: 'warm.org/m' } });
  assert.deepEqual(end, { mirror: 'team' });
});

test('who is unable again and again does not stand in the way of a 404', async () => {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(clock, { a: { script: NOT_FOUND }, b: { script: UNABLE } });
  const ends: string[] = [];
  for (let n = 0; n < 4; n += 1) {
    const { end } = await runQuestion(clock, mirrors);
    ends.push('code' in end ? end.code : end.mirror);
  }
  assert.deepEqual(ends, ['E_NO_MIRROR', 'E_NO_MIRROR', 'E_NOT_FOUND', 'E_NOT_FOUND']);
});

test('a mirror that may not be asked has not refused: the end is not left to what happened before', async () => {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(clock, { a: { script: UNAVAILABLE }, b: { script: REFUSED } });
  const codes = new Set<string>();
  for (let n = 0; n < 5; n += 1) {
    const { end } = await runQuestion(clock, mirrors);
    codes.add('code' in end ? end.code : end.mirror);
  }
  assert.equal(mirrors.views()[0]?.eligible, false, 'its gate is open by now');
  assert.deepEqual([...codes], ['E_NO_MIRROR']);
});

test('past the soft limit the first is charged, kept, and may still win', async () => {
  const clock = new VirtualClock();
  const scripts = { a: { script: { do: 'answer', afterMs: 3500 } }, b: { script: HANG } } as const;
  const { mirrors } = scriptedMirrors(clock, scripts, NO_HEDGE);
  const { end } = await runQuestion(clock, mirrors);
  assert.deepEqual(end, { mirror: 'a' });
  const states = Object.fromEntries(mirrors.views().map((view) => [view.name, view.score]));
  assert.deepEqual(states, { a: 1, b: 1 }, 'its success counts; the loser is not charged');
});

test('one first visit a mirror, and revisits only from the budget', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(clock, {
    a: { script: UNAVAILABLE },
    b: { script: UNAVAILABLE },
  });
  await runQuestion(clock, mirrors);
  // Three 503 open each gate.
  assert.deepEqual([upstreams['a']?.asked.length, upstreams['b']?.asked.length], [3, 3]);

  const poorClock = new VirtualClock();
  const poor = scriptedMirrors(
    poorClock,
    { a: { script: UNAVAILABLE }, b: { script: UNAVAILABLE } },
    { retry: { delayMs: 100, delayMaxMs: 2000, budgetRatio: 0, budgetPerSecond: 0 } },
  );
  await runQuestion(poorClock, poor.mirrors);
  assert.deepEqual([poor.upstreams['a']?.asked.length, poor.upstreams['b']?.asked.length], [1, 1]);
});

test('an error says what each mirror answered, and who was left out', async () => {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(clock, { a: { script: UNAVAILABLE }, b: { script: REFUSED } });
  const { end } = await runQuestion(clock, mirrors);
  assert.ok('error' in end);
  assert.deepEqual(end.error.details, ['a: 503', 'b: not carried here']);
  mirrors.exclude('a', 'it is this Rondo itself');
  const second = await runQuestion(clock, mirrors);
  assert.equal('code' in second.end && second.end.code, 'E_REFUSED');
});

test('nobody eligible: one trial a mirror and second; the next caller hears when to come again', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(clock, { a: { script: UNAVAILABLE } });
  await runQuestion(clock, mirrors); // Opens the gate.
  const before = upstreams['a']?.asked.length ?? 0;
  await runQuestion(clock, mirrors); // The trial.
  assert.equal(upstreams['a']?.asked.length, before + 1);
  const { end } = await runQuestion(clock, mirrors);
  assert.ok('error' in end);
  assert.equal(end.code, 'E_NO_ELIGIBLE_MIRROR');
  assert.ok((end.error.retryAfterMs ?? 0) >= 1000);
  assert.equal(upstreams['a']?.asked.length, before + 1);

  const upstream = upstreams['a'];
  if (upstream !== undefined) upstream.script = () => GOOD;
  await clock.advance(1000);
  assert.deepEqual(
    (await runQuestion(clock, mirrors)).end,
    { mirror: 'a' },
    'the first success brings it back',
  );
});

test('cooling and quarantined mirrors are never tried for want of others', async () => {
  const clock = new VirtualClock();
  const limited: Line = { do: 'other', outcome: { ...OUTCOMES.rateLimited, retryAfterMs: 60_000 } };
  const { mirrors, upstreams } = scriptedMirrors(clock, { a: { script: limited } });
  await runQuestion(clock, mirrors);
  await clock.advance(5000);
  const { end } = await runQuestion(clock, mirrors);
  assert.equal('code' in end && end.code, 'E_NO_ELIGIBLE_MIRROR');
  assert.equal(upstreams['a']?.asked.length, 1);
});

test('an aborted question cancels what is running and charges nobody', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(clock, { a: { script: HANG } });
  const abort = new AbortController();
  const asked = mirrors.ask({ file: FILE, method: 'GET', maxBodyBytes: 10 }, abort.signal);
  await clock.advance(100);
  abort.abort(new Error('the client left'));
  await assert.rejects(asked, /the client left/);
  await clock.advance(0);
  assert.equal(upstreams['a']?.cancelled, 1);
  assert.equal(mirrors.views()[0]?.score, 1);
});

test('a waiting request takes a mirror as soon as its gate lets it', async () => {
  const clock = new VirtualClock();
  const limited: Line = { do: 'other', outcome: { ...OUTCOMES.rateLimited, retryAfterMs: 8000 } };
  const { mirrors, upstreams } = scriptedMirrors(clock, { a: { script: limited }, b: { script: HANG } });
  await runQuestion(clock, mirrors, { deadlineAtMs: 4000 });
  if (upstreams['a'] !== undefined) upstreams['a'].script = () => GOOD;
  const { end, tookMs } = await runQuestion(clock, mirrors);
  assert.deepEqual(end, { mirror: 'a' });
  assert.ok(tookMs < 10_000, `${tookMs} ms`);
});

test('a refusal waits 10 s for the others at the most, and a shut mirror is no reason to wait', async () => {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(clock, { a: { script: REFUSED }, b: { script: HANG } });
  const first = await runQuestion(clock, mirrors);
  assert.equal('code' in first.end && first.end.code, 'E_NO_MIRROR');
  assert.ok(first.tookMs <= 10_100, `${first.tookMs} ms`);

  const limited: Line = { do: 'other', outcome: { ...OUTCOMES.rateLimited, retryAfterMs: 60_000 } };
  const other = scriptedMirrors(clock, { a: { script: REFUSED }, b: { script: limited } });
  await runQuestion(clock, other.mirrors);
  const shut = await runQuestion(clock, other.mirrors);
  assert.equal('code' in shut.end && shut.end.code, 'E_NO_MIRROR', 'it has not refused');
  assert.ok(shut.tookMs < 1000, `${shut.tookMs} ms`);
});
