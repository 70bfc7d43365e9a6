import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MIRRORS_DEFAULTS, NO_HEDGE, scriptedMirrors } from '../../test/support/scripted-mirrors.ts';
import { GOOD, HANG, NOT_FOUND, runQuestion, UNAVAILABLE } from '../../test/support/scripted-question.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { Mirrors } from './mirrors.ts';

const MOD = { kind: 'mod', version: 'v1.0.0' } as const;

/** Who answers so many questions of different modules. */
async function shares(
  clock: VirtualClock,
  mirrors: Mirrors,
  count: number,
  prefix = 'example.com',
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let n = 0; n < count; n += 1) {
    const { end } = await runQuestion(clock, mirrors, { file: { ...MOD, module: `${prefix}/${n}` } });
    const name = 'mirror' in end ? end.mirror : end.code;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** A question that is under way, and how it ended if it has. */
function begin(mirrors: Mirrors, module = 'example.com/m'): { end: string } {
  const asked = { end: '' };
  mirrors
    .ask({ file: { kind: 'list', module }, method: 'GET', maxBodyBytes: 100 }, new AbortController().signal)
    .then(
      (found) => {
        found.settle({ kind: 'complete', bytes: 4 });
        asked.end = found.mirror;
      },
      (error: unknown) => (asked.end = error instanceof RondoError ? error.code : String(error)),
    );
  return asked;
}

test('weights, tiers and who may see a path count from the next question on', async () => {
  const clock = new VirtualClock();
  const { mirrors, replace } = scriptedMirrors(clock, { a: { script: GOOD }, b: { script: GOOD } }, NO_HEDGE);
  assert.deepEqual(await shares(clock, mirrors, 20), { a: 10, b: 10 });
  replace({ a: { script: GOOD, weight: 30 }, b: { script: GOOD } });
  assert.deepEqual(await shares(clock, mirrors, 40, 'example.org'), { a: 30, b: 10 });
  replace({ a: { script: GOOD, tier: 1 }, b: { script: GOOD } });
  assert.deepEqual(await shares(clock, mirrors, 5, 'example.net'), { b: 5 });
  const own = { a: { script: GOOD, match: 'corp.example' }, b: { script: GOOD } };
  replace(own, { privatePatterns: 'corp.example' });
  assert.deepEqual(await shares(clock, mirrors, 5, 'corp.example'), { a: 5 });
  replace({ b: { script: GOOD } }, { privatePatterns: 'corp.example' });
  assert.deepEqual(await shares(clock, mirrors, 2, 'corp.example/x'), { E_PRIVATE: 2 });
  await mirrors.close();
  assert.equal(clock.pending, 0);
});

test('a mirror whose URL stays is the same one, under another name too: health, speed, orders, connections', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams, events, replace } = scriptedMirrors(
    clock,
    { a: { script: UNAVAILABLE }, b: { script: { do: 'answer', afterMs: 70 } } },
    NO_HEDGE,
  );
  for (let n = 0; mirrors.views()[0]?.status === 'HEALTHY'; n += 1)
    await shares(clock, mirrors, 1, `example.com/${n}`);
  mirrors.order('b', { weight: 40 });
  const before = mirrors.views();
  assert.deepEqual([before[0]?.status, before[1]?.firstByte?.p50Ms], ['UNHEALTHY', 70]);
  const [a, b] = [upstreams['a'], upstreams['b']];
  const told = events.length;
  replace({
    b: { script: GOOD, weight: 20 },
    new: { script: GOOD },
    other: { script: GOOD, host: 'a.test' },
  });
  const [second, added, first] = mirrors.views();
  assert.deepEqual(
    [first?.name, first?.status, first?.forMs, first?.slots],
    ['other', before[0]?.status, before[0]?.forMs, before[0]?.slots],
  );
  assert.deepEqual(second, {
    ...before[1],
    configuredWeight: 20,
    speed: second?.speed,
    weight: second?.weight,
  });
  assert.equal(second?.baseWeight, 40, 'what somebody ordered stays');
  assert.deepEqual(
    [added?.status, added?.eligible, added?.score, added?.firstByte],
    ['HEALTHY', true, 1, undefined],
  );
  assert.deepEqual([upstreams['b'] === b, a?.closed, b?.closed], [true, false, false]);
  assert.equal(events.length, told, 'no state has changed');
  await mirrors.close();
  assert.equal(a?.closed, true);
});

test('pins and budgets stay; a pin to a mirror that is gone counts for nothing', async () => {
  const clock = new VirtualClock();
  const { mirrors, replace } = scriptedMirrors(clock, { a: { script: GOOD }, b: { script: GOOD } });
  const ask = async (): Promise<string> => {
    const { end } = await runQuestion(clock, mirrors, { file: { ...MOD, module: 'example.com/pinned' } });
    return 'mirror' in end ? end.mirror : end.code;
  };
  const first = await ask();
  for (let n = 0; n < 4; n += 1) {
    replace({ a: { script: GOOD, weight: 10 + n }, b: { script: GOOD } });
    assert.equal(await ask(), first);
  }
  const left = mirrors.load().hedgeTokens;
  replace({ [first === 'a' ? 'b' : 'a']: { script: GOOD } });
  assert.notEqual(await ask(), first);
  assert.equal(mirrors.load().hedgeTokens, Math.min(10, left + 0.05));
  await mirrors.close();
});

test('a question keeps what it began with, though the mirror is gone, and the next one does not', async () => {
  const clock = new VirtualClock();
  const slow: Line = { do: 'answer', afterMs: 2000 };
  const { mirrors, upstreams, replace } = scriptedMirrors(clock, { a: { script: slow } }, NO_HEDGE);
  const asked = begin(mirrors);
  await clock.advance(500);
  const old = upstreams['a'];
  replace({ b: { script: GOOD } }, { ...NO_HEDGE, softHeaderMs: 100, deadlineMs: 600 });
  assert.equal(old?.closed, true, 'its connections close as soon as nothing runs on them (upstream/)');
  const next = begin(mirrors, 'example.com/next');
  await clock.advance(50);
  assert.equal(next.end, 'b');
  await clock.advance(1500);
  assert.deepEqual([asked.end, old?.asked.length], ['a', 1]);
  assert.deepEqual(
    mirrors.views().map(({ name }) => name),
    ['b'],
  );
  await mirrors.close();
  assert.equal(clock.pending, 0);
});

test('a question whose only mirror is gone may ask it again', async () => {
  const clock = new VirtualClock();
  const script = (_: unknown, nth: number): Line => (nth < 3 ? UNAVAILABLE : GOOD);
  const { mirrors, upstreams, replace } = scriptedMirrors(clock, { a: { script } }, NO_HEDGE);
  const asked = begin(mirrors);
  await clock.advance(0);
  replace({ b: { script: GOOD } });
  await clock.advance(1000);
  assert.deepEqual([asked.end, upstreams['a']?.asked.length], ['a', 3]);
  await mirrors.close();
});

test('who waits in line for a mirror that is gone is served by it; more slots are used at once', async () => {
  const clock = new VirtualClock();
  const one = { ...NO_HEDGE, slots: { min: 1, max: 1 } };
  const { mirrors, replace } = scriptedMirrors(clock, { a: { script: GOOD } }, one);
  const old = [0, 1, 2].map((n) => begin(mirrors, `example.com/${n}`));
  await clock.advance(0);
  assert.equal(mirrors.load().queued, 2);
  replace({ b: { script: GOOD } }, one);
  const young = [3, 4, 5].map((n) => begin(mirrors, `example.com/${n}`));
  await clock.advance(0);
  assert.deepEqual([mirrors.load().queued, mirrors.views()[0]?.waiting], [4, 1]);
  replace({ b: { script: GOOD } }, { ...one, slots: { min: 1, max: 8 } });
  await clock.advance(0);
  assert.deepEqual([mirrors.load().queued, mirrors.views()[0]?.waiting], [2, 3]);
  await clock.advance(40);
  assert.deepEqual(
    young.map(({ end }) => end),
    ['b', 'b', 'b'],
  );
  await clock.advance(80);
  assert.deepEqual(
    old.map(({ end }) => end),
    ['a', 'a', 'a'],
  );
  replace({ b: { script: HANG } }, { ...one, slots: { min: 1, max: 1 }, queueLimit: 0 }, true);
  const [hanging, refused] = [begin(mirrors), begin(mirrors, 'example.com/late')];
  await clock.advance(0);
  assert.deepEqual([hanging.end, refused.end], ['', 'E_BUSY']);
  await mirrors.close();
});

test('connections are made anew where their settings or the credentials are others, and only there', async () => {
  const clock = new VirtualClock();
  const mirror = { script: GOOD, authorization: 'Basic a' };
  const { mirrors, upstreams, replace } = scriptedMirrors(clock, { a: mirror, b: { script: GOOD } });
  const first = { ...upstreams };
  replace({ a: { ...mirror, authorization: 'Basic b' }, b: { script: GOOD, weight: 5 } });
  assert.deepEqual([first['a']?.closed, upstreams['a'] === first['a']], [true, false]);
  assert.deepEqual([first['b']?.closed, upstreams['b'] === first['b']], [false, true]);
  const second = { ...upstreams };
  replace({ a: { ...mirror, authorization: 'Basic b' }, b: { script: GOOD } }, {}, true);
  assert.deepEqual([second['a']?.closed, second['b']?.closed], [true, true]);
  assert.deepEqual(Object.keys(await shares(clock, mirrors, 4)), ['a', 'b']);
  await mirrors.close();
});

test('a mirror that cannot be asked changes nothing', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(clock, { a: { script: GOOD } });
  const spec = { weight: 1, tier: 0, match: '*', probePath: '/' };
  const refuse = (): never => {
    throw new RondoError('E_BAD_MIRROR_URL', 'no local folder');
  };
  assert.throws(
    () =>
      mirrors.replace({
        specs: [{ ...spec, endpoint: { name: 'x', url: new URL('file://x/y') } }],
        settings: MIRRORS_DEFAULTS,
        openUpstream: refuse,
        reconnect: true,
      }),
    /no local folder/,
  );
  assert.deepEqual([mirrors.views()[0]?.name, upstreams['a']?.closed], ['a', false]);
  await mirrors.close();
});

test('probes: a new mirror soon, one that is gone no more, all at the new pace and path', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams, replace } = scriptedMirrors(clock, { a: { script: GOOD } });
  mirrors.startProbes();
  await clock.advance(6000);
  const old = upstreams['a'];
  const probes = old?.asked.length ?? 0;
  assert.ok(probes >= 1);
  replace({ b: { script: GOOD } }, { probe: { intervalMs: 600_000, jitter: 0, timeoutMs: 3000 } });
  await clock.advance(300_000);
  assert.deepEqual([old?.asked.length, upstreams['b']?.asked.length], [probes, 1]);
  replace(
    { b: { script: GOOD, probePath: '/health' } },
    { probe: { intervalMs: 1000, jitter: 0, timeoutMs: 3000 } },
  );
  await clock.advance(5000);
  const paths = upstreams['b']?.asked.map(({ path }) => path) ?? [];
  assert.ok(paths.length >= 5, String(paths.length));
  assert.deepEqual([paths[0], new Set(paths.slice(1))], ['/probe', new Set(['/health'])]);
  await mirrors.close();
  assert.equal(clock.pending, 0);
});

test('a drained mirror that is gone leaves no timer, and is back as if it were new', async () => {
  const clock = new VirtualClock();
  const { mirrors, replace } = scriptedMirrors(clock, { a: { script: GOOD }, b: { script: GOOD } });
  mirrors.order('a', { drainForMs: 3_600_000 });
  assert.equal(clock.pending, 1);
  replace({ b: { script: GOOD } });
  assert.equal(clock.pending, 0);
  replace({ a: { script: GOOD }, b: { script: GOOD } });
  assert.equal(mirrors.views()[0]?.status, 'HEALTHY');
  await mirrors.close();
});

test('a mirror of the name of another one that is gone inherits nothing from it', async () => {
  const clock = new VirtualClock();
  const { mirrors, replace } = scriptedMirrors(
    clock,
    { a: { script: NOT_FOUND }, b: { script: GOOD } },
    NO_HEDGE,
  );
  mirrors.tellBehind('a', 900_000);
  assert.equal(mirrors.views()[0]?.syncLagMs, 900_000);
  await shares(clock, mirrors, 3);
  replace({ a: { script: GOOD, host: 'elsewhere.test' }, b: { script: GOOD } });
  const [a] = mirrors.views();
  assert.deepEqual([a?.syncLagMs, a?.firstByte, a?.url], [undefined, undefined, 'http://elsewhere.test/']);
  await mirrors.close();
});
