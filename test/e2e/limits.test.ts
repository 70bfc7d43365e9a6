import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { fetchRaw } from '../support/http-client.ts';
import { goCommand, goEnvironment, goWorkspace } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup, serveRondo } from '../support/rondo-process.ts';
import { until } from '../support/until.ts';
import { tempProject } from '../support/temp-folder.ts';
import { chainOf, DATABASE, PROJECT, startMirrors } from './bench.ts';

await testWith(
  ['go'],
  'a build behind a limit that queues is slower and complete; with nodelay the same limit refuses it',
  async (context) => {
    const t = reverseCleanup(context);
    const mirrors = await startMirrors(t, ['only']);
    const build = async (
      limits: string,
      refused: string,
    ): Promise<{ code: number; stderr: string; limited: number }> => {
      const workspace = await goWorkspace(t);
      const env = goEnvironment({ workspace, goproxy: '', gosumdb: DATABASE.key });
      const config = `proxy = ${chainOf(mirrors)}\n[limits]\nloopback = true\n${limits}`;
      const rondo = await serveRondo(t, { env, config });
      const cwd = await tempProject(t, PROJECT);
      const run = await goCommand(['build', './...'], {
        workspace,
        goproxy: rondo.url,
        gosumdb: DATABASE.key,
        cwd,
      });
      assert.equal((await fetchRaw(`${rondo.url}/healthz`)).status, 200);
      const limited = (await rondo.metrics())('rondo_limited_requests_total', { limit: 'rate', refused });
      await rondo.stop();
      return { code: run.code, stderr: run.stderr, limited };
    };
    const queued = await build('rate = 5/s\nburst = 1000\n', 'false');
    assert.equal(queued.code, 0, queued.stderr);
    assert.ok(queued.limited > 10, `${queued.limited} waited`);
    context.diagnostic(`figures: ${queued.limited} requests of a build waited for their time`);
    const refused = await build('rate = 2/s\nburst = 1\nnodelay = true\nstatus = 429\n', 'true');
    assert.notEqual(refused.code, 0);
    assert.ok(refused.limited > 0);
    assert.match(refused.stderr, /429 Too Many Requests/);
  },
);

await testWith(
  ['go'],
  'whoever takes every connection and says nothing, or nothing more, keeps no build out',
  async (context) => {
    const t = reverseCleanup(context);
    const mirrors = await startMirrors(t, ['only']);
    const workspace = await goWorkspace(t);
    const env = goEnvironment({ workspace, goproxy: '', gosumdb: DATABASE.key });
    const limits = 'loopback = true\nconnections = 64\nclient_connections = 64\n';
    const rondo = await serveRondo(t, { env, config: `proxy = ${chainOf(mirrors)}\n[limits]\n${limits}` });
    const { port } = new URL(rondo.url);
    const served = 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
    for (let index = 0; index < 500; index += 1) {
      const socket = connect({ port: Number(port), host: '127.0.0.1' });
      t.after(async () => void socket.destroy());
      socket.on('error', () => undefined).resume();
      // The head of a request that never ends, a whole one, or nothing.
      if (index % 3 > 0) socket.write(served.slice(0, index % 3 === 1 ? 20 : undefined));
    }
    await until('the first ones are no longer new', async () => {
      const { status } = await fetchRaw(`${rondo.url}/healthz`);
      return status === 200;
    });
    const cwd = await tempProject(t, PROJECT);
    const goproxy = rondo.url;
    const run = await goCommand(['build', './...'], { workspace, goproxy, gosumdb: DATABASE.key, cwd });
    assert.equal(run.code, 0, run.stderr);
    const open = (await rondo.metrics())('rondo_client_connections');
    assert.ok(open <= 64 + 64, `${open} are open`);
    const told = (): number => rondo.stderr().split('[limits] client_connections').length - 1;
    await until('the log says so', async () => told() > 0);
    assert.equal(told(), 1, 'once');
    context.diagnostic(`figures: ${open} connections are open after 500 and a build`);
  },
);
