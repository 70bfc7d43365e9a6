import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { readServerPage, type ServerPage } from '../src/probe-mirrors.ts';
import { configUser } from './support/config-user.ts';
import './support/loopback-only.ts';
import { createAuthority } from './support/certificates.ts';
import { listen, onRequests, rawAnswer, startRawServer } from './support/raw-server.ts';
import { VirtualClock } from './support/virtual-clock.ts';

const PAGE = '/-/api/mirrors';

/** Asks whoever listens at `port` for the page. */
async function ask(t: TestContext, port: number, clock: VirtualClock): Promise<ServerPage | undefined> {
  const { load } = await configUser(t);
  const config = await load({ flags: { port } });
  return readServerPage(PAGE, {
    config,
    version: '0.0.0',
    platform: process.platform,
    clock,
    random: () => 0.5,
  });
}

test('a page that never ends costs two seconds, not the command', async (t) => {
  const clock = new VirtualClock();
  const dripping = Promise.withResolvers<void>();
  const { port } = await startRawServer(t, (socket) =>
    onRequests(socket, () => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{');
      dripping.resolve();
    }),
  );
  let over = false;
  const page = ask(t, port, clock).finally(() => (over = true));
  await dripping.promise;
  await clock.advance(1900);
  assert.equal(over, false);
  await clock.advance(200);
  assert.equal(await page, undefined);
});

test('a redirect of whoever listens there leads nowhere', async (t) => {
  const asked: string[] = [];
  const answering = (answer: string) => (socket: Socket) =>
    socket.once('data', (data: Buffer) => {
      // TLS is not spoken here.
      if (data[0] === 0x16) return void socket.destroy();
      asked.push(data.toString('latin1').split('\r\n')[0] ?? '');
      socket.write(answer);
    });
  const target = await startRawServer(t, answering(rawAnswer(200, 'internal')));
  const squatter = await startRawServer(
    t,
    answering(rawAnswer(302, '', { location: `${target.url.href}secret` })),
  );
  assert.equal(await ask(t, squatter.port, new VirtualClock()), undefined);
  assert.deepEqual(asked, [`GET ${PAGE} HTTP/1.1`]);
});

test('a server that speaks TLS is found without being told so', async (t) => {
  // Nobody needs to trust it: the page is words about mirrors.
  const { keyPem: key, certPem: cert } = createAuthority().issue(['another.example']);
  const sockets: Socket[] = [];
  const server = createServer({ key, cert }, (_request, response) => response.end('page'));
  server.on('connection', (socket) => sockets.push(socket));
  const { port } = await listen(t, server, sockets, '127.0.0.1', 'https');
  assert.deepEqual(await ask(t, port, new VirtualClock()), {
    url: `https://127.0.0.1:${port}/`,
    text: 'page',
  });
});
