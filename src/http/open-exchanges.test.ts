import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { setImmediate as nextRound } from 'node:timers/promises';
import { fetchRaw } from '../../test/support/http-client.ts';
import { startProxy, type ServerChanges } from '../../test/support/proxy-fixture.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Reply } from '../proxy/reply.ts';

const LIST = '/example.org/m/@v/list';
const REPLY: Reply = {
  kind: 'bytes',
  bytes: Buffer.from('v1.0.0\n'),
  contentType: 'text/plain; charset=utf-8',
  maxAgeS: 60,
  cache: 'hit',
};

describe('the end', () => {
  /** A server whose first answer waits for `release`. */
  async function busyProxy(t: Parameters<typeof startProxy>[0], changes: ServerChanges = {}) {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let began: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      began = resolve;
    });
    const fixture = await startProxy(
      t,
      async () => {
        began();
        await held;
        return REPLY;
      },
      changes,
    );
    return { ...fixture, release, begun };
  }

  test('draining finishes what runs and refuses what comes', async (t) => {
    const { proxy, url, release, begun } = await busyProxy(t);
    const agent = new Agent({ keepAlive: true });
    t.after(async () => agent.destroy());
    const running = fetchRaw(url + LIST, { agent });
    await begun;
    let drained = false;
    const draining = proxy.drain(60_000).then(() => {
      drained = true;
    });
    const refused = await fetchRaw(url + LIST);
    assert.equal(refused.error?.code, 'ECONNREFUSED');
    assert.equal(drained, false);
    release();
    const answer = await running;
    assert.deepEqual([answer.status, answer.complete, answer.headers.connection], [200, true, 'close']);
    await draining;
  });

  /** What a request is answered whose first bytes came before the end, and the others after it had begun. */
  async function answerToEarly(
    { proxy, port, url, release, begun }: Awaited<ReturnType<typeof busyProxy>>,
    path: string,
  ): Promise<string> {
    const running = fetchRaw(url + LIST);
    await begun;
    const early = connect(port, '127.0.0.1');
    const [accepted] = (await once(proxy.server, 'connection')) as [Socket];
    early.write(`GET ${path} HT`);
    while (accepted.bytesRead === 0) await nextRound();
    const draining = proxy.drain(60_000);
    let text = '';
    early.on('data', (data: Buffer) => {
      text += data.toString();
    });
    early.write('TP/1.1\r\n\r\n');
    await once(early, 'close');
    release();
    assert.equal((await running).status, 200);
    await draining;
    return text;
  }

  const IN_WORDS = /^HTTP\/1\.1 503 [^]*Retry-After: 1\r\n[^]*\r\n\r\nRondo is shutting down\n$/;

  test('a request that began to arrive before is refused in words', async (t) => {
    const text = await answerToEarly(await busyProxy(t), LIST);
    assert.match(text, IN_WORDS);
    assert.match(text, /\r\nConnection: close\r\n/);
  });

  test('errors_as_404 is for go, and not for who asks the API', async (t) => {
    const api = { take: () => assert.fail('it is over'), mayAsk: () => true, end: () => undefined };
    const settings = { errorsAs404: true };
    assert.match(await answerToEarly(await busyProxy(t, { settings }), LIST), /^HTTP\/1\.1 404 /);
    const text = await answerToEarly(await busyProxy(t, { settings, api }), '/-/api/status');
    assert.match(text, IN_WORDS);
  });

  test('draining has an end, and what is cut then is cut', async (t) => {
    const clock = new VirtualClock();
    const { proxy, url, begun, requests } = await busyProxy(t, { clock });
    const running = fetchRaw(url + LIST);
    await begun;
    const draining = proxy.drain(10_000);
    await clock.advance(10_000);
    await draining;
    assert.equal((await running).status, 0);
    assert.equal((await requests(1))[0]?.aborted, true);
    assert.equal(clock.pending, 0);
  });

  test('force does not wait, also while draining, also before listening', async (t) => {
    const { proxy, url, begun } = await busyProxy(t);
    const running = fetchRaw(url + LIST);
    await begun;
    const draining = proxy.drain(60_000);
    await proxy.force();
    assert.equal((await running).status, 0);
    await draining;
    await proxy.force();
  });
});
