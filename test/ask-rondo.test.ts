import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRondo } from '../src/ask-rondo.ts';
import { startBlackHole } from './support/black-hole.ts';
import { configUser } from './support/config-user.ts';
import './support/loopback-only.ts';
import { onRequests, startRawServer } from './support/raw-server.ts';
import { VirtualClock } from './support/virtual-clock.ts';

const FILE = { kind: 'zip', module: 'example.com/m', version: 'v1.0.0' } as const;

test('a Rondo that says no is there; one that cannot be reached, or says nothing, is not', async (t) => {
  const answering = (answer: string): Promise<{ url: URL }> =>
    startRawServer(t, (socket) => onRequests(socket, () => void socket.write(answer)));
  const { load } = await configUser(t);
  const clock = new VirtualClock();
  const whole = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nPK';
  const table: [string, URL, boolean | undefined][] = [
    [
      '404',
      (await answering('HTTP/1.1 404 Not Found\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nno'))
        .url,
      false,
    ],
    ['500', (await answering('HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n')).url, false],
    ['a file', (await answering(whole)).url, undefined],
    ['says nothing', (await answering('')).url, true],
    ['a black hole', new URL(`http://127.0.0.1:${await startBlackHole(t, '127.0.0.1')}`), true],
  ];
  for (const [name, url, nobody] of table) {
    const config = await load({ env: { GOPROXY: url.href } });
    const rondo = openRondo(url, {
      config,
      version: '0.0.0',
      platform: process.platform,
      clock,
      random: () => 0.5,
    });
    let ended = false;
    const asked = rondo.ask(FILE, new AbortController().signal).finally(() => (ended = true));
    // Nobody waits for what only time ends.
    while (nobody === true && !ended) {
      await clock.advance(config.timeouts.headerMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal((await asked)?.nobody, nobody, name);
    await rondo.close();
  }
});
