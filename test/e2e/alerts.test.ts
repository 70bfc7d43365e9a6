import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { serverOf, startWebhook, titleOf } from '../alerts/alert-world.ts';
import { goEnvironment, goWorkspace } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import { reservePort } from '../support/reserved-port.ts';
import { reverseCleanup, serveRondo } from '../support/rondo-process.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { runRondo } from './rondo-command.ts';

async function user(t: Parameters<typeof goWorkspace>[0]): Promise<Record<string, string>> {
  const workspace = await goWorkspace(t);
  return goEnvironment({ workspace, goproxy: 'http://127.0.0.1:9' });
}

test('a server that is killed and started again tells nothing twice', async (context) => {
  const t = reverseCleanup(context);
  const hook = await startWebhook(t);
  const env = await user(t);
  const cacheDir = await tempFolder(t, 'cache');
  const reserved = await reservePort();
  const { port } = reserved;
  reserved.release();
  const config = `[alerts]\nwebhook = ${hook.url}\nkinds = disk\ndisk = 1\n`;
  const first = await serveRondo(t, { env, cacheDir, config, port });
  const [alert] = await hook.come(1);
  assert.equal(titleOf(alert?.body ?? ''), `disk.firing ${cacheDir} 1`);
  const metrics = await first.metrics();
  assert.equal(metrics('rondo_alerts_total', { kind: 'disk', state: 'firing' }), 1);
  const state = async (): Promise<string> =>
    readFile(join(cacheDir, 'rondo', `alerts-127.0.0.1-${port}.json`), 'utf8');
  await until('it is written down that it was taken', async () => (await state()).includes('"alerts":[]'));
  await first.kill();
  // Another kind is told at the same look, so that the silence of the first is seen.
  const other = config.replace('kinds = disk', 'kinds = disk,mirror-down').concat('after = 0s\n');
  const second = await serveRondo(t, { env, cacheDir, config: other, port });
  const all = await hook.come(2);
  assert.deepEqual(
    all.map(({ body }) => titleOf(body).replace(/ .*/, '')),
    ['disk.firing', 'mirror-down.firing'],
  );
  const metricsThen = await second.metrics();
  assert.equal(metricsThen('rondo_alerts_total', { kind: 'disk' }), 0);
  assert.equal(await second.stop(), 0);
});

test('rondo alerts test sends one to each, and says who has not taken it', async (context) => {
  const t = reverseCleanup(context);
  const hook = await startWebhook(t);
  const env = { ...(await user(t)), RONDO_ALERTS_WEBHOOK: hook.url };
  const cwd = await tempFolder(t, 'cwd');
  const well = await runRondo(t, ['alerts', 'test'], { env, cwd });
  assert.deepEqual([well.code, well.stderr], [0, 'rondo: alerts.webhook has taken it\n']);
  assert.equal(titleOf(hook.posted[0]?.body ?? ''), 'test.firing rondo 1');
  assert.equal(serverOf(hook.posted[0]?.body ?? ''), `${hostname()}:7070`);
  hook.script.push((response) => response.writeHead(403).end('no_such\u001b[2J_room\nmore of it'));
  const ill = await runRondo(t, ['alerts', 'test', '--json'], {
    env: { ...env, RONDO_ALERTS_COMMAND: '/bin/true' },
    cwd,
  });
  assert.equal(ill.code, 1, ill.stderr);
  assert.deepEqual(JSON.parse(ill.stdout), {
    version: 1,
    receivers: [
      { receiver: 'webhook', ok: false, why: 'it answers 403: no_such [2J_room' },
      { receiver: 'command', ok: true },
    ],
  });
  const nobody = await runRondo(t, ['alerts', 'test'], { env: await user(t), cwd });
  assert.equal(nobody.code, 2);
  assert.match(nobody.stderr, /nobody is told of anything/);
  const { stdout } = await runRondo(t, ['alerts', 'test', '--help'], { env, cwd });
  for (const code of [0, 1, 2, 130]) assert.match(stdout, new RegExp(`^ +${code} `, 'm'));
});

test('a webhook that nobody answers, or that leads elsewhere, is told with its cause', async (context) => {
  const t = reverseCleanup(context);
  const hook = await startWebhook(t);
  const env = await user(t);
  const cwd = await tempFolder(t, 'cwd');
  const whyNot = async (webhook: string): Promise<string> => {
    const run = await runRondo(t, ['alerts', 'test'], {
      env: { ...env, RONDO_ALERTS_WEBHOOK: webhook },
      cwd,
    });
    assert.equal(run.code, 1);
    return run.stderr;
  };
  const { port, release } = await reservePort();
  t.after(async () => release());
  // Two addresses where the machine has both: each refuses, and one of them is what is told.
  assert.match(
    await whyNot(`http://localhost:${port}/hook`),
    /alerts\.webhook has not taken it: .*ECONNREFUSED/,
  );
  hook.script.push((response) => response.writeHead(302, { location: '/elsewhere' }).end());
  assert.match(await whyNot(hook.url), /it answers 302, a redirect, which is not followed/);
});
