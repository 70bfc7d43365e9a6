import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSharedLookup } from './shared-lookup.ts';

type Call = { key: string; signal: AbortSignal; resolve(value: string): void; reject(error: Error): void };

function recorded(): { calls: Call[]; look(key: string, signal: AbortSignal): Promise<string> } {
  const calls: Call[] = [];
  return {
    calls,
    look: (key, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      calls.push({ key, signal, resolve, reject });
      return promise;
    },
  };
}

const never = new AbortController().signal;

test('callers at the same time share one look-up, later ones make another', async () => {
  const { calls, look } = recorded();
  const lookups = createSharedLookup(look);
  const both = [lookups.join('a', never), lookups.join('a', never), lookups.join('b', never)];
  assert.deepEqual(
    calls.map(({ key }) => key),
    ['a', 'b'],
  );
  for (const call of calls) call.resolve(`${call.key}!`);
  assert.deepEqual(await Promise.all(both), ['a!', 'a!', 'b!']);
  void lookups.join('a', never);
  assert.equal(calls.length, 3);
});

test('one who leaves takes nothing from the others', async () => {
  const { calls, look } = recorded();
  const lookups = createSharedLookup(look);
  const leaver = new AbortController();
  const leaving = lookups.join('a', leaver.signal);
  const staying = lookups.join('a', never);
  leaver.abort(new Error('left'));
  await assert.rejects(leaving, /left/);
  assert.equal(calls[0]?.signal.aborted, false);
  calls[0]?.resolve('found');
  assert.equal(await staying, 'found');
});

test('when the last one leaves the look-up is aborted, and a newcomer begins afresh', async () => {
  const { calls, look } = recorded();
  const lookups = createSharedLookup(look);
  const leaver = new AbortController();
  const leaving = lookups.join('a', leaver.signal);
  leaver.abort(new Error('left'));
  await assert.rejects(leaving, /left/);
  assert.equal(calls[0]?.signal.aborted, true);
  const fresh = lookups.join('a', never);
  assert.equal(calls.length, 2);
  // The abandoned one fails late: nobody must hear of it, as an unhandled rejection least of all.
  calls[0]?.reject(new Error('aborted'));
  calls[1]?.resolve('found');
  assert.equal(await fresh, 'found');
});

test('a failure reaches everybody and is not kept', async () => {
  const { calls, look } = recorded();
  const lookups = createSharedLookup(look);
  const both = [lookups.join('a', never), lookups.join('a', never)];
  calls[0]?.reject(new Error('no luck'));
  for (const each of both) await assert.rejects(each, /no luck/);
  void lookups.join('a', never);
  assert.equal(calls.length, 2);
});

test('who comes aborted asks nothing', async () => {
  const { calls, look } = recorded();
  await assert.rejects(createSharedLookup(look).join('a', AbortSignal.abort(new Error('gone'))), /gone/);
  assert.equal(calls.length, 0);
});
