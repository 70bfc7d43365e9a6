import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fetchRaw } from '../support/http-client.ts';
import '../support/loopback-only.ts';
import { testApp } from '../support/test-app.ts';

/** Nobody listens there, and nobody is asked: what is looked at needs no answer. */
const [FIRST, SECOND, THIRD] = ['http://127.0.0.1:9', 'http://127.0.0.2:9', 'http://127.0.0.3:9'];
const KINDS = ['fork', 'unproven'];

test('wrong content and doubts are 0 of each mirror and database before anything has happened', async (t) => {
  let chain = `${FIRST},${SECOND}`;
  const app = await testApp(t, { env: () => ({ GOPROXY: chain, GOSUMDB: 'sum.golang.org' }) });
  const { url } = await app.listen('127.0.0.1', 0);
  const seen = async (metric: string): Promise<string[]> =>
    (await fetchRaw(`${url}/metrics`)).body
      .toString()
      .split('\n')
      .filter((line) => line.startsWith(metric))
      .map((line) => line.slice(metric.length))
      .toSorted();
  const wrong = (): Promise<string[]> => seen('rondo_integrity_failures_total');
  const wrongOf = (mirror: string): void =>
    app.bus.emit({ type: 'integrity', module: 'm', version: 'v1.0.0', kind: 'zip', mirror, why: 'w' });

  assert.deepEqual(await wrong(), ['{mirror="127.0.0.1:9"} 0', '{mirror="127.0.0.2:9"} 0']);
  assert.deepEqual(
    await seen('rondo_security_errors_total'),
    KINDS.map((kind) => `{database="sum.golang.org",kind="${kind}"} 0`),
  );
  wrongOf('127.0.0.1:9');
  assert.deepEqual(await wrong(), ['{mirror="127.0.0.1:9"} 1', '{mirror="127.0.0.2:9"} 0']);

  chain = `${SECOND},${THIRD}`;
  assert.equal((await app.reload?.('an order'))?.kind, 'done');
  assert.deepEqual(await wrong(), ['{mirror="127.0.0.2:9"} 0', '{mirror="127.0.0.3:9"} 0']);
  // Of a visit that has begun before.
  wrongOf('127.0.0.1:9');
  assert.deepEqual(await wrong(), ['{mirror="127.0.0.2:9"} 0', '{mirror="127.0.0.3:9"} 0']);
  chain = FIRST;
  assert.equal((await app.reload?.('an order'))?.kind, 'done');
  assert.deepEqual(await wrong(), ['{mirror="127.0.0.1:9"} 0']);
});
