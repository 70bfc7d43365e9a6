import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryAnswer } from './answers.ts';
import { ApiRefusal } from './refusal.ts';
import { sharedHistory } from './shared-history.ts';

type Reading = {
  readonly parts: number;
  readonly signal: AbortSignal;
  readonly answer: PromiseWithResolvers<HistoryAnswer>;
};

const ANSWER: HistoryAnswer = {
  version: 1,
  period: { sinceMs: 0, untilMs: 1 },
  mirrors: [],
  incidents: [],
  incidentsLeftOut: 0,
  series: [],
};

/** A history whose readings end when the test says so. They are asked for by their `parts` here. */
function desk() {
  const readings: Reading[] = [];
  const history = sharedHistory((_sinceMs, parts, signal) => {
    const answer = Promise.withResolvers<HistoryAnswer>();
    readings.push({ parts, signal, answer });
    signal.addEventListener('abort', () => answer.reject(signal.reason));
    return answer.promise;
  });
  const ask = (parts: number) => {
    const client = new AbortController();
    return { client, answer: history(60_000, parts, client.signal) };
  };
  const begun = (): number[] => readings.map(({ parts }) => parts);
  return { readings, ask, begun };
}

/** Everything that is due has happened. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('one reading at a time; equal questions that wait are one, and one under way is not joined', async () => {
  const { readings, ask, begun } = desk();
  const answers = [1, 1, 1, 2, 1].map((parts) => ask(parts).answer);
  await settle();
  answers.push(ask(1).answer);
  await settle();
  assert.deepEqual(begun(), [1]);
  readings[0]?.answer.resolve(ANSWER);
  await settle();
  assert.deepEqual(begun(), [1, 2]);
  readings[1]?.answer.resolve(ANSWER);
  await settle();
  assert.deepEqual(begun(), [1, 2, 1]);
  readings[2]?.answer.resolve(ANSWER);
  for (const answer of answers) assert.equal(await answer, ANSWER);
  assert.equal(readings.length, 3);
});

test('what nobody waits for is not read on, and what nobody has waited for is never read', async () => {
  const { readings, ask, begun } = desk();
  const dropped = [1, 1, 2, 3, 4].map((parts) => ask(parts));
  const last = ask(5);
  await settle();
  const [first, ...others] = dropped;
  first?.client.abort();
  await assert.rejects(async () => first?.answer, { name: 'AbortError' });
  assert.equal(readings[0]?.signal.aborted, false, 'another waits for the same');
  for (const { client } of others) client.abort();
  for (const { answer } of others) await assert.rejects(answer, { name: 'AbortError' });
  await settle();
  assert.equal(readings[0]?.signal.aborted, true);
  assert.deepEqual(begun(), [1, 5]);
  readings[1]?.answer.resolve(ANSWER);
  assert.equal(await last.answer, ANSWER);
});

test('a line of questions has an end; who left it makes room', async () => {
  const { readings, ask, begun } = desk();
  const first = ask(1000);
  await settle();
  const line = Array.from({ length: 16 }, (_, index) => ask(index + 1));
  const isRefused = (thrown: unknown): boolean => thrown instanceof ApiRefusal && thrown.status === 503;
  await assert.rejects(ask(17).answer, isRefused);
  const same = ask(16);
  const left = line[0];
  left?.client.abort();
  await assert.rejects(async () => left?.answer, { name: 'AbortError' });
  const more = ask(18);
  await assert.rejects(ask(19).answer, isRefused);
  for (let nth = 0; nth < 17; nth += 1) {
    readings[nth]?.answer.resolve(ANSWER);
    await settle();
  }
  const wanted = [first, ...line.slice(1), same, more];
  for (const { answer } of wanted) assert.equal(await answer, ANSWER);
  assert.deepEqual(begun(), [1000, ...line.slice(1).map((_, index) => index + 2), 18]);
});

test('a reading that fails is told to those who asked for it, and the next one is read', async () => {
  const { readings, ask } = desk();
  const [failed, next] = [ask(1), ask(2)];
  await settle();
  readings[0]?.answer.reject(new Error('the disk'));
  await assert.rejects(failed.answer, /the disk/);
  await settle();
  readings[1]?.answer.resolve(ANSWER);
  assert.equal(await next.answer, ANSWER);
});
