import '../support/loopback-only.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryAnswer } from '../../src/api/answers.ts';
import { createApi } from '../../src/api/create-api.ts';
import { sharedHistory } from '../../src/api/shared-history.ts';
import { fetchRaw } from '../support/http-client.ts';
import { startProxy } from '../support/proxy-fixture.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { until } from '../support/until.ts';
import { broken, BROKEN } from './broken-ports.ts';

test('a client that goes takes its reading with it; too many at once are refused for a moment', async (context) => {
  const t = reverseCleanup(context);
  const period = { sinceMs: 0, untilMs: 1 };
  const empty: HistoryAnswer = {
    version: 1,
    period,
    mirrors: [],
    incidents: [],
    incidentsLeftOut: 0,
    series: [],
  };
  const readings: { readonly signal: AbortSignal; readonly end: () => void }[] = [];
  let asked = 0;
  const shared = sharedHistory((_sinceMs, _parts, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<HistoryAnswer>();
    signal.addEventListener('abort', () => reject(signal.reason));
    readings.push({ signal, end: () => resolve(empty) });
    return promise;
  });
  const history: typeof shared = (...question) => {
    asked += 1;
    return shared(...question);
  };
  const api = createApi({ ...BROKEN, history }, { version: '0.0.0', basePath: '' });
  const { url } = await startProxy(t, broken, { api });
  const ask = async (parts: number, signal?: AbortSignal) => {
    const before = asked;
    const answer = fetchRaw(`${url}/-/api/history?parts=${parts}`, signal === undefined ? {} : { signal });
    await until('it is asked', async () => asked > before);
    return { answer };
  };

  const client = new AbortController();
  const gone = [await ask(100, client.signal)];
  for (let nth = 1; nth <= 16; nth += 1) gone.push(await ask(nth, client.signal));
  const { answer: refused } = await ask(17);
  const { status, headers, body } = await refused;
  assert.deepEqual([status, headers['retry-after']], [503, '1'], body.toString());
  client.abort();
  for (const { answer } of gone) assert.equal((await answer).status, 0);
  await until('the reading is over', async () => readings[0]?.signal.aborted === true);
  const { answer } = await ask(18);
  await until('it is the next that is read', async () => readings.length === 2);
  readings[1]?.end();
  assert.equal((await answer).status, 200);
});
