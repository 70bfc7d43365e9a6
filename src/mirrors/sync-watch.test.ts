import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scriptedMirrors } from '../../test/support/scripted-mirrors.ts';
import { GOOD, runQuestion } from '../../test/support/scripted-question.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Mirrors } from './mirrors.ts';

const SYNC = { canary: 'example.com/busy', intervalMs: 300_000, behindMs: 300_000 };
const CANARY = '/example.com/busy/@v/list';

/** A mirror that has these versions of the canary, and says when it synchronised if it does. */
function mirror(versions: () => string[], syncedAtS?: () => number): (request: { path: string }) => Line {
  return ({ path }) => {
    if (path === CANARY) return { do: 'answer', body: `${versions().join('\n')}\n` };
    if (path !== '/.well-known/go-proxy-sync') return GOOD;
    if (syncedAtS === undefined) return { do: 'hang' };
    return { do: 'answer', body: JSON.stringify({ last_synced_at: syncedAtS() }) };
  };
}

function lags(mirrors: Mirrors): (number | undefined)[] {
  return mirrors
    .views()
    .map(({ syncLagMs }) => (syncLagMs === undefined ? undefined : Math.round(syncLagMs / 1000)));
}

async function sharesOfLists(clock: VirtualClock, mirrors: Mirrors): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let n = 0; n < 44; n += 1) {
    const { end } = await runQuestion(clock, mirrors, {
      file: { kind: 'list', module: `example.com/m${n}` },
    });
    const name = 'mirror' in end ? end.mirror : end.code;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

test('one list of a busy module, asked of every mirror every 5 min, shows who lags; lists then prefer the fresher', async () => {
  const clock = new VirtualClock();
  const fresh = ['v1.0.0'];
  const { mirrors, upstreams } = scriptedMirrors(
    clock,
    {
      a: { script: mirror(() => fresh) },
      b: { script: mirror(() => ['v1.0.0']) },
      own: { script: mirror(() => ['v9.0.0']), match: 'corp.example' },
    },
    { sync: SYNC },
    undefined,
    undefined,
    () => Promise.resolve(true),
  );
  mirrors.startProbes();
  await clock.advance(160_000);
  assert.deepEqual(lags(mirrors), [0, 0, undefined]);
  fresh.push('v1.1.0');
  await clock.advance(1_000_000);
  const [a, b] = lags(mirrors);
  assert.ok(a === 0 && b !== undefined && b > 600 && b < 1000, `${a} ${b}`);
  assert.deepEqual(await sharesOfLists(clock, mirrors), { a: 40, b: 4 });
  const asked = upstreams['a']?.asked.filter(({ path }) => path === CANARY).length ?? 0;
  assert.ok(asked >= 3 && asked <= 5, `${asked} times in 20 minutes`);
  assert.ok(
    upstreams['own']?.asked.every(({ path }) => path === '/probe'),
    'it is not for everything',
  );
  await mirrors.close();
});

test('a version that a liar makes up for the canary is looked up, and gets it no more lists than others', async () => {
  const clock = new VirtualClock();
  const asked: string[] = [];
  const exists = (module: string, version: string): Promise<boolean> => {
    asked.push(`${module}@${version}`);
    return Promise.resolve(version === 'v1.0.0');
  };
  const honest = mirror(() => ['v1.0.0']);
  const liar = mirror(() => ['v1.0.0', 'v1.99999.0']);
  const { mirrors } = scriptedMirrors(
    clock,
    { a: { script: honest }, b: { script: honest }, liar: { script: liar } },
    { sync: SYNC },
    undefined,
    undefined,
    exists,
  );
  mirrors.startProbes();
  await clock.advance(2_000_000);
  assert.deepEqual(lags(mirrors), [0, 0, 0]);
  const shares = await sharesOfLists(clock, mirrors);
  assert.ok(
    Object.values(shares).every((share) => share >= 14 && share <= 15),
    JSON.stringify(shares),
  );
  assert.ok(asked.includes('example.com/busy@v1.99999.0'));
  assert.ok(asked.length <= 2 * 7, `${asked.length} look-ups in seven rounds`);
  await mirrors.close();
});

test('where nobody can say what exists, what two mirrors list counts', async () => {
  const clock = new VirtualClock();
  const fresh = ['v1.0.0'];
  const { mirrors } = scriptedMirrors(
    clock,
    {
      a: { script: mirror(() => fresh) },
      b: { script: mirror(() => fresh) },
      c: { script: mirror(() => ['v1.0.0']) },
    },
    { sync: SYNC },
  );
  mirrors.startProbes();
  await clock.advance(160_000);
  fresh.push('v1.1.0');
  await clock.advance(1_000_000);
  const [a, b, c = 0] = lags(mirrors);
  assert.ok(a === 0 && b === 0 && c > 600 && c < 1000, `${a} ${b} ${c}`);
  await mirrors.close();
});

test('what a mirror says of itself counts, and a list that went backwards for 10 min', async () => {
  const clock = new VirtualClock();
  const synced = (): number => clock.wallMs() / 1000 - 500;
  const { mirrors } = scriptedMirrors(
    clock,
    { a: { script: mirror(() => ['v1.0.0']) }, b: { script: mirror(() => ['v1.0.0'], synced) } },
    { sync: SYNC },
  );
  mirrors.startProbes();
  await clock.advance(170_000);
  const [a, b = 0] = lags(mirrors);
  assert.ok(a === 0 && b >= 500 && b < 700, `${a} ${b}`);
  mirrors.tellBehind('a', 900_000);
  mirrors.tellBehind('nobody', 900_000);
  assert.equal(lags(mirrors)[0], 900);
  await clock.advance(601_000);
  assert.equal(lags(mirrors)[0], 0);
  await mirrors.close();
});

test('nobody is asked where there is nobody to compare, it is switched off, or the canary is private', async () => {
  for (const [settings, names] of [
    [{ sync: SYNC }, ['a']],
    [{ sync: { ...SYNC, intervalMs: 0 } }, ['a', 'b']],
    [{ sync: SYNC, privatePatterns: 'example.com' }, ['a', 'b']],
  ] as const) {
    const clock = new VirtualClock();
    const script = mirror(() => ['v1.0.0']);
    const table = Object.fromEntries(names.map((name) => [name, { script }]));
    const { mirrors, upstreams } = scriptedMirrors(clock, table, settings);
    mirrors.startProbes();
    await clock.advance(700_000);
    assert.ok(upstreams['a']?.asked.every(({ path }) => path === '/probe'));
    await mirrors.close();
  }
});

test('for what never changes, and for pins of it, lag does not count', async () => {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(clock, { a: { script: GOOD }, b: { script: GOOD } });
  mirrors.tellBehind('a', 900_000);
  const counts: Record<string, number> = {};
  for (let n = 0; n < 20; n += 1) {
    const file = { kind: 'mod', module: `example.com/m${n}`, version: 'v1.0.0' } as const;
    const { end } = await runQuestion(clock, mirrors, { file });
    if ('mirror' in end) counts[end.mirror] = (counts[end.mirror] ?? 0) + 1;
  }
  assert.deepEqual(counts, { a: 10, b: 10 }, 'b is not known to be fresher, and it does not matter');
});

test('another canary, pace or private path counts from then on; what is known stays where they are the same', async () => {
  const clock = new VirtualClock();
  const script = mirror(() => ['v1.0.0']);
  const both = { a: { script }, b: { script } };
  const { mirrors, upstreams, replace } = scriptedMirrors(clock, both, { sync: SYNC });
  const asked = (module: string): number =>
    upstreams['a']?.asked.filter(({ path }) => path === `/example.com/${module}/@v/list`).length ?? 0;
  mirrors.startProbes();
  await clock.advance(160_000);
  replace({ ...both, c: { script } });
  assert.deepEqual(lags(mirrors), [0, 0, undefined]);
  replace(both, { sync: { ...SYNC, canary: 'example.com/other' } });
  assert.deepEqual(lags(mirrors), [undefined, undefined]);
  await clock.advance(160_000);
  assert.deepEqual([asked('busy'), asked('other')], [1, 1]);
  replace(both, { sync: SYNC, privatePatterns: 'example.com' });
  await clock.advance(1_000_000);
  assert.deepEqual([asked('busy'), asked('other')], [1, 1], 'nobody is asked for what is private now');
  replace(both, { sync: { ...SYNC, intervalMs: 10_000 } });
  await clock.advance(30_000);
  assert.ok(asked('busy') >= 3, String(asked('busy')));
  await mirrors.close();
  assert.equal(clock.pending, 0);
});

test('a drained mirror is not asked for the list either', async () => {
  const clock = new VirtualClock();
  const script = mirror(() => ['v1.0.0']);
  const { mirrors, upstreams } = scriptedMirrors(
    clock,
    { a: { script }, b: { script }, c: { script } },
    { sync: SYNC },
  );
  mirrors.startProbes();
  mirrors.order('a', { drainForMs: 900_000 });
  const asked = (): (number | undefined)[] =>
    ['a', 'b', 'c'].map((name) => upstreams[name]?.asked.filter(({ path }) => path === CANARY).length);
  await clock.advance(890_000);
  assert.deepEqual(asked(), [0, 3, 3]);
  await clock.advance(600_000);
  assert.ok((asked()[0] ?? 0) > 0);
  await mirrors.close();
});
