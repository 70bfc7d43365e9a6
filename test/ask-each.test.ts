import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEach } from '../src/ask-each.ts';
import { openRondo } from '../src/ask-rondo.ts';
import { configUser } from './support/config-user.ts';
import './support/loopback-only.ts';
import { onRequests, startRawServer } from './support/raw-server.ts';
import { VirtualClock } from './support/virtual-clock.ts';

const FILE = { kind: 'zip', module: 'example.com/m', version: 'v1.0.0' } as const;

test('whoever gives up waits for no mirror that has begun to answer', async (t) => {
  let begun = Promise.withResolvers<void>();
  const { url } = await startRawServer(t, (socket) =>
    onRequests(socket, () => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nPK');
      begun.resolve();
    }),
  );
  const { load } = await configUser(t);
  const config = await load({ env: { GOPROXY: url.href } });
  // Its time stands still: no limit of a body ends the answer.
  const clock = new VirtualClock();
  const options = { config, version: '0.0.0', platform: process.platform, clock, random: () => 0.5 };
  const [mirror] = openEach(config.chain.mirrors, options);
  const rondo = openRondo(url, options);
  assert.ok(mirror !== undefined);
  for (const ask of [
    (signal: AbortSignal) => mirror.ask(FILE, { maxBytes: 2000 }, signal),
    (signal: AbortSignal) => rondo.ask(FILE, signal),
  ]) {
    begun = Promise.withResolvers<void>();
    const given = new AbortController();
    const asked = ask(given.signal);
    await begun.promise;
    given.abort(new Error('given up'));
    await assert.rejects(asked, { message: 'given up' });
  }
  await Promise.all([mirror.close(), rondo.close()]);
});
