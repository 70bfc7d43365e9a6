import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import '../../test/support/loopback-only.ts';
import { NO_HEDGE, MIRRORS_DEFAULTS } from '../../test/support/scripted-mirrors.ts';
import { until } from '../../test/support/until.ts';
import { upstreamForTest } from '../../test/support/upstream-for-test.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { RondoEvent } from '../events/events.ts';
import type { Found } from './answer.ts';
import { createMirrors } from './mirrors.ts';

const BODY = Buffer.alloc(64 * 1024, 7);

/** The base URL of a server that ends with the test. */
async function serve(t: TestContext, listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

/** Answers at once with half of a body; the other half comes when somebody takes the response out and ends it. */
function halves(open: Set<ServerResponse>): RequestListener {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': String(BODY.length) });
    response.write(BODY.subarray(0, BODY.length / 2));
    open.add(response);
  };
}

/** One mirror at `url`, asked for so many zips at once while its time stands still. */
function askMany(t: TestContext, url: URL, count: number, maxConnections: number) {
  const clock = new VirtualClock();
  const events: RondoEvent[] = [];
  const mirrors = createMirrors({
    specs: [{ endpoint: { name: 'a', url }, weight: 10, tier: 0, match: '*', probePath: '/probe' }],
    settings: { ...MIRRORS_DEFAULTS, ...NO_HEDGE },
    openUpstream: ({ endpoint }) => upstreamForTest(t, endpoint.url, { clock, settings: { maxConnections } }),
    clock,
    random: () => 0.5,
    emit: (event) => events.push(event),
  });
  let begun = 0;
  const one = async (n: number): Promise<number> => {
    const file = { kind: 'zip', module: `example.com/${n}`, version: 'v1.0.0' } as const;
    const found = await mirrors.ask(
      { file, method: 'GET', maxBodyBytes: BODY.length },
      new AbortController().signal,
    );
    begun += 1;
    let bytes = 0;
    for await (const chunk of found.body) bytes += chunk.length;
    found.settle({ kind: 'complete', bytes });
    return bytes;
  };
  const all = Promise.all(Array.from({ length: count }, (_, n) => one(n)));
  return { clock, events, mirrors, all, count, maxConnections, begun: () => begun };
}

type Asked = ReturnType<typeof askMany>;

/** Ends all bodies, as many at a time as there are connections, each time when Rondo has waited for 4 s. */
async function endAll(
  open: Set<ServerResponse>,
  { clock, begun, count, maxConnections }: Asked,
): Promise<void> {
  for (let ended = 0; ended < count;) {
    const round = Math.min(maxConnections, count - ended);
    await until('all connections carry a body', async () => open.size === round && begun() === ended + round);
    // Past the soft limit of whatever waits for its first byte by now.
    await clock.advance(4000);
    for (const response of open) response.end(BODY.subarray(BODY.length / 2));
    open.clear();
    ended += round;
  }
}

/** That everything came, and that nothing is held against the mirror. */
async function assertSpotless({ all, events, mirrors }: Asked): Promise<void> {
  assert.ok((await all).every((bytes) => bytes === BODY.length));
  const ends = events.flatMap((event) => (event.type === 'visit' ? [event.outcome.cause] : []));
  assert.deepEqual([...new Set(ends)], ['ok']);
  assert.deepEqual(
    events.filter(({ type }) => type === 'gate'),
    [],
  );
  const [view] = mirrors.views();
  assert.deepEqual([view?.score, view?.slots, view?.inFlight], [1, 32, 0]);
  await mirrors.close();
}

test('long bodies on all connections of a mirror: who waits for one is not held against it', async (t) => {
  const open = new Set<ServerResponse>();
  const asked = askMany(t, await serve(t, halves(open)), 9, 2);
  await endAll(open, asked);
  await assertSpotless(asked);
});

test('a mirror that redirects its zips elsewhere gets as many of them at a time as it has connections', async (t) => {
  const open = new Set<ServerResponse>();
  const storage = await serve(t, halves(open));
  const mirror = await serve(t, (request, response) => {
    response.writeHead(302, { location: storage.origin + (request.url ?? '') }).end();
  });
  const asked = askMany(t, mirror, 24, 20);
  await endAll(open, asked);
  await assertSpotless(asked);
});

test('a body that is whole gives its connection to others before it is judged, which may need one of the same mirror', async (t) => {
  const url = await serve(t, (_request, response) => void response.end(BODY));
  const clock = new VirtualClock();
  const mirrors = createMirrors({
    specs: [{ endpoint: { name: 'a', url }, weight: 10, tier: 0, match: '*', probePath: '/probe' }],
    settings: { ...MIRRORS_DEFAULTS, ...NO_HEDGE },
    openUpstream: ({ endpoint }) =>
      upstreamForTest(t, endpoint.url, { clock, settings: { maxConnections: 2 } }),
    clock,
    random: () => 0.5,
    emit: () => undefined,
  });
  const ask = async (kind: 'zip' | 'mod', n: number): Promise<Found> => {
    const file = { kind, module: `example.com/${n}`, version: 'v1.0.0' } as const;
    const question = { file, method: 'GET', maxBodyBytes: BODY.length } as const;
    const found = await mirrors.ask(question, new AbortController().signal);
    for await (const _ of found.body);
    return found;
  };
  // None is settled before all have been asked for what decides about them.
  const zips = await Promise.all([ask('zip', 1), ask('zip', 2), ask('zip', 3)]);
  const others = await Promise.all([ask('mod', 1), ask('mod', 2), ask('mod', 3)]);
  assert.equal(mirrors.views()[0]?.inFlight, 0);
  for (const found of [...zips, ...others]) found.settle({ kind: 'complete', bytes: BODY.length });
  assert.equal(mirrors.views()[0]?.inFlight, 0, 'given back once');
  await mirrors.close();
});

test('a trial whose body is whole lets others try the mirror before it is judged, which may take a look-up there', async (t) => {
  let status = 500;
  const url = await serve(t, (_request, response) => {
    response.statusCode = status;
    response.end(BODY);
  });
  const clock = new VirtualClock();
  const mirrors = createMirrors({
    specs: [{ endpoint: { name: 'a', url }, weight: 10, tier: 0, match: '*', probePath: '/probe' }],
    settings: { ...MIRRORS_DEFAULTS, ...NO_HEDGE },
    openUpstream: ({ endpoint }) => upstreamForTest(t, endpoint.url, { clock }),
    clock,
    random: () => 0.5,
    emit: () => undefined,
  });
  const ask = async (n: number): Promise<Found> => {
    const file = { kind: 'mod', module: `example.com/${n}`, version: 'v1.0.0' } as const;
    const question = { file, method: 'GET', maxBodyBytes: BODY.length } as const;
    const found = await mirrors.ask(question, new AbortController().signal);
    for await (const _ of found.body);
    return found;
  };
  const statusNow = () => mirrors.views()[0]?.status;
  const shut = async (): Promise<void> => {
    status = 500;
    for (let n = 0; n < 20 && statusNow() === 'HEALTHY'; n += 1)
      await assert.rejects(Promise.all([ask(n), clock.advance(1000)]));
    assert.equal(statusNow(), 'UNHEALTHY');
    status = 200;
    await clock.advance(120_000);
  };

  await shut();
  const first = await ask(1);
  const second = await ask(2);
  assert.equal(statusNow(), 'TRIAL', 'nothing is decided yet');
  first.settle({ kind: 'complete', bytes: BODY.length });
  assert.equal(statusNow(), 'HEALTHY', 'decided by the first, although it is no more its turn');
  second.settle({ kind: 'complete', bytes: BODY.length });

  await shut();
  const wrong = await ask(3);
  const right = await ask(4);
  wrong.settle({ kind: 'wrong', why: 'its hash is another', bytes: BODY.length });
  assert.equal(statusNow(), 'QUARANTINED');
  right.settle({ kind: 'complete', bytes: BODY.length });
  assert.equal(statusNow(), 'QUARANTINED', 'what was right beside a lie does not excuse it');
  await mirrors.close();
});
