import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { fetchRaw } from '../../test/support/http-client.ts';
import { startProxy, WELL } from '../../test/support/proxy-fixture.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { MirrorOrder, ReloadAnswer } from './port.ts';

const PATH = '/-/api/mirrors';

/** A server that knows the mirror `a`, what it was told, and how to tell it. */
async function desk(t: TestContext): Promise<{
  orders: [string, MirrorOrder][];
  order: (text: string | undefined, more?: Parameters<typeof fetchRaw>[1]) => ReturnType<typeof fetchRaw>;
}> {
  const orders: [string, MirrorOrder][] = [];
  const order = (mirror: string, given: MirrorOrder): boolean => {
    orders.push([mirror, given]);
    return mirror === 'a b';
  };
  const answer = (): never => {
    throw new RondoError('E_BUG', 'not asked');
  };
  const { url } = await startProxy(t, answer, { admin: { ...WELL, order } });
  return {
    orders,
    order: (text, more = {}) =>
      fetchRaw(url + PATH, {
        method: 'POST',
        ...more,
        headers: { ...(text === undefined ? {} : { 'x-rondo-order': text }), ...more.headers },
      }),
  };
}

test('an order for a mirror is carried out, and answered with how all of them stand', async (t) => {
  const { order, orders } = await desk(t);
  const answer = await order('mirror=a+b&weight=20&drain=1h30m');
  assert.equal(answer.status, 200);
  assert.deepEqual(JSON.parse(answer.body.toString()), [{ name: 'a', status: 'HEALTHY' }]);
  assert.equal(answer.headers['cache-control'], 'no-store');
  await order('mirror=a%20b&weight=configured');
  await order('mirror=a+b&drain=on');
  await order('mirror=a+b&drain=0s');
  assert.deepEqual(orders, [
    ['a b', { weight: 20, drainForMs: 5_400_000 }],
    ['a b', { weight: 'configured' }],
    ['a b', { drainForMs: Infinity }],
    ['a b', { drainForMs: 0 }],
  ]);
});

test('what makes no sense is refused, and nothing is carried out', async (t) => {
  const { order, orders } = await desk(t);
  for (const text of [
    'mirror=a+b',
    'mirror=a+b&weight=0',
    'mirror=a+b&weight=1001',
    'mirror=a+b&weight=2.5',
    'mirror=a+b&weight=',
    'mirror=a+b&drain=soon',
    'mirror=a+b&drain=8d',
    'mirror=a+b&drain=-1s',
    'mirror=a+b&weight=2&tier=1',
  ]) {
    assert.equal((await order(text)).status, 400, text);
  }
  assert.deepEqual(orders, []);
  const unknown = await order('mirror=%1b&drain=on');
  assert.equal(unknown.status, 404);
  assert.equal(unknown.body.toString().includes('\u001b'), false);
});

test('no web page can give an order, and nobody from elsewhere', async (t) => {
  const { order, orders } = await desk(t);
  const GOOD = 'mirror=a+b&drain=on';
  // What a page on another origin can send without asking first has no header of its own.
  assert.equal((await order(undefined, { headers: { origin: 'https://evil.example' } })).status, 403);
  // A page that has made its own name lead here names itself.
  assert.equal((await order(GOOD, { headers: { host: 'evil.example' } })).status, 421);
  for (const [name, value] of [
    ['x-forwarded-for', '203.0.113.9'],
    ['forwarded', 'for=203.0.113.9'],
    ['x-real-ip', '203.0.113.9'],
    ['via', '1.1 proxy'],
    ['via', '1.1 rondo-abc, 1.1 proxy'],
  ] as const) {
    assert.equal((await order(GOOD, { headers: { [name]: value } })).status, 403, `${name}: ${value}`);
  }
  assert.equal((await order(GOOD, { headers: { 'content-length': '3' } })).status, 400);
  const asked = await order(GOOD, { method: 'OPTIONS' });
  assert.deepEqual([asked.status, asked.headers['access-control-allow-headers']], [405, undefined]);
  assert.equal((await order(GOOD, { method: 'PUT' })).status, 405);
  assert.deepEqual(orders, []);
});

const RELOAD = { 'x-rondo-order': 'reload' };

/** A server whose configuration is read again with this result, and how often that was. */
async function reloading(
  t: TestContext,
  answer: ReloadAnswer,
): Promise<{ url: string; counted: () => number }> {
  let count = 0;
  const reload = (): Promise<ReloadAnswer> => {
    count += 1;
    return Promise.resolve(answer);
  };
  const { url } = await startProxy(t, () => assert.fail('not asked'), { admin: { ...WELL, reload } });
  return { url: `${url}/-/api/reload`, counted: () => count };
}

test('the order to read the configuration again is answered with what came of it', async (t) => {
  const page = { version: 1, changed: ['cache.max_size'] };
  const good = await reloading(t, { kind: 'done', page });
  const answer = await fetchRaw(good.url, { method: 'POST', headers: RELOAD });
  assert.deepEqual([answer.status, JSON.parse(answer.body.toString())], [200, page]);
  const error = new RondoError('E_CONFIG', '/etc/rondo/.goproxy:3: there is no key "wieght"', {
    hint: 'did you mean weight?',
  });
  const bad = await reloading(t, { kind: 'refused', error });
  const refused = await fetchRaw(bad.url, { method: 'POST', headers: RELOAD });
  assert.deepEqual(
    [refused.status, refused.body.toString()],
    [422, '/etc/rondo/.goproxy:3: there is no key "wieght"\nhint: did you mean weight?\n'],
  );
});

test('no web page can have it read, nobody from elsewhere, and nothing but that order does', async (t) => {
  const { url, counted } = await reloading(t, { kind: 'done', page: {} });
  for (const [headers, status] of [
    [{ origin: 'https://evil.example' }, 403],
    [{ ...RELOAD, host: 'evil.example' }, 421],
    [{ ...RELOAD, 'x-forwarded-for': '203.0.113.9' }, 403],
    [{ 'x-rondo-order': 'stop' }, 400],
    [{ ...RELOAD, 'content-length': '3' }, 400],
  ] as const) {
    const answer = await fetchRaw(url, { method: 'POST', headers });
    assert.equal(answer.status, status, JSON.stringify(headers));
  }
  assert.equal((await fetchRaw(url, { method: 'OPTIONS', headers: RELOAD })).status, 405);
  assert.equal((await fetchRaw(url, { headers: RELOAD })).status, 404, 'there is nothing to be seen');
  assert.equal(counted(), 0);
  const kept = await startProxy(t, () => assert.fail('not asked'));
  const answer = await fetchRaw(`${kept.url}/-/api/reload`, { method: 'POST', headers: RELOAD });
  assert.equal(answer.status, 404, 'a private proxy has one configuration');
});
