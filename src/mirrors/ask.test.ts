import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { scriptedMirrors } from '../../test/support/scripted-mirrors.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { RemoteFile } from '../gomod/module-file.ts';
import type { Found, Question } from './answer.ts';
import type { Mirrors } from './mirrors.ts';

const FILE: RemoteFile = { kind: 'list', module: 'example.com/m' };
const GOOD: Line = { do: 'answer', afterMs: 40 };
const HANG: Line = { do: 'hang' };
const NOT_FOUND: Line = { do: 'other', outcome: OUTCOMES.notFound, words: 'not found: no such module' };
const UNAVAILABLE: Line = { do: 'other', outcome: OUTCOMES.unavailable };
const REFUSED: Line = {
  do: 'other',
  outcome: { class: 'neutral', cause: 'refused', status: 403, detail: '403' },
  words: 'not carried here',
};

type End = { readonly mirror: string } | { readonly code: string; readonly error: RondoError };

/** Asks and drives virtual time until there is an end; the body is taken as complete. */
async function run(
  clock: VirtualClock,
  mirrors: Mirrors,
  question: Partial<Question> = {},
): Promise<{ end: End; tookMs: number }> {
  const startMs = clock.now();
  let end: { value: End; atMs: number } | undefined;
  const asked = mirrors
    .ask({ file: FILE, method: 'GET', maxBodyBytes: 1000, ...question }, new AbortController().signal)
    .then(
      (found: Found): End => {
        found.settle({ kind: 'complete', bytes: 4 });
        return { mirror: found.mirror };
      },
      (error: unknown): End => {
        if (error instanceof RondoError) return { code: error.code, error };
        throw error;
      },
    )
    .then((value) => (end = { value, atMs: clock.now() }));
  for (let n = 0; n < 2000 && end === undefined; n += 1) await clock.advance(n === 0 ? 0 : 50);
  if (end === undefined) throw new Error('no end in 100 s of virtual time');
  await asked;
  return { end: end.value, tookMs: end.atMs - startMs };
}

async function endOf(scripts: Record<string, Line>): Promise<string> {
  const clock = new VirtualClock();
  const world = Object.fromEntries(Object.entries(scripts).map(([name, script]) => [name, { script }]));
  const { end } = await run(clock, scriptedMirrors(clock, world).mirrors);
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
    [{ a: UNAVAILABLE, b: UNAVAILABLE }, 'E_NO_MIRROR'],
    [{ a: HANG }, 'E_MIRROR_TIMEOUT'],
    // Its gate opens within the 10 s of agreement, and then the other is everybody.
    [{ a: NOT_FOUND, b: UNAVAILABLE }, 'E_NOT_FOUND'],
    [{ a: NOT_FOUND, b: HANG }, 'E_NOT_FOUND'],
    [{ a: { do: 'answer', afterMs: 20_000 } }, 'a'],
  ];
  for (const [scripts, expected] of table)
    assert.equal(await endOf(scripts), expected, JSON.stringify(scripts));
});

test('a failing mirror costs no time, a hanging one the soft limit', async () => {
  for (const [line, ms] of [
    [UNAVAILABLE, 50],
    [HANG, 3050],
  ] as const) {
    const clock = new VirtualClock();
    const { mirrors } = scriptedMirrors(clock, { a: { script: line }, b: { script: GOOD } });
    const { tookMs } = await run(clock, mirrors);
    assert.ok(tookMs <= ms, `${tookMs} ms`);
  }
});

test('past the soft limit the first is charged, kept, and may still win', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(clock, {
    a: { script: { do: 'answer', afterMs: 3500 } },
    b: { script: HANG },
  });
  const { end } = await run(clock, mirrors);
  assert.deepEqual(end, { mirror: 'a' });
  assert.equal(upstreams['b']?.cancelled, 1, 'the loser is cancelled');
  const states = Object.fromEntries(mirrors.views().map((view) => [view.name, view.score]));
  assert.deepEqual(states, { a: 1, b: 1 }, 'its success counts; the loser is not charged');
});

test('one first visit a mirror, and revisits only from the budget', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(clock, {
    a: { script: UNAVAILABLE },
    b: { script: UNAVAILABLE },
  });
  await run(clock, mirrors);
  // Three 503 open each gate.
  assert.deepEqual([upstreams['a']?.asked.length, upstreams['b']?.asked.length], [3, 3]);

  const poorClock = new VirtualClock();
  const poor = scriptedMirrors(
    poorClock,
    { a: { script: UNAVAILABLE }, b: { script: UNAVAILABLE } },
    { retry: { delayMs: 100, delayMaxMs: 2000, budgetRatio: 0, budgetPerSecond: 0 } },
  );
  await run(poorClock, poor.mirrors);
  assert.deepEqual([poor.upstreams['a']?.asked.length, poor.upstreams['b']?.asked.length], [1, 1]);
});

test('an error says what each mirror answered, and who was left out', async () => {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(clock, { a: { script: UNAVAILABLE }, b: { script: REFUSED } });
  const { end } = await run(clock, mirrors);
  assert.ok('error' in end);
  assert.deepEqual(end.error.details, ['a: 503', 'b: not carried here']);
  mirrors.exclude('a', 'it is this Rondo itself');
  const second = await run(clock, mirrors);
  assert.equal('code' in second.end && second.end.code, 'E_REFUSED');
});

test('nobody eligible: one trial a mirror and second; the next caller hears when to come again', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(clock, { a: { script: UNAVAILABLE } });
  await run(clock, mirrors); // Opens the gate.
  const before = upstreams['a']?.asked.length ?? 0;
  await run(clock, mirrors); // The trial.
  assert.equal(upstreams['a']?.asked.length, before + 1);
  const { end } = await run(clock, mirrors);
  assert.ok('error' in end);
  assert.equal(end.code, 'E_NO_ELIGIBLE_MIRROR');
  assert.ok((end.error.retryAfterMs ?? 0) >= 1000);
  assert.equal(upstreams['a']?.asked.length, before + 1);

  const upstream = upstreams['a'];
  if (upstream !== undefined) upstream.script = () => GOOD;
  await clock.advance(1000);
  assert.deepEqual((await run(clock, mirrors)).end, { mirror: 'a' }, 'the first success brings it back');
});

test('cooling and quarantined mirrors are never tried for want of others', async () => {
  const clock = new VirtualClock();
  const limited: Line = { do: 'other', outcome: { ...OUTCOMES.rateLimited, retryAfterMs: 60_000 } };
  const { mirrors, upstreams } = scriptedMirrors(clock, { a: { script: limited } });
  await run(clock, mirrors);
  await clock.advance(5000);
  const { end } = await run(clock, mirrors);
  assert.equal('code' in end && end.code, 'E_NO_ELIGIBLE_MIRROR');
  assert.equal(upstreams['a']?.asked.length, 1);
});

test('tiers: the next one only when the earlier have nobody left', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(clock, {
    a: { script: GOOD },
    b: { script: GOOD, tier: 1 },
  });
  for (let n = 0; n < 5; n += 1)
    await run(clock, mirrors, { file: { kind: 'list', module: `example.com/${n}` } });
  assert.equal(upstreams['b']?.asked.length, 0);
  if (upstreams['a'] !== undefined) upstreams['a'].script = () => UNAVAILABLE;
  assert.deepEqual((await run(clock, mirrors)).end, { mirror: 'b' });
});

test('private paths go only to the mirrors that name them, whatever is down', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(
    clock,
    {
      open: { script: GOOD },
      own: { script: NOT_FOUND, match: 'corp.example/*' },
      other: { script: UNAVAILABLE, match: 'corp.example/*' },
    },
    { privatePatterns: 'corp.example,secret.example' },
  );
  const route = await run(clock, mirrors, { file: { kind: 'list', module: 'corp.example/m' } });
  assert.equal(
    'code' in route.end && route.end.code,
    'E_NO_MIRROR',
    'an open mirror of the route might have it',
  );
  const nowhere = await run(clock, mirrors, {
    file: { kind: 'sumdb-lookup', db: 'sum.test', module: 'secret.example/m', version: 'v1.0.0' },
  });
  assert.equal('code' in nowhere.end && nowhere.end.code, 'E_PRIVATE');
  assert.equal(upstreams['open']?.asked.length, 0);
});

test('the mirror that answered a module is asked again for it, until it fails', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(clock, {
    a: { script: GOOD },
    b: { script: GOOD },
    c: { script: GOOD },
  });
  const first = (await run(clock, mirrors)).end;
  for (let n = 0; n < 5; n += 1) assert.deepEqual((await run(clock, mirrors)).end, first);
  const name = 'mirror' in first ? first.mirror : '';
  if (upstreams[name] !== undefined) upstreams[name].script = () => UNAVAILABLE;
  const second = (await run(clock, mirrors)).end;
  assert.notDeepEqual(second, first);
  assert.deepEqual((await run(clock, mirrors)).end, second, 'the pin has moved');
});

test('probes: none while traffic succeeds, open a dead mirror, and bring it back', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams, events } = scriptedMirrors(clock, { a: { script: GOOD }, b: { script: GOOD } });
  mirrors.startProbes();
  if (upstreams['b'] !== undefined) upstreams['b'].script = () => ({ do: 'hang' });
  for (let n = 0; n < 40; n += 1) {
    await clock.advance(1000);
    await run(clock, mirrors, { file: { kind: 'list', module: 'example.com/m' }, avoid: new Map() });
  }
  const stateOf = (name: string): string | undefined =>
    mirrors.views().find((view) => view.name === name)?.status;
  assert.notEqual(stateOf('b'), 'HEALTHY');
  const probesOfA = events.filter((event) => event.type === 'visit' && event.probe && event.mirror === 'a');
  assert.ok(probesOfA.length <= 1, `${probesOfA.length} probes of a busy mirror`);
  if (upstreams['b'] !== undefined) upstreams['b'].script = () => GOOD;
  for (let n = 0; n < 10; n += 1) await clock.advance(1000);
  assert.equal(stateOf('b'), 'TRIAL');
  await mirrors.close();
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

test('a mirror is probed a second after its gate turned, not only at its next turn', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(clock, { a: { script: UNAVAILABLE }, b: { script: GOOD } });
  mirrors.startProbes();
  const probes = (): number => upstreams['a']?.asked.length ?? 0;
  while (mirrors.views()[0]?.status === 'HEALTHY') await clock.advance(100);
  assert.equal(probes(), 3, 'three failed probes opened it');
  await clock.advance(1000);
  assert.equal(probes(), 4);
  await mirrors.close();
});

test('a waiting request takes a mirror as soon as its gate lets it', async () => {
  const clock = new VirtualClock();
  const limited: Line = { do: 'other', outcome: { ...OUTCOMES.rateLimited, retryAfterMs: 8000 } };
  const { mirrors, upstreams } = scriptedMirrors(clock, { a: { script: limited }, b: { script: HANG } });
  await run(clock, mirrors, { deadlineAtMs: 4000 });
  if (upstreams['a'] !== undefined) upstreams['a'].script = () => GOOD;
  const { end, tookMs } = await run(clock, mirrors);
  assert.deepEqual(end, { mirror: 'a' });
  assert.ok(tookMs < 10_000, `${tookMs} ms`);
});

test('a refusal waits 10 s for the others at the most, and a shut mirror is no reason to wait', async () => {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(clock, { a: { script: REFUSED }, b: { script: HANG } });
  const first = await run(clock, mirrors);
  assert.equal('code' in first.end && first.end.code, 'E_NO_MIRROR');
  assert.ok(first.tookMs <= 10_100, `${first.tookMs} ms`);

  const limited: Line = { do: 'other', outcome: { ...OUTCOMES.rateLimited, retryAfterMs: 60_000 } };
  const other = scriptedMirrors(clock, { a: { script: REFUSED }, b: { script: limited } });
  await run(clock, other.mirrors);
  const shut = await run(clock, other.mirrors);
  assert.equal('code' in shut.end && shut.end.code, 'E_REFUSED');
  assert.ok(shut.tookMs < 1000, `${shut.tookMs} ms`);
});

test('a mirror of the checksum database that is down might have the record', async () => {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(clock, { a: { script: NOT_FOUND }, b: { script: UNAVAILABLE } });
  const file: RemoteFile = {
    kind: 'sumdb-lookup',
    db: 'sum.test',
    module: 'example.com/m',
    version: 'v1.0.0',
  };
  for (let n = 0; n < 2; n += 1) {
    const { end } = await run(clock, mirrors, { file });
    assert.equal('code' in end && end.code, 'E_NO_MIRROR');
  }
});

test('a module that no mirror carries is not found, at once and for good', async () => {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(clock, { own: { script: GOOD, match: 'corp.example' } });
  const { end } = await run(clock, mirrors);
  assert.equal('code' in end && end.code, 'E_NOT_FOUND');
});
