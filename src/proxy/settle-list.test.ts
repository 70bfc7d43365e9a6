import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { scriptedProxy, type ScriptedProxy } from '../../test/support/scripted-proxy.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import type { ModuleFile } from '../gomod/module-file.ts';
import type { Verifier } from '../verify/verifier.ts';

const LIST: ModuleFile = { kind: 'list', module: 'example.com/m' };
const OLD = 'v1.0.0\nv1.1.0\n';
const NEW = `${OLD}v1.2.0\n`;
const NOT_FOUND: Line = { do: 'other', outcome: OUTCOMES.notFound };
const says = (body: string): Line => ({ do: 'answer', body, afterMs: 40 });

function set(world: ScriptedProxy, name: string, line: Line): void {
  const upstream = world.upstreams[name];
  if (upstream !== undefined) upstream.script = () => line;
}

/** Asks for the list once it is no longer fresh. */
async function later(world: ScriptedProxy): Promise<string> {
  await world.clock.advance(61_000);
  return (await world.ask(LIST)).said;
}

/** Everything that `a` and `b` were asked for. */
function asked(world: ScriptedProxy): number {
  return Object.values(world.upstreams).reduce((sum, each) => sum + each.asked.length, 0);
}

test('an empty list gets a second opinion, and is believed where another is empty too, has nothing or is down', async (t) => {
  for (const [other, expected] of [
    [says(OLD), OLD],
    [says(''), ''],
    [NOT_FOUND, ''],
    [{ do: 'other', outcome: OUTCOMES.unavailable }, ''],
    [{ do: 'hang' }, ''],
    [says('<html>'), ''],
  ] as const) {
    const world = scriptedProxy(await tempFolder(t), { a: { script: says('') }, b: { script: other } });
    assert.equal((await world.ask(LIST)).said, expected);
    assert.deepEqual(
      [world.upstreams['a']?.asked.length, world.views()[0]?.status],
      [1, 'HEALTHY'],
      'an empty list is no failure',
    );
  }
  const alone = scriptedProxy(await tempFolder(t), { a: { script: says('') } });
  assert.equal((await alone.ask(LIST)).said, '');
});

/** Knows what is in the true lists. */
const DATABASE: Verifier = {
  expect: (_module, version) =>
    Promise.resolve(
      /^v1\.[0-5]\.0$/.test(version)
        ? { kind: 'known', mod: 'h1:m', zip: 'h1:z' }
        : { kind: 'absent', words: 'not found' },
    ),
  judge: () => Promise.resolve({ kind: 'right', verified: 'none' }),
  load: () => ({ waiting: 0, running: 0 }),
  close: () => Promise.resolve(),
};

const lagsOf = (world: ScriptedProxy): (number | undefined)[] => world.views().map((view) => view.syncLagMs);

test('a list never goes backwards: another mirror has what is missing, and the first is known to lag', async (t) => {
  const world = scriptedProxy(
    await tempFolder(t),
    { a: { script: says(NEW) }, b: { script: says(NEW) } },
    { verifier: DATABASE },
  );
  assert.equal((await world.ask(LIST)).said, NEW);
  // Its turn is next: the pin of the first is over.
  set(world, 'b', says(OLD));
  assert.equal(await later(world), NEW);
  const lag = world.views().find(({ name }) => name === 'b')?.syncLagMs ?? 0;
  assert.ok(lag >= 60_000 && lag < 70_000, String(lag));
  assert.deepEqual(
    world.views().map(({ score }) => score),
    [1, 1],
    'to lag is no failure',
  );
});

test('a second opinion takes nothing away, and what a liar made up makes nobody lag', async (t) => {
  const junk = 'v1.1.999\n';
  const world = scriptedProxy(
    await tempFolder(t),
    { a: { script: says(NEW) }, liar: { script: says(`${NEW}${junk}`), tier: 1 } },
    { verifier: DATABASE },
  );
  assert.equal((await world.ask(LIST)).said, NEW);
  set(world, 'a', { do: 'other', outcome: OUTCOMES.unavailable });
  assert.equal(await later(world), `${NEW}${junk}`, 'below what is certain nothing is looked up');
  for (const news of ['v1.3.0\n', 'v1.3.0\nv1.4.0\n']) {
    set(world, 'a', says(`${NEW}${news}`));
    await world.clock.advance(60_000);
    assert.equal(await later(world), `${NEW}${news}${junk}`);
  }
  assert.ok((world.upstreams['liar']?.asked.length ?? 0) >= 3, 'it was asked for its opinion');
  assert.deepEqual(lagsOf(world), [undefined, undefined]);
});

test('given and second together never lack a line of the given one, nor a known one that the second has', async (t) => {
  const some = fc.uniqueArray(fc.nat(5), { minLength: 1 }).map((all) => all.map((minor) => `v1.${minor}.0`));
  const dir = await tempFolder(t);
  await fc.assert(
    fc.asyncProperty(some, some, some, async (known, given, second) => {
      const text = (versions: readonly string[]): string => versions.map((each) => `${each}\n`).join('');
      const world = scriptedProxy(
        dir,
        { a: { script: says(text(known)) }, b: { script: says(text(second)), tier: 1 } },
        { verifier: DATABASE, settings: { listHoldMs: 0 } },
      );
      await world.ask(LIST);
      set(world, 'a', says(text(given)));
      const got = new Set((await later(world)).trim().split('\n'));
      const restored = known.filter((version) => second.includes(version));
      assert.deepEqual([...got].toSorted(), [...new Set([...given, ...restored])].toSorted());
    }),
    { numRuns: 50 },
  );
});

test('what no mirror has any more is kept for 10 min, and then gone; what comes back begins anew', async (t) => {
  const world = scriptedProxy(await tempFolder(t), { a: { script: says(NEW) }, b: { script: says(NEW) } });
  await world.ask(LIST);
  for (const name of ['a', 'b']) set(world, name, says(OLD));
  for (let minute = 0; minute < 9; minute += 1)
    assert.equal(await later(world), NEW, `after ${minute} minutes`);
  await world.clock.advance(120_000);
  assert.equal(await later(world), OLD);
  const before = asked(world);
  assert.equal(await later(world), OLD);
  assert.equal(asked(world), before + 1, 'and nobody is asked twice any more');
  for (const name of ['a', 'b']) set(world, name, says(NEW));
  assert.equal(await later(world), NEW);
  for (const name of ['a', 'b']) set(world, name, says(OLD));
  assert.equal(await later(world), NEW);
});

test('clients that share the flight get the same, also after a restart; a list that grows costs one request', async (t) => {
  const dir = await tempFolder(t);
  const world = scriptedProxy(dir, { a: { script: says(NEW) }, b: { script: says(NEW) } });
  await world.ask(LIST);
  for (const name of ['a', 'b']) set(world, name, says(OLD));
  await world.clock.advance(61_000);
  const both = await Promise.all([world.ask(LIST), world.ask(LIST)]);
  assert.deepEqual(
    both.map(({ said }) => said),
    [NEW, NEW],
  );
  const script = says(OLD);
  const after = scriptedProxy(dir, { a: { script }, b: { script } }, { before: world });
  assert.equal(await later(after), NEW);
  for (const name of ['a', 'b']) set(after, name, says(`${NEW}v1.3.0\n`));
  const before = asked(after);
  assert.equal(await later(after), `${NEW}v1.3.0\n`);
  assert.equal(asked(after), before + 1);
});
