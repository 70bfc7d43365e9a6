import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { scriptedUpstream, type Line } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { createDatabaseItself, type DatabaseAnswer } from './database-itself.ts';

const NEVER = new AbortController().signal;

function database(line: Line) {
  const clock = new VirtualClock();
  const upstream = scriptedUpstream(clock, () => line);
  const endpoint = { name: 'sum.rondo.test itself', url: new URL('http://sum.rondo.test') };
  const itself = createDatabaseItself(endpoint, () => upstream, clock);
  const ask = async (signal: AbortSignal = NEVER, path = '/latest', forMs = 0): Promise<DatabaseAnswer> => {
    const asking = itself.ask(path, 100, signal);
    await clock.advance(forMs);
    return asking;
  };
  return { clock, upstream, itself, ask };
}

test('what it says, and that it has no such thing', async () => {
  const found = await database({ do: 'answer', body: 'note' }).ask();
  assert.deepEqual(found, { kind: 'found', bytes: Buffer.from('note') });
  const gone = database({ do: 'other', outcome: OUTCOMES.notFound, words: 'not found: no' });
  assert.deepEqual(await gone.ask(), { kind: 'absent', words: 'not found: no' });
  await gone.ask();
  assert.equal(gone.upstream.asked.length, 2, 'a 404 is an answer');
});

test('a failure is remembered for a minute: it costs the next ones nothing', async () => {
  for (const line of [
    { do: 'other', outcome: OUTCOMES.unavailable },
    { do: 'answer', body: 'note', breaksAfter: 2 },
  ] as const) {
    const { ask, clock, upstream } = database(line);
    const [first, second] = [await ask(), await ask()];
    assert.equal(first.kind, 'failed');
    assert.deepEqual(second, first);
    assert.equal(upstream.asked.length, 1);
    await clock.advance(60_000);
    upstream.script = () => ({ do: 'answer', body: 'note' });
    assert.equal((await ask()).kind, 'found');
  }
});

const SLOW = '/lookup/slow.example/m@v1.0.0';
const OTHER = '/lookup/example.com/m@v1.0.0';
const TILE = '/tile/8/0/999';

test('what it says, or does not say, to one lookup is no word about the next', async () => {
  for (const line of [
    { do: 'hang' },
    { do: 'other', outcome: OUTCOMES.unavailable },
    { do: 'other', outcome: { class: 'neutral', cause: 'refused', status: 403, detail: '403' } },
    { do: 'other', outcome: { class: 'http', cause: 'server-error', status: 400, detail: '400' } },
    { do: 'other', outcome: { class: 'http', cause: 'header-timeout', detail: 'no answer within 10 s' } },
    { do: 'answer', body: 'record', breaksAfter: 2 },
  ] as const) {
    const { ask, upstream } = database(line);
    assert.equal((await ask(NEVER, SLOW, 10_000)).kind, 'failed');
    upstream.script = () => ({ do: 'answer', body: 'record' });
    assert.equal((await ask(NEVER, OTHER)).kind, 'found', JSON.stringify(line));
  }
});

test('nor is a status about one tile, which a client may have made up; a tile that does not come is', async () => {
  for (const [line, asked] of [
    [{ do: 'other', outcome: OUTCOMES.unavailable }, 2],
    [{ do: 'hang' }, 1],
    [{ do: 'answer', body: 'tile', breaksAfter: 2 }, 1],
  ] as const) {
    const { ask, upstream } = database(line);
    assert.equal((await ask(NEVER, TILE, 10_000)).kind, 'failed');
    await ask(NEVER, OTHER, 10_000);
    assert.equal(upstream.asked.length, asked, JSON.stringify(line));
  }
});

test('that nobody is there, or that there are too many questions, is one about all', async () => {
  for (const outcome of [
    { class: 'http', cause: 'dns', detail: 'no such host' },
    { class: 'http', cause: 'connect-timeout', detail: 'no connection in time' },
    { class: 'http', cause: 'certificate', detail: 'certificate is for another name' },
    { class: 'local', cause: 'network-down', detail: 'no route' },
    OUTCOMES.reset,
    OUTCOMES.rateLimited,
  ] as const) {
    const { ask, upstream } = database({ do: 'other', outcome });
    await ask(NEVER, SLOW);
    await ask(NEVER, OTHER);
    assert.equal(upstream.asked.length, 1, outcome.cause);
  }
});

test('so is a lie', async () => {
  const { ask, itself, upstream } = database({ do: 'answer', body: 'lie' });
  itself.distrust('it is not true');
  assert.deepEqual(await ask(), { kind: 'failed', why: 'it is not true' });
  assert.equal(upstream.asked.length, 0);
});

test('that nobody needs the answer any more is no failure of its', async () => {
  const { ask, upstream } = database({ do: 'hang' });
  const over = new AbortController();
  const asking = ask(over.signal);
  over.abort(new Error('another was faster'));
  assert.deepEqual(await asking, { kind: 'failed', why: 'not needed any more' });
  upstream.script = () => ({ do: 'answer', body: 'note' });
  assert.equal((await ask()).kind, 'found');
});

test('over other connections it is asked at once, whatever was wrong with the old ones', async () => {
  const { ask, itself, upstream, clock } = database({ do: 'other', outcome: OUTCOMES.unavailable });
  assert.equal((await ask()).kind, 'failed');
  const next = scriptedUpstream(clock, () => ({ do: 'answer', body: 'note' }));
  itself.reconnect(({ url }) => {
    assert.equal(url.href, 'http://sum.rondo.test/');
    return next;
  });
  assert.equal((await ask()).kind, 'found');
  assert.deepEqual([upstream.closed, upstream.asked.length, next.asked.length], [true, 1, 1]);
});
