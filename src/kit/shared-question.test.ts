import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSharedQuestion } from './shared-question.ts';

/** A question that is answered by hand, or ends with its signal. */
function question() {
  const shared = createSharedQuestion<string>();
  const asked: { readonly signal: AbortSignal; readonly answer: (text: string) => void }[] = [];
  const ask = (signal: AbortSignal): Promise<string> => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    signal.addEventListener('abort', () => reject(signal.reason));
    asked.push({ signal, answer: resolve });
    return promise;
  };
  return { asked, run: (signal?: AbortSignal, key = 'key') => shared.run(key, ask, signal) };
}

test('who comes while it runs shares it, who comes later begins anew', async () => {
  const { asked, run } = question();
  const both = [run(), run(new AbortController().signal)];
  const another = run(undefined, 'another');
  assert.equal(asked.length, 2);
  asked[0]?.answer('one');
  asked[1]?.answer('two');
  assert.deepEqual(await Promise.all([...both, another]), ['one', 'one', 'two']);
  const again = run();
  assert.equal(asked.length, 3);
  asked[2]?.answer('three');
  assert.equal(await again, 'three');
});

test('who leaves does not wait, and the last who leaves ends it', async () => {
  const { asked, run } = question();
  const [first, second] = [new AbortController(), new AbortController()];
  const answers = [run(first.signal), run(second.signal)];
  first.abort(new Error('first has gone'));
  await assert.rejects(answers[0] ?? assert.fail(), /first has gone/);
  assert.equal(asked[0]?.signal.aborted, false);
  second.abort(new Error('second has gone'));
  await assert.rejects(answers[1] ?? assert.fail(), /second has gone/);
  assert.equal(asked[0]?.signal.aborted, true);
});

test('who comes when all have left does not share what they have ended', async () => {
  const { asked, run } = question();
  const gone = new AbortController();
  const left = run(gone.signal);
  gone.abort(new Error('gone'));
  await assert.rejects(left, /gone/);
  const next = run();
  assert.equal(asked.length, 2);
  asked[1]?.answer('here');
  assert.equal(await next, 'here');
  await assert.rejects(run(gone.signal), /gone/);
  assert.equal(asked.length, 2);
});

test('all share its failure, and the next one may do better', async () => {
  const shared = createSharedQuestion<string>();
  const failing = (): Promise<string> => Promise.reject(new Error('no'));
  const both = [shared.run('key', failing, undefined), shared.run('key', failing, undefined)];
  for (const each of both) await assert.rejects(each, /no/);
  assert.equal(await shared.run('key', () => Promise.resolve('yes'), undefined), 'yes');
});
