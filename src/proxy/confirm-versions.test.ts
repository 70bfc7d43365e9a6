import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { scriptedProxy, type ScriptedProxy } from '../../test/support/scripted-proxy.ts';
import type { Line, ScriptedUpstream } from '../../test/support/scripted-upstream.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import type { ModuleFile } from '../gomod/module-file.ts';
import type { Expectation, Verifier } from '../verify/verifier.ts';

const LIST: ModuleFile = { kind: 'list', module: 'example.com/m' };
const LATEST: ModuleFile = { kind: 'latest', module: 'example.com/m' };
const TRUE = 'v1.0.0\nv1.1.0\n';
const LIE = `${TRUE}v9.9.9\n`;
const NOT_FOUND: Line = { do: 'other', outcome: OUTCOMES.notFound };
const says = (body: string, afterMs = 40): Line => ({ do: 'answer', body, afterMs });
const KNOWN: Expectation = { kind: 'known', mod: 'h1:m', zip: 'h1:z' };
const ABSENT: Expectation = { kind: 'absent', words: 'not found' };

/** A database, and what it was asked for. */
function database(answer: (version: string) => Expectation | Promise<Expectation>): {
  verifier: Verifier;
  asked: string[];
} {
  const asked: string[] = [];
  const verifier: Verifier = {
    expect: async (_module, version) => {
      asked.push(version);
      return answer(version);
    },
    judge: () => Promise.resolve({ kind: 'right', verified: 'none' }),
    load: () => ({ waiting: 0, running: 0 }),
    close: () => Promise.resolve(),
  };
  return { verifier, asked };
}

const below2 = (version: string): Expectation => (version.startsWith('v1.') ? KNOWN : ABSENT);

/** `a` is asked first. */
function serve(
  dir: string,
  a: ScriptedUpstream['script'] | Line,
  b: ScriptedUpstream['script'] | Line | undefined,
  verifier: Verifier,
): ScriptedProxy {
  const beside = b === undefined ? {} : { b: { script: b, tier: 1 } };
  return scriptedProxy(dir, { a: { script: a }, ...beside }, { verifier });
}

const leftOut = ({ events }: ScriptedProxy): string[] =>
  events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));

test('what one mirror lists above all others is looked up, and left out where the database does not know it', async (t) => {
  const { verifier, asked } = database(below2);
  const world = serve(await tempFolder(t), says(LIE), says(TRUE), verifier);
  assert.equal((await world.ask(LIST)).said, TRUE);
  assert.deepEqual(asked, ['v9.9.9', 'v1.1.0'], 'from the highest down');
  assert.equal(world.upstreams['b']?.asked.length, 0, 'nobody else had to be asked');
  await world.clock.advance(61_000);
  assert.equal((await world.ask(LIST)).said, TRUE);
  assert.deepEqual(asked, ['v9.9.9', 'v1.1.0'], 'both are remembered');
  assert.deepEqual(leftOut(world), [
    'example.com/m@v9.9.9 is left out: a alone has it, and the checksum database does not know it',
  ]);
});

test('what was certain once costs nothing, and a new version one look-up', async (t) => {
  const { verifier, asked } = database(() => KNOWN);
  const world = serve(await tempFolder(t), says(TRUE), says(TRUE), verifier);
  for (let n = 0; n < 3; n += 1) {
    assert.equal((await world.ask(LIST)).said, TRUE);
    await world.clock.advance(61_000);
  }
  assert.deepEqual(asked, ['v1.1.0']);
  for (const upstream of Object.values(world.upstreams)) upstream.script = () => says(`${TRUE}v1.2.0\n`);
  assert.equal((await world.ask(LIST)).said, `${TRUE}v1.2.0\n`);
  assert.deepEqual(asked, ['v1.1.0', 'v1.2.0']);
});

test('a thousand versions that do not exist cost four look-ups, and then another mirror is asked', async (t) => {
  const many = Array.from({ length: 1000 }, (_, n) => `v9.0.${n}\n`).join('');
  const { verifier, asked } = database(below2);
  const world = serve(await tempFolder(t), says(TRUE + many), says(TRUE), verifier);
  assert.equal((await world.ask(LIST)).said, TRUE);
  assert.deepEqual(asked, ['v9.0.999', 'v9.0.998', 'v9.0.997', 'v9.0.996']);
  assert.equal(leftOut(world).length, 4);
});

/** What is said for LIST by mirrors that need no time: so large a body goes through real files, which no clock waits for. */
async function saidInNoTime({ proxy, clock }: ScriptedProxy): Promise<string> {
  let over = false;
  const client = { headOnly: false, fetchAllowed: true, via: undefined };
  const reply = Promise.resolve(proxy.answer(LIST, client)).finally(() => (over = true));
  do await clock.advance(0);
  while (!over);
  const got = await reply;
  return got.kind === 'bytes' ? Buffer.from(got.bytes).toString() : got.kind;
}

test('the worst list that is one costs the thread little and the database four look-ups; more is no list', async (t) => {
  // Nearly as many lines as there may be, together nearly as long, in an order that is bad for sorting.
  const lines = Array.from({ length: 19_998 }, (_, n) => `v9.0.0-${'a.'.repeat(19)}${(n * 7919) % 19_998}\n`);
  const worst = `${lines.join('')}${TRUE}`;
  const { verifier, asked } = database(below2);
  const big = (body: string): Line => ({ do: 'answer', body, chunkBytes: 64 * 1024 });
  const world = serve(await tempFolder(t), big(worst), says(TRUE, 0), verifier);
  const startMs = performance.now();
  assert.equal(await saidInNoTime(world), TRUE);
  const tookMs = Math.round(performance.now() - startMs);
  t.diagnostic(
    `figures: ${lines.length} lines of ${worst.length} bytes: ${tookMs} ms, with what the scripts cost`,
  );
  assert.equal(asked.length, 4);
  await world.proxy.idle();
  const more = serve(await tempFolder(t), says('v1.0.0\n'.repeat(20_001)), says(TRUE), verifier);
  assert.equal((await more.ask(LIST)).said, TRUE, 'the next mirror’s');
  assert.equal(more.upstreams['b']?.asked.length, 1);
});

test('nor does what go takes from a list though no database can know it', async (t) => {
  const odd = 'v1.1.0+meta\nv9.9.9+meta\nv9\nv9.9.9-pre+meta\n';
  const { verifier, asked } = database(below2);
  const world = serve(await tempFolder(t), says(TRUE + odd), says(TRUE), verifier);
  assert.equal((await world.ask(LIST)).said, TRUE);
  await world.clock.advance(61_000);
  assert.equal((await world.ask(LIST)).said, TRUE);
  assert.deepEqual(asked, ['v1.1.0']);
});

test('where the database cannot be asked, what two mirrors list counts, and what was certain before', async (t) => {
  const down: Expectation = { kind: 'unreachable', why: 'down' };
  for (const [other, expected] of [
    [says(TRUE), TRUE],
    [says(LIE), LIE],
    // Nothing is certain: whoever asks for it is told.
    [NOT_FOUND, LIE],
    [says(''), LIE],
  ] as const) {
    const world = serve(await tempFolder(t), says(LIE), other, database(() => down).verifier);
    assert.equal((await world.ask(LIST)).said, expected);
  }
  const answers = [KNOWN, down, down];
  const { verifier } = database(() => answers.shift() ?? down);
  const world = serve(await tempFolder(t), says(TRUE), NOT_FOUND, verifier);
  await world.ask(LIST);
  for (const upstream of Object.values(world.upstreams)) upstream.script = () => says(LIE);
  const [b] = [world.upstreams['b']];
  if (b !== undefined) b.script = () => NOT_FOUND;
  await world.clock.advance(61_000);
  assert.equal((await world.ask(LIST)).said, TRUE);
});

test('a database that hangs is waited for 3 s once, and not by the next', async (t) => {
  const { verifier } = database(() => new Promise<never>(() => undefined));
  const world = serve(await tempFolder(t), says(TRUE, 0), says(TRUE, 0), verifier);
  const beforeMs = world.clock.now();
  assert.equal((await world.ask(LIST)).said, TRUE);
  const first = world.clock.now() - beforeMs;
  assert.ok(first >= 3000 && first < 4000, `${first} ms`);
  assert.equal((await world.ask({ kind: 'list', module: 'example.com/other' })).said, TRUE);
  assert.ok(world.clock.now() - beforeMs - first < 1000);
});

test('no look-up for private modules, nor with one mirror', async (t) => {
  const exempt = database(() => ({ kind: 'exempt' }));
  const world = serve(await tempFolder(t), says(LIE), says(TRUE), exempt.verifier);
  assert.equal((await world.ask(LIST)).said, LIE);
  assert.equal(world.upstreams['b']?.asked.length, 0);
  const only = database(below2);
  const alone = serve(await tempFolder(t), says(LIE), undefined, only.verifier);
  assert.equal((await alone.ask(LIST)).said, LIE);
  assert.deepEqual(only.asked, []);
});

test('a module that the database does not know at all keeps its list: the error of its files has the hint', async (t) => {
  const world = serve(await tempFolder(t), says(TRUE), NOT_FOUND, database(() => ABSENT).verifier);
  assert.equal((await world.ask(LIST)).said, TRUE);
});

test('@latest that the database does not know is what the list says; else it is the mirror’s', async (t) => {
  const script =
    (latest: string, list: string): ScriptedUpstream['script'] =>
    ({ path }) => {
      if (path.endsWith('/@latest')) return says(`{"Version":"${latest}"}`);
      if (path.endsWith('/list')) return says(list);
      return says(`{"Version":"${/v[\d.]+\d/.exec(path)?.[0]}"}`);
    };
  const { verifier, asked } = database(below2);
  const world = serve(await tempFolder(t), script('v9.9.9', LIE), script('v1.1.0', TRUE), verifier);
  assert.equal((await world.ask(LATEST)).said, '{"Version":"v1.1.0"}');
  assert.equal((await world.ask(LATEST)).cache, 'hit');
  assert.deepEqual(asked, ['v9.9.9', 'v1.1.0']);
  const honest = database(below2);
  const good = serve(await tempFolder(t), script('v1.1.0', TRUE), NOT_FOUND, honest.verifier);
  assert.equal((await good.ask(LATEST)).said, '{"Version":"v1.1.0"}');
  assert.deepEqual(honest.asked, ['v1.1.0']);
  const unknown = serve(
    await tempFolder(t),
    script('v9.9.9', ''),
    NOT_FOUND,
    database(() => ABSENT).verifier,
  );
  assert.equal((await unknown.ask(LATEST)).said, '{"Version":"v9.9.9"}', 'nobody knows better');
});

const COMMIT = 'v0.0.0-20240102030405-0123456789ab';
const INVENTED = 'v0.0.0-20990102030405-0123456789ab';

/** A mirror with this `@latest` and this list. */
const mirrorOf =
  (latest: string, list: string): ScriptedUpstream['script'] =>
  ({ path }) => {
    if (path.endsWith('/@latest')) return says(`{"Version":"${latest}"}`);
    if (path.endsWith('/list')) return says(list);
    return says(`{"Version":"${/v\d[\w.-]+(?=\.info)/.exec(path)?.[0]}"}`);
  };

test('where nothing is listed, an invented @latest is replaced by another mirror’s that the database knows', async (t) => {
  const knows = (version: string): Expectation => (version === COMMIT ? KNOWN : ABSENT);
  for (const [liar, other, expected] of [
    [INVENTED, mirrorOf(COMMIT, ''), COMMIT],
    // No database can know it.
    ['master', mirrorOf(COMMIT, ''), COMMIT],
    ['v0.0.1+meta', mirrorOf(COMMIT, ''), COMMIT],
    // Nobody knows better: whoever asks for it is told.
    [INVENTED, mirrorOf('v0.0.0-20980102030405-0123456789ab', ''), INVENTED],
    [INVENTED, mirrorOf('master', ''), INVENTED],
    [INVENTED, NOT_FOUND, INVENTED],
    [INVENTED, says('<html>'), INVENTED],
    [INVENTED, says(''), INVENTED],
  ] as const) {
    const world = serve(await tempFolder(t), mirrorOf(liar, ''), other, database(knows).verifier);
    assert.equal((await world.ask(LATEST)).said, `{"Version":"${expected}"}`, `${liar} and ${expected}`);
    assert.equal(leftOut(world).length, expected === liar ? 0 : 1);
  }
});

test('where the database cannot be asked, an @latest of a module without tags is the mirror’s', async (t) => {
  const { verifier } = database(() => ({ kind: 'unreachable', why: 'down' }));
  const world = serve(await tempFolder(t), mirrorOf(COMMIT, ''), mirrorOf(INVENTED, ''), verifier);
  assert.equal((await world.ask(LATEST)).said, `{"Version":"${COMMIT}"}`);
});

test('an @latest below what is certain gives way to what the list says', async (t) => {
  const knows = (version: string): Expectation => (version.startsWith('v1.') ? KNOWN : ABSENT);
  for (const [latest, list, expected] of [
    ['v1.0.0', TRUE, 'v1.1.0'],
    [COMMIT, TRUE, 'v1.1.0'],
    ['v1.1.0', TRUE, 'v1.1.0'],
    // A pre-release is no latest.
    ['v1.1.0', `${TRUE}v1.2.0-rc.1\n`, 'v1.1.0'],
  ] as const) {
    const world = serve(await tempFolder(t), mirrorOf(latest, list), NOT_FOUND, database(knows).verifier);
    assert.equal((await world.ask(LIST)).said, list);
    assert.equal((await world.ask(LATEST)).said, `{"Version":"${expected}"}`, `${latest} of ${list}`);
    assert.deepEqual(leftOut(world), [], 'nobody made anything up');
  }
});
