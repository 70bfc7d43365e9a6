import { english } from '../support/english.ts';
import '../support/loopback-only.ts';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createApp, type App } from '../../src/app.ts';
import type { Config } from '../../src/config/config.ts';
import { systemClock } from '../../src/kit/clock.ts';
import type { Reload } from '../../src/reload.ts';
import { configUser } from '../support/config-user.ts';
import { bigModule } from '../support/fixture-modules.ts';
import { fetchRaw } from '../support/http-client.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import type { Cleanup } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

/** A Rondo in this process whose configuration is a file, and which reads it again when it is told to. */
async function reloadable(t: Cleanup, first: string) {
  const { load, write, home } = await configUser(t);
  const file = await write('rondo.ini', first);
  const read = (): Promise<Config> =>
    load({ flags: { config: file }, env: { GOSUMDB: 'off' }, cacheDir: `${home}/copy` });
  const app: App = await createApp({
    config: await read(),
    readConfig: read,
    version: '0.0.0',
    offline: false,
    clock: systemClock,
    random: Math.random,
    logRequests: false,
    keepsHistory: false,
  });
  t.after(() => app.force());
  const { url } = await app.listen('127.0.0.1', 0);
  /** Resolves once it has been read, with what came of it. */
  const goOn = async (text: string): Promise<Reload | undefined> => {
    await write('rondo.ini', text);
    return app.reload?.('an order');
  };
  return { app, url, goOn };
}

type Served = {
  readonly name: string;
  readonly url: string;
  /** Open now. */
  connections(): Promise<number>;
};

/** A mirror that answers as `listener` does, and never gives a connection up by itself. */
async function serve(t: Cleanup, name: string, listener: RequestListener): Promise<Served> {
  const server = createServer({ keepAliveTimeout: 0 }, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    return Promise.resolve(void server.close());
  });
  const { port } = server.address() as AddressInfo;
  const connections = (): Promise<number> =>
    new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
  return { name, url: `http://127.0.0.1:${port}`, connections };
}

/** A mirror that has the go.mod of every module. */
function anyModule(t: Cleanup, name: string): Promise<Served> {
  return serve(t, name, ({ url = '' }, response) => {
    const module = /^\/(.+)\/@v\/v1\.0\.0\.mod$/.exec(url)?.[1];
    if (module === undefined) return void response.writeHead(404).end();
    response.end(`module ${module}\n`);
  });
}

/** Modules that nobody has asked for yet. */
function freshPaths(): () => string {
  let count = 0;
  return () => `/example.com/m${(count += 1)}/@v/v1.0.0.mod`;
}

/** A configuration with these mirrors and weights, which alone decide who is asked: not how fast each is today. */
function chain(...weights: readonly (readonly [Served, number])[]): string {
  const sections = weights.map(
    ([{ name, url }, weight]) => `[mirror "${name}"]\nurl = ${url}\nweight = ${weight}\n`,
  );
  return `${sections.join('')}[hedge]\ntokens = 0\n[selection]\npin = 0s\nspeed_tolerance = 1000\n`;
}

const RELOADS = 24;

test('reloads under load: no request fails, and each counts for the first request after it', async (context) => {
  const t = reverseCleanup(context);
  const [a, b] = [await anyModule(t, 'a'), await anyModule(t, 'b')];
  const { url, goOn } = await reloadable(t, chain([a, 1]));
  const agent = new Agent({ keepAlive: true });
  t.after(() => Promise.resolve(agent.destroy()));
  const next = freshPaths();
  const failed: string[] = [];
  const misled: string[] = [];
  let asked = 0;
  let over = false;
  const client = async (): Promise<void> => {
    while (!over && asked < 10_000) {
      asked += 1;
      const { status, complete, body } = await fetchRaw(url + next(), { agent });
      if (status !== 200 || !complete) failed.push(`${status} ${body.toString()}`);
    }
  };
  const clients = Array.from({ length: 4 }, client);
  for (let reloads = 0; reloads < RELOADS; reloads += 1) {
    const only = reloads % 2 === 0 ? b : a;
    // Now and then with something by which connections are made anew.
    const more = reloads % 7 === 0 ? `[connections]\nmax = ${50 + reloads}\n` : '';
    await goOn(chain([only, 1]) + more);
    const { status, headers } = await fetchRaw(url + next(), { agent });
    if (status !== 200 || headers['x-rondo-mirror'] !== only.name)
      misled.push(`${status} by ${String(headers['x-rondo-mirror'])} and not ${only.name}`);
  }
  over = true;
  await Promise.all(clients);
  context.diagnostic(`reached: ${asked} requests beside ${RELOADS} reloads`);
  assert.deepEqual({ failed, misled }, { failed: [], misled: [] });
  assert.ok(asked >= RELOADS, `${asked} requests`);
  await until('the one that is gone has no connection', async () => (await b.connections()) === 0);
});

test('weights count at once, and so does a mirror that is new', async (context) => {
  const t = reverseCleanup(context);
  const [a, b] = [await anyModule(t, 'a'), await anyModule(t, 'b')];
  const { url, goOn } = await reloadable(t, chain([a, 1]));
  const next = freshPaths();
  const shares = async (): Promise<Record<string, number>> => {
    const counts: Record<string, number> = { a: 0, b: 0 };
    for (let n = 0; n < 40; n += 1) {
      const { headers } = await fetchRaw(url + next());
      const name = String(headers['x-rondo-mirror']);
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  };
  await goOn(chain([a, 1], [b, 3]));
  assert.deepEqual(await shares(), { a: 10, b: 30 });
  await goOn(chain([a, 9], [b, 1]));
  assert.deepEqual(await shares(), { a: 36, b: 4 });
  const refused = await goOn(`${chain([a, 1], [b, 9])}[mirror "nobody"\n`);
  assert.equal(refused?.kind, 'refused');
  assert.deepEqual(await shares(), { a: 36, b: 4 }, 'a file that is wrong changes nothing');
});

test('a mirror that is gone ends what it has begun, whatever else changes; then its connections close', async (context) => {
  const t = reverseCleanup(context);
  const module = await bigModule('example.com/big', 'v1.0.0', 1);
  const half = module.zip.length >> 1;
  const held: ServerResponse[] = [];
  const old = await serve(t, 'old', ({ url = '' }, response) => {
    if (!url.endsWith('.zip')) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-length': module.zip.length });
    response.write(module.zip.subarray(0, half));
    held.push(response);
  });
  const a = await anyModule(t, 'a');
  const { url, goOn } = await reloadable(t, `${chain([old, 1])}[cache]\nhold = whole\n`);
  const download = fetchRaw(`${url}/example.com/big/@v/v1.0.0.zip`);
  await until('the mirror is asked', () => Promise.resolve(held.length === 1));
  const reload = await goOn(`${chain([a, 1])}[connections]\nmax = 7\n[timeouts]\ndeadline = 200ms\n`);
  assert.ok(
    reload?.kind === 'done' && english(reload.changed).includes('mirror old is gone'),
    JSON.stringify(reload),
  );
  const mod = await fetchRaw(`${url}/example.com/m/@v/v1.0.0.mod`);
  assert.deepEqual([mod.status, mod.headers['x-rondo-mirror']], [200, 'a']);
  assert.ok((await old.connections()) >= 1, 'it is still at it');
  for (const response of held) response.end(module.zip.subarray(half));
  const { status, body, headers } = await download;
  assert.deepEqual([status, headers['x-rondo-mirror'], body.equals(module.zip)], [200, 'old', true]);
  await until('no connection is left', async () => (await old.connections()) === 0);
  assert.equal(held.length, 1);
});
