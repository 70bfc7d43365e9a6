import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { createAuthority } from '../../test/support/certificates.ts';
import { SERVER_SETTINGS, startProxy, type ProxyFixture } from '../../test/support/proxy-fixture.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Reply } from '../proxy/reply.ts';
import type { ServerSettings } from './port.ts';
import type { ServerParts } from './server.ts';

const LIST = '/example.org/m/@v/list';
const GET = `GET ${LIST} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
const REPLY: Reply = {
  kind: 'bytes',
  bytes: Buffer.from('v1.0.0\n'),
  contentType: 'text/plain',
  maxAgeS: 60,
  cache: 'hit',
};
/** Those of tests come from this machine. */
const LIMITED = { perS: Infinity, burst: 0, nodelay: false, status: 503, concurrent: Infinity };
const YOUNG_MS = 1000;
const MAX_BEYOND = 64;

type Crowded = ProxyFixture & {
  readonly clock: VirtualClock;
  /** Another connection, as soon as the server has it. */
  readonly dial: (from?: string) => Promise<Client>;
  readonly notices: () => string[];
};

/** One connection of a client. */
type Client = {
  readonly socket: Socket;
  /** Answers so far. */
  readonly said: () => string;
  /** Asks once and resolves with the status. */
  readonly ask: () => Promise<string | undefined>;
  readonly closed: Promise<void>;
  readonly isOpen: () => boolean;
};

/** A server with limits whose time stands still. */
async function crowded(
  t: TestContext,
  connections: NonNullable<ServerSettings['connections']>,
  answer: () => Reply | Promise<Reply> = () => REPLY,
  more: Partial<Omit<ServerParts, 'settings'>> = {},
  loopback = true,
): Promise<Crowded> {
  const clock = new VirtualClock();
  const settings = { connections, clients: { ...LIMITED, loopback } };
  const fixture = await startProxy(t, answer, { clock, settings, ...more });
  let accepted = 0;
  let wake: (() => void) | undefined;
  fixture.proxy.server.on('connection', () => {
    accepted += 1;
    wake?.();
  });
  let dialled = 0;
  return {
    ...fixture,
    clock,
    async dial(from = '127.0.0.1') {
      const socket = connect({ port: fixture.port, host: '127.0.0.1', localAddress: from });
      t.after(() => socket.destroy());
      dialled += 1;
      const client = clientOn(socket);
      while (accepted < dialled) await new Promise<void>((resolve) => (wake = resolve));
      return client;
    },
    notices: () => fixture.events.flatMap((each) => (each.type === 'notice' ? each.message : [])),
  };
}

function clientOn(socket: Socket): Client {
  let text = '';
  let heard: (() => void) | undefined;
  socket.on('error', () => undefined);
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1');
    heard?.();
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  void closed.then(() => heard?.());
  let asked = 0;
  return {
    socket,
    said: () => text,
    async ask() {
      asked += 1;
      socket.write(GET);
      const answers = (): RegExpMatchArray[] => [...text.matchAll(/HTTP\/1\.1 (\d+) [^]*?\r\n\r\n[^\r]*\n/g)];
      while (answers().length < asked && !socket.closed)
        await new Promise<void>((resolve) => (heard = resolve));
      return answers()[asked - 1]?.[1];
    },
    closed,
    isOpen: () => !socket.destroyed && !socket.readableEnded,
  };
}

test('where all are taken the longest idle one makes room, and those that are asked for something never', async (t) => {
  const gate = Promise.withResolvers<Reply>();
  let asked = 0;
  const { dial, proxy, notices, events } = await crowded(t, { most: 3, perClient: 3 }, () => {
    asked += 1;
    return asked === 1 ? gate.promise : REPLY;
  });
  const busy = await dial();
  busy.socket.write(GET);
  while (asked < 1) await new Promise((resolve) => setImmediate(resolve));
  const [first, second] = [await dial(), await dial()];
  assert.equal(await first.ask(), '200');
  assert.equal(await second.ask(), '200');
  assert.equal(await first.ask(), '200', 'so that the second is idle for longer');
  assert.deepEqual(notices(), []);
  const third = await dial();
  await second.closed;
  assert.equal(await third.ask(), '200');
  assert.equal(await first.ask(), '200');
  assert.equal(proxy.connections(), 3);
  gate.resolve(REPLY);
  for (let more = 0; more < 5; more += 1) assert.equal(await (await dial()).ask(), '200');
  assert.equal(proxy.connections(), 3);
  assert.equal(notices().length, 1, 'once');
  assert.match(notices()[0] ?? '', /^127\.0\.0\.1 has 3 connections open.*\[limits\] client_connections/);
  assert.ok(
    events.every(({ type }) => type !== 'limit'),
    'nobody was refused',
  );
});

test('where all are busy the new one is told so when it asks, and let in if there is room by then', async (t) => {
  const gates: PromiseWithResolvers<Reply>[] = [];
  const { dial, notices, events, requests, clock } = await crowded(t, { most: 2, perClient: 2 }, () => {
    const gate = Promise.withResolvers<Reply>();
    gates.push(gate);
    return gate.promise;
  });
  const busy = [await dial(), await dial()];
  const asking = busy.map((each) => each.ask());
  while (gates.length < 2) await new Promise((resolve) => setImmediate(resolve));
  const [refused, patient] = [await dial(), await dial()];
  assert.equal(await refused.ask(), '503');
  await refused.closed;
  assert.match(refused.said(), /Retry-After: 1\r\n[^]*Connection: close\r\n/);
  assert.match(refused.said(), /\nhint: open fewer at once, or have \[limits\] client_connections of this/);
  assert.deepEqual(
    events.flatMap((each) => (each.type === 'limit' ? [each.limit, each.refused] : [])),
    ['connections', true],
  );
  assert.equal((await requests(1))[0]?.status, 503);
  gates[0]?.resolve(REPLY);
  assert.equal(await asking[0], '200');
  await requests(2);
  const late = patient.ask();
  while (gates.length < 3) await new Promise((resolve) => setImmediate(resolve));
  gates[2]?.resolve(REPLY);
  assert.equal(await late, '200');
  await busy[0]?.closed;
  gates[1]?.resolve(REPLY);
  assert.equal(await asking[1], '200');
  assert.equal(notices().length, 1);
  await clock.advance(3_600_000);
  await dial();
  assert.equal(notices().length, 2, 'an hour later it is told again');
});

test('one client has a part of them, and the others have the rest', async (t) => {
  const { dial, proxy } = await crowded(t, { most: 4 });
  const greedy = [await dial('127.0.0.2'), await dial('127.0.0.2')];
  for (const each of greedy) assert.equal(await each.ask(), '200');
  const other = await dial('127.0.0.3');
  assert.equal(await other.ask(), '200');
  const more = await dial('127.0.0.2');
  await greedy[0]?.closed;
  assert.equal(await more.ask(), '200');
  assert.equal(await other.ask(), '200', 'of another client none is closed for it');
  assert.equal(proxy.connections(), 3);
});

test('a client on this machine is one of many, unless that is configured', async (t) => {
  const { dial, proxy } = await crowded(t, { most: 4, perClient: 1 }, () => REPLY, {}, false);
  const all = [await dial(), await dial(), await dial(), await dial()];
  for (const each of all) assert.equal(await each.ask(), '200');
  assert.ok(all.every((each) => each.isOpen()));
  const fifth = await dial();
  await all[0]?.closed;
  assert.equal(await fifth.ask(), '200');
  assert.equal(proxy.connections(), 4);
});

test('who connects and says nothing makes room after a second, and a request on its way is waited for', async (t) => {
  const { dial, clock } = await crowded(t, { most: 2, perClient: 2 });
  const young = [await dial(), await dial()];
  const refused = await dial();
  assert.equal(await refused.ask(), '503');
  await clock.advance(YOUNG_MS);
  const next = await dial();
  await young[0]?.closed;
  assert.equal(await next.ask(), '200');
  assert.equal(await young[1]?.ask(), '200');
});

test('beyond the limits only some are kept to be told so', async (t) => {
  const gate = Promise.withResolvers<Reply>();
  let asked = 0;
  const { dial, proxy, clock } = await crowded(t, { most: 1, perClient: 1 }, () => {
    asked += 1;
    return gate.promise;
  });
  const busy = await dial();
  busy.socket.write(GET);
  while (asked < 1) await new Promise((resolve) => setImmediate(resolve));
  const told: Client[] = [];
  for (let more = 0; more < MAX_BEYOND; more += 1) told.push(await dial());
  const tooMany = await dial();
  await tooMany.closed;
  assert.equal(tooMany.said(), '');
  assert.equal(proxy.connections(), 1 + MAX_BEYOND);
  await clock.advance(YOUNG_MS);
  const later = await dial();
  await told[0]?.closed;
  assert.equal(proxy.connections(), 1 + MAX_BEYOND);
  assert.equal(await later.ask(), '503');
  assert.equal(await told[1]?.ask(), '503');
  gate.resolve(REPLY);
});

test('a third of the open files are the most, whatever is configured', async (t) => {
  const { dial, proxy } = await crowded(t, { most: 100, perClient: 100 }, () => REPLY, { openFiles: 8 });
  const all = [await dial(), await dial()];
  for (const each of all) await each.ask();
  assert.equal(await (await dial()).ask(), '200');
  await all[0]?.closed;
  assert.equal(proxy.connections(), 2);
});

test('without configuration nobody is closed or refused who comes with some hundred', async (t) => {
  const fixture = await startProxy(t, () => REPLY);
  const all = Array.from({ length: 300 }, () => clientOn(connect(fixture.port, '127.0.0.1')));
  t.after(() => all.forEach(({ socket }) => socket.destroy()));
  for (const each of all) assert.equal(await each.ask(), '200');
  for (const each of all) assert.equal(await each.ask(), '200');
  assert.equal(fixture.proxy.connections(), 300);
});

test('a lower limit after a reload closes idle ones with the next connection; a connection that ends gives its place back', async (t) => {
  const { dial, proxy, notices } = await crowded(t, { most: 5, perClient: 5 });
  const all: Client[] = [];
  for (let more = 0; more < 5; more += 1) all.push(await dial());
  for (const each of all) await each.ask();
  const clients = { ...LIMITED, loopback: true };
  proxy.replace({ ...SERVER_SETTINGS, clients, connections: { most: 2, perClient: 2 } });
  const next = await dial();
  for (const each of all.slice(0, 4)) await each.closed;
  assert.equal(proxy.connections(), 2);
  assert.equal(notices().length, 1);
  next.socket.destroy();
  while (proxy.connections() > 1) await new Promise((resolve) => setImmediate(resolve));
  const last = await dial();
  assert.equal(await last.ask(), '200');
  assert.equal(await all[4]?.ask(), '200');
});

test('connections of TLS are counted and closed as those without', async (t) => {
  const authority = createAuthority();
  const { certPem: cert, keyPem: key } = authority.issue(['localhost', '127.0.0.1']);
  const keyPair = { cert, key };
  const { port, proxy } = await crowded(t, { most: 2, perClient: 2 }, () => REPLY, { keyPair });
  const dial = (): Client => {
    const socket = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca: authority.certPem });
    t.after(() => socket.destroy());
    return clientOn(socket);
  };
  const all = [dial(), dial()];
  for (const each of all) assert.equal(await each.ask(), '200');
  assert.equal(await all[0]?.ask(), '200');
  const third = dial();
  assert.equal(await third.ask(), '200');
  await all[1]?.closed;
  assert.equal(await all[0]?.ask(), '200');
  assert.equal(proxy.connections(), 2);
  for (const { socket } of [third, ...all]) socket.destroy();
  while (proxy.connections() > 0) await new Promise((resolve) => setImmediate(resolve));
  const silent = clientOn(connect(port, '127.0.0.1'));
  while (proxy.connections() < 1) await new Promise((resolve) => setImmediate(resolve));
  silent.socket.destroy();
  while (proxy.connections() > 0) await new Promise((resolve) => setImmediate(resolve));
});
