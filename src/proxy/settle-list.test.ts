import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { scriptedProxy, type ScriptedProxy } from '../../test/support/scripted-proxy.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import type { ModuleFile } from '../gomod/module-file.ts';

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

test('a list never goes backwards: another mirror has what is missing, and the first is known to lag', async (t) => {
  const world = scriptedProxy(await tempFolder(t), { a: { script: says(NEW) }, b: { script: says(NEW) } });
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
