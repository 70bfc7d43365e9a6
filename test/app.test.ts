import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { fetchRaw, orderOf } from './support/http-client.ts';
import './support/loopback-only.ts';
import { reservePort } from './support/reserved-port.ts';
import { testApp } from './support/test-app.ts';
import { VirtualClock } from './support/virtual-clock.ts';
import type { App } from '../src/app.ts';

/** A mirror that never answers; `asked` resolves when it is asked for a list. */
async function silentMirror(t: TestContext): Promise<{ url: string; asked: Promise<void> }> {
  const asked = Promise.withResolvers<void>();
  const server = createServer((request) => {
    if (request.url?.endsWith('/list')) asked.resolve();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: asked.promise };
}

/** An App in front of `mirror` whose time stands still. */
function stillApp(
  t: TestContext,
  mirror: string,
  { drain = '30s', offline = false }: { readonly drain?: string; readonly offline?: boolean },
): Promise<App> {
  const env = { GOPROXY: mirror, GOSUMDB: 'off', RONDO_SERVER_DRAIN: drain };
  return testApp(t, { env: () => env, offline, clock: new VirtualClock() });
}

test('a mirror by any name or address of this machine, at its own port, is Rondo itself', async (t) => {
  const reserved = await reservePort();
  t.after(() => reserved.release());
  const { port } = reserved;
  const own = ['127.0.0.1', '127.9.9.9', 'localhost', 'localhost.', 'a.localhost', '[::1]', '0.0.0.0'];
  const others = [`localhost.example:${port}`, `127.0.0.1:${port === 9 ? 8 : 9}`];
  const hosts = [...own.map((host) => `${host}:${port}`), ...others];
  const app = await stillApp(t, hosts.map((host) => `http://${host}`).join(','), { offline: true });
  const leftOut: string[] = [];
  app.bus.subscribe((event) => {
    if (event.type === 'notice') leftOut.push(event.message);
  });
  await app.listen('127.0.0.1', port);
  assert.deepEqual(
    leftOut,
    own.map((host) => `mirror ${host}:${port} is left out: it is this Rondo itself`),
  );
});

test('with server.drain = 0s a stop takes nothing new, cuts what runs, and is over at once', async (t) => {
  const mirror = await silentMirror(t);
  const app = await stillApp(t, mirror.url, { drain: '0s' });
  const { url } = await app.listen('127.0.0.1', 0);
  const running = fetchRaw(`${url}/example.com/m/@v/list`);
  await mirror.asked;
  const ended = app.drain();
  assert.equal((await fetchRaw(`${url}/`)).error?.code, 'ECONNREFUSED', 'before all else is closed');
  assert.equal((await running).status, 0, 'no answer that speaks of an inner error');
  await ended;
});

test('where no mirror may be asked it is ready, for the sake of its copy, and says so', async (t) => {
  const mirror = await silentMirror(t);
  const app = await stillApp(t, mirror.url, {});
  const { url } = await app.listen('127.0.0.1', 0);
  const read = async (): Promise<string[]> => {
    const [page, metrics] = await Promise.all([fetchRaw(`${url}/readyz`), fetchRaw(`${url}/metrics`)]);
    const eligible = /^rondo_mirrors_eligible (\d)$/m.exec(metrics.body.toString())?.[1] ?? '';
    return [String(page.status), page.body.toString(), eligible];
  };
  assert.deepEqual(await read(), ['200', 'ready\n', '1']);
  const name = encodeURIComponent(new URL(mirror.url).host);
  const { status } = await fetchRaw(`${url}/-/api/mirrors/${name}`, orderOf({ drain: '1h' }));
  assert.equal(status, 200);
  const said = 'ready, but no mirror may be asked now: it answers from the copy alone\n';
  assert.deepEqual(await read(), ['200', said, '0']);
});
