import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { exchangeBytes, fetchRaw, type RawAnswer } from '../../test/support/http-client.ts';
import {
  SERVER_SETTINGS,
  startProxy,
  type ProxyFixture,
  type ServerChanges,
} from '../../test/support/proxy-fixture.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Api } from './api-port.ts';
import type { Answer, ClientLimits } from './port.ts';
import { sendText } from './send-whole.ts';

const LIST = '/example.org/m/@v/list';
const LIMITS: ClientLimits = {
  perS: 10,
  burst: 2,
  nodelay: false,
  status: 503,
  concurrent: Infinity,
  loopback: true,
};
const answerAtOnce: Answer = () => ({
  kind: 'bytes',
  bytes: Buffer.from('v1.0.0\n'),
  contentType: 'text/plain',
  maxAgeS: 60,
  cache: 'hit',
});

type Limited = ProxyFixture & {
  readonly clock: VirtualClock;
  /** As soon as so many limits have been told. */
  readonly limited: (count: number) => Promise<readonly string[]>;
};

/** A server with limits whose time stands still. */
async function limited(
  t: TestContext,
  clients: Partial<ClientLimits>,
  answer: Answer = answerAtOnce,
  more: ServerChanges = {},
): Promise<Limited> {
  const clock = new VirtualClock();
  const settings = { clients: { ...LIMITS, ...clients } };
  const fixture = await startProxy(t, answer, { clock, settings, ...more });
  const told = (): string[] =>
    fixture.events.flatMap((event) =>
      event.type === 'limit' ? [`${event.limit} ${event.refused ? 'refused' : 'waits'}`] : [],
    );
  return {
    ...fixture,
    clock,
    async limited(count) {
      while (told().length < count) await nextRound();
      return told();
    },
  };
}

function nextRound(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

test('what is ahead of its rate waits for its time, and what is too far ahead is refused with Retry-After', async (t) => {
  const { url, clock, asked, requests, limited: told } = await limited(t, {});
  const get = (): Promise<RawAnswer> => fetchRaw(url + LIST);
  assert.equal((await get()).status, 200);
  const second = get();
  await told(1);
  const third = get();
  assert.deepEqual(await told(2), ['rate waits', 'rate waits']);
  const fourth = await get();
  assert.deepEqual([fourth.status, fourth.headers['retry-after']], [503, '1']);
  assert.match(
    fourth.body.toString(),
    /^too many requests of this client in this time\nhint: .* \[limits\] rate or burst of this\b/,
  );
  assert.equal(asked.length, 1);
  await clock.advance(100);
  assert.equal((await second).status, 200);
  assert.equal(asked.length, 2);
  await clock.advance(100);
  assert.equal((await third).status, 200);
  assert.equal((await fetchRaw(`${url}/healthz`)).status, 200, 'never limited');
  const refused = (await requests(4)).find(({ status }) => status === 503);
  assert.equal(refused?.kind, 'other', 'it counts as no file that failed');
});

test('with nodelay what is ahead goes at once; the status is as configured; Retry-After tells when', async (t) => {
  const { url, clock } = await limited(t, { nodelay: true, status: 429, perS: 0.1, burst: 1 });
  const seen: number[] = [];
  for (let asked = 0; asked < 3; asked += 1) seen.push((await fetchRaw(url + LIST)).status);
  assert.deepEqual(seen, [200, 200, 429]);
  assert.equal((await fetchRaw(url + LIST)).headers['retry-after'], '10');
  await clock.advance(10_000);
  assert.equal((await fetchRaw(url + LIST)).status, 200);
});

test('clients on this machine are limited only if that is configured', async (t) => {
  const { url, events } = await limited(t, { loopback: false, burst: 0 });
  for (let asked = 0; asked < 5; asked += 1) assert.equal((await fetchRaw(url + LIST)).status, 200);
  assert.ok(events.every(({ type }) => type !== 'limit'));
});

test('more at once than a client may have wait for one of its own to end, in order', async (t) => {
  const ends: (() => void)[] = [];
  const answer: Answer = async (file, context) => {
    await new Promise<void>((resolve) => ends.push(resolve));
    return answerAtOnce(file, context);
  };
  const { url, asked, limited: told } = await limited(t, { perS: Infinity, concurrent: 1 }, answer);
  const get = (module: string): Promise<RawAnswer> => fetchRaw(`${url}/example.org/${module}/@v/list`);
  const first = get('a');
  while (ends.length < 1) await nextRound();
  const left = new AbortController();
  const gone = fetchRaw(url + LIST, { signal: left.signal });
  await told(1);
  const second = get('b');
  await told(2);
  left.abort();
  await gone;
  const third = get('c');
  await told(3);
  for (const [index, request] of [first, second, third].entries()) {
    while (ends.length <= index) await nextRound();
    ends[index]?.();
    assert.equal((await request).status, 200);
  }
  const modules = asked.map(({ file }) => ('module' in file ? file.module : ''));
  assert.deepEqual(modules, ['example.org/a', 'example.org/b', 'example.org/c'], 'and never who left');
});

test('a limit that a reload has raised lets in as many of those who wait as fit', async (t) => {
  const ends: (() => void)[] = [];
  const answer: Answer = async (file, context) => {
    await new Promise<void>((resolve) => ends.push(resolve));
    return answerAtOnce(file, context);
  };
  const clients = { perS: Infinity, concurrent: 1 };
  const { url, proxy, asked, requests, limited: told } = await limited(t, clients, answer);
  const get = (): Promise<RawAnswer> => fetchRaw(url + LIST);
  const all = [get()];
  while (ends.length < 1) await nextRound();
  for (let waiting = 1; waiting <= 4; waiting += 1) {
    all.push(get());
    await told(waiting);
  }
  proxy.replace({ ...SERVER_SETTINGS, clients: { ...LIMITS, ...clients, concurrent: 3 } });
  ends[0]?.();
  await requests(1);
  assert.equal(asked.length, 4, 'three in the place of one');
  proxy.replace(SERVER_SETTINGS);
  ends[1]?.();
  await requests(2);
  assert.equal(asked.length, 5, 'all, since there is no limit any more');
  for (const end of ends) end();
  assert.deepEqual(
    (await Promise.all(all)).map(({ status }) => status),
    [200, 200, 200, 200, 200],
  );
});

test('with nodelay more at once than a client may have are refused', async (t) => {
  const end = Promise.withResolvers<void>();
  const answer: Answer = async (file, context) => {
    await end.promise;
    return answerAtOnce(file, context);
  };
  const { url, asked } = await limited(t, { perS: Infinity, concurrent: 1, nodelay: true }, answer);
  const first = fetchRaw(url + LIST);
  while (asked.length < 1) await nextRound();
  const refused = await fetchRaw(url + LIST);
  assert.equal(refused.status, 503);
  assert.match(refused.body.toString(), /\[limits\] concurrent of this/);
  end.resolve();
  assert.equal((await first).status, 200);
});

test('whoever leaves while he waits leaves no timer', async (t) => {
  const { url, clock, limited: told, asked, requests } = await limited(t, {});
  const pending = clock.pending;
  await fetchRaw(url + LIST);
  const left = new AbortController();
  const waits = fetchRaw(url + LIST, { signal: left.signal });
  await told(1);
  assert.equal(clock.pending, pending + 1);
  left.abort();
  await waits;
  await requests(2);
  assert.equal(clock.pending, pending);
  assert.equal(asked.length, 1);
});

test('requests of one connection come to the gate one after the other, however many are sent at once', async (t) => {
  const { url, port, clock, limited: told } = await limited(t, {});
  await fetchRaw(url + LIST);
  const head = `GET ${LIST} HTTP/1.1\r\nHost: 127.0.0.1\r\n`;
  const answers = exchangeBytes(`${head}\r\n${head}Connection: close\r\n\r\n`, { port });
  assert.deepEqual(await told(1), ['rate waits']);
  await clock.advance(100);
  await told(2);
  await clock.advance(100);
  assert.equal((await answers).bytes.toString().match(/HTTP\/1\.1 200/g)?.length, 2);
});

test("Rondo's own pages are given beside files, as often as who looks after it needs, and not without end", async (t) => {
  const { url, clock, asked } = await limited(t, {
    perS: 1,
    burst: 0,
    nodelay: true,
    status: 429,
    concurrent: 1,
  });
  assert.equal((await fetchRaw(url + LIST)).status, 200);
  assert.equal((await fetchRaw(url + LIST)).status, 429, 'a build that is limited');
  const statuses = async (path: string, times: number): Promise<Record<string, number>> => {
    const seen: Record<string, number> = {};
    for (let each = 0; each < times; each += 1) {
      const { status } = await fetchRaw(url + path);
      seen[status] = (seen[status] ?? 0) + 1;
    }
    return seen;
  };
  assert.deepEqual(await statuses('/metrics', 100), { 200: 100 });
  assert.deepEqual(await statuses('/', 101), { 200: 101 });
  assert.deepEqual(await statuses('/version', 5), { 429: 5 }, 'a flood of them is one');
  const refused = await fetchRaw(`${url}/metrics`);
  assert.match(refused.body.toString(), /Rondo's own pages in this time\nhint: .*20 a second/);
  assert.deepEqual(await statuses('/readyz', 5), { 200: 5 }, 'its health is told at any time');
  await clock.advance(1000);
  assert.deepEqual(await statuses('/metrics', 25), { 200: 20, 429: 5 });
  assert.equal((await fetchRaw(url + LIST)).status, 200, 'and they take nothing from files');
  assert.equal(asked.length, 2);
});

test('the API is not limited for whom it answers, and for others as pages are', async (t) => {
  let mayAsk = true;
  const api: Api = {
    take: (exchange) => sendText(exchange, mayAsk ? 200 : 401, 'text/plain', ''),
    mayAsk: () => mayAsk,
    end: () => undefined,
  };
  const { url } = await limited(t, { perS: 1, burst: 0, nodelay: true, concurrent: 1 }, answerAtOnce, {
    api,
  });
  const last = async (): Promise<number> => {
    let status = 0;
    for (let each = 0; each < 250; each += 1) ({ status } = await fetchRaw(`${url}/-/api/status`));
    return status;
  };
  assert.equal(await last(), 200);
  mayAsk = false;
  assert.equal(await last(), 503, 'who tries one token after another');
  mayAsk = true;
  assert.equal(await last(), 200);
});
