import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openAlerts } from '../../src/open-alerts.ts';
import { alertWorld, serverOf, startWebhook, titleOf } from './alert-world.ts';
import { happens } from '../support/happens.ts';
import '../support/loopback-only.ts';
import { reservePort } from '../support/reserved-port.ts';

const DOWN = { status: 'UNHEALTHY', why: '3 probes failed' } as const;
const UP = { status: 'HEALTHY', why: '' } as const;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

test('a mirror that is down is told once, signed, and that it is up again once', async (t) => {
  const [world, hook] = [await alertWorld(t), await startWebhook(t)];
  await world.start({
    RONDO_ALERTS_WEBHOOK: hook.url,
    RONDO_ALERTS_SECRET_ENV: 'KEY',
    KEY: 'a plain text that is long',
  });
  world.mirror(DOWN);
  await world.looks(3);
  assert.equal(hook.posted.length, 0, 'not before it has been down for 30 s');
  await world.looks(1);
  const [first] = await hook.come(1);
  assert.equal(titleOf(first?.body ?? ''), 'mirror-down.firing a 1');
  assert.equal(serverOf(first?.body ?? ''), `${hostname()}:7070`);
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = first?.headers ?? {};
  const right = createHmac('sha256', 'a plain text that is long')
    .update(`${String(id)}.${String(at)}.${first?.body}`)
    .digest('base64');
  assert.equal(signature, `v1,${right}`);
  await world.looks(20);
  world.mirror(UP);
  await world.looks(31);
  const all = await hook.come(2);
  assert.deepEqual(
    all.map(({ body }) => titleOf(body)),
    ['mirror-down.firing a 1', 'mirror-down.resolved a 1'],
  );
  assert.deepEqual(world.told, []);
});

test('a restart tells nothing again of the same incident, and still tells that it is over', async (t) => {
  const [world, hook] = [await alertWorld(t), await startWebhook(t)];
  const env = { RONDO_ALERTS_WEBHOOK: hook.url };
  await world.start(env);
  world.mirror(DOWN);
  await world.looks(4);
  await hook.come(1);
  await world.stop();
  await world.clock.advance(3_600_000);
  // Nobody has been probed yet, so the mirror looks well for a while.
  world.mirror(UP);
  await world.start(env);
  await world.looks(10);
  world.mirror(DOWN);
  await world.looks(30);
  assert.equal(hook.posted.length, 1);
  await world.start(env);
  world.mirror(UP);
  await world.looks(32);
  const all = await hook.come(2);
  assert.deepEqual(
    all.map(({ body }) => titleOf(body)),
    ['mirror-down.firing a 1', 'mirror-down.resolved a 1'],
  );
});

test('an alert is sent again until it is taken: after an error, a redirect, a hang, an answer without end', async (t) => {
  const [world, hook] = [await alertWorld(t), await startWebhook(t)];
  hook.script.push(
    (response) => response.writeHead(500).end('x'.repeat(1024)),
    (response) => response.writeHead(307, { location: `${hook.url}/elsewhere` }).end(),
    () => undefined,
    (response) => response.destroy(),
  );
  await world.start({ RONDO_ALERTS_WEBHOOK: hook.url, RONDO_ALERTS_AFTER: '0s' });
  world.mirror(DOWN);
  await world.looks(1);
  const refused = (count: number) => (): boolean => world.tries.length >= count;
  await happens(refused(1));
  await world.clock.advance(1_000);
  await happens(refused(2));
  await world.clock.advance(2_000);
  await hook.come(3);
  // The time limit of one that hangs.
  await world.clock.advance(10_000);
  await happens(refused(3));
  await world.clock.advance(4_000);
  await happens(refused(4));
  hook.script.push((response) => {
    response.writeHead(200);
    const pour = (): void => {
      while (response.write(Buffer.alloc(64 * 1024)));
      response.once('drain', pour);
    };
    pour();
  });
  await world.clock.advance(8_000);
  await happens(refused(5));
  const webhook = ['refused', 'refused', 'refused', 'refused', 'taken'].map((each) => `webhook ${each}`);
  assert.deepEqual(world.tries, webhook);
  const ids = new Set(hook.posted.map(({ headers }) => headers['webhook-id']));
  assert.deepEqual(
    [ids.size, hook.posted.length],
    [1, 5],
    'always the same id, and no redirect was followed',
  );
  assert.deepEqual(world.told, [
    `alerts.webhook takes no alert: it answers 500: ${'x'.repeat(200)}; it is told again until it does`,
  ]);
});

test('a webhook that repeats the path of its URL gets it into no message', async (t) => {
  const [world, hook] = [await alertWorld(t), await startWebhook(t)];
  const path = '/services/T000/B000/SECRETTOKEN123';
  hook.script.push((response) => {
    response.writeHead(404).end(JSON.stringify({ message: `Route POST:${path} not found` }));
  });
  await world.start({ RONDO_ALERTS_WEBHOOK: new URL(path, hook.url).href, RONDO_ALERTS_AFTER: '0s' });
  world.mirror(DOWN);
  await world.looks(1);
  const why = 'it answers 404: {"message":"Route POST:*** not found"}';
  assert.deepEqual(world.told, [`alerts.webhook takes no alert: ${why}; it is told again until it does`]);
});

test('what could not be sent is sent by the next Rondo', async (t) => {
  const [world, reserved] = [await alertWorld(t), await reservePort()];
  const url = `http://127.0.0.1:${reserved.port}/`;
  reserved.release();
  await world.start({ RONDO_ALERTS_WEBHOOK: url, RONDO_ALERTS_AFTER: '0s' });
  world.mirror(DOWN);
  await world.looks(1);
  await happens(() => world.tries.length > 0);
  assert.match(world.told[0] ?? '', /ECONNREFUSED/);
  await world.stop();
  const hook = await startWebhook(t);
  await world.start({ RONDO_ALERTS_WEBHOOK: hook.url, RONDO_ALERTS_AFTER: '0s' });
  assert.deepEqual(
    (await hook.come(1)).map(({ body }) => titleOf(body)),
    ['mirror-down.firing a 1'],
  );
});

test('whoever is killed after it was taken and before that is written down sends it again, with the same id', async (t) => {
  const [world, hook] = [await alertWorld(t), await startWebhook(t)];
  const env = { RONDO_ALERTS_WEBHOOK: hook.url, RONDO_ALERTS_AFTER: '0s' };
  const state = join(world.user.home, '.cache', 'rondo', 'rondo', 'alerts-127.0.0.1-7070.json');
  hook.script.push((response) => {
    // As the disk is at this moment.
    void copyFile(state, `${state}.then`).then(() => response.writeHead(204).end());
  });
  await world.start(env);
  world.mirror(DOWN);
  await world.looks(1);
  await happens(() => world.tries.length > 0);
  await world.stop();
  await copyFile(`${state}.then`, state);
  await world.start(env);
  const [one, two] = await hook.come(2);
  assert.equal(one?.headers['webhook-id'], two?.headers['webhook-id']);
  assert.equal(one?.body, two?.body);
});

test('where nothing can be written down it is sent all the same, and that is told once', async (t) => {
  const [world, hook] = [await alertWorld(t), await startWebhook(t)];
  const state = join(world.user.home, '.cache', 'rondo', 'rondo', 'alerts-127.0.0.1-7070.json');
  await world.start({ RONDO_ALERTS_WEBHOOK: hook.url, RONDO_ALERTS_AFTER: '0s', RONDO_ALERTS_CLEAR: '0s' });
  await mkdir(state, { recursive: true });
  world.mirror(DOWN);
  await world.looks(1);
  await hook.come(1);
  world.mirror(UP);
  await world.looks(2);
  await hook.come(2);
  assert.equal(world.told.length, 1, world.told.join('\n'));
  assert.match(world.told[0] ?? '', /^what alerts are sent cannot be written down/);
  await rm(state, { recursive: true });
});

test('a state that is of no use is told of, and a new one begins', async (t) => {
  const [world, hook] = [await alertWorld(t), await startWebhook(t)];
  const env = { RONDO_ALERTS_WEBHOOK: hook.url, RONDO_ALERTS_AFTER: '0s' };
  const file = await world.user.write(
    '.cache/rondo/rondo/alerts-127.0.0.1-7070.json',
    '{"version":1,"seen":[{}]}',
  );
  await world.start(env);
  assert.match(world.told[0] ?? '', /^what alerts were sent before cannot be read/);
  world.mirror(DOWN);
  await world.looks(1);
  await hook.come(1);
  await world.stop();
  assert.equal(JSON.parse(await readFile(file, 'utf8')).version, 1);
});

test('wrong content, a certificate, a lag and a full disk; only the kinds that are configured', async (t) => {
  const [world, hook] = [await alertWorld(t), await startWebhook(t)];
  const env = { RONDO_ALERTS_WEBHOOK: hook.url, RONDO_ALERTS_AFTER: '0s', RONDO_ALERTS_DISK: '1' };
  await world.start({ ...env, RONDO_ALERTS_KINDS: 'integrity, certificate,sync-lag,disk' });
  const certificateUntilMs = world.clock.wallMs() + 13 * 86_400_000;
  world.mirror({ ...DOWN, syncLagMs: 301_000, certificateUntilMs });
  const wrong = { module: 'm', version: 'v1.0.0', kind: 'zip', mirror: 'a', why: 'h1 differs' } as const;
  world.bus.emit({ type: 'integrity', ...wrong });
  await mkdir(join(world.user.home, '.cache', 'rondo'), { recursive: true });
  await world.looks(1);
  const all = await hook.come(4);
  const folder = join(world.user.home, '.cache', 'rondo');
  assert.deepEqual(
    all.map(({ body }) => titleOf(body)),
    ['sync-lag.firing a 1', 'integrity.firing a 1', 'certificate.firing a 1', `disk.firing ${folder} 1`],
  );
});

test('of a kind that is taken out nobody hears any more: neither that it is over nor what waits to be sent', async (t) => {
  const [world, hook] = [await alertWorld(t), await startWebhook(t)];
  const at = { RONDO_ALERTS_WEBHOOK: hook.url, RONDO_ALERTS_AFTER: '0s', RONDO_ALERTS_CLEAR: '0s' };
  const env = { ...at, RONDO_ALERTS_KINDS: 'mirror-down,integrity,certificate' };
  await world.start(env);
  const ill = { ...DOWN, certificateUntilMs: world.clock.wallMs() + 13 * DAY };
  world.mirror(ill);
  await world.looks(1);
  await hook.come(2);
  hook.script.push((response) => response.writeHead(503).end());
  const wrong = { module: 'm', version: 'v1.0.0', kind: 'zip', mirror: 'a', why: 'h1 differs' } as const;
  world.bus.emit({ type: 'integrity', ...wrong });
  await world.looks(1);
  await world.start({ ...env, RONDO_ALERTS_KINDS: 'mirror-down' });
  await world.looks(2);
  world.mirror(UP);
  await world.looks(1);
  assert.deepEqual(
    hook.posted.map(({ body }) => titleOf(body)),
    ['mirror-down.firing a 1', 'certificate.firing a 1', 'integrity.firing a 1', 'mirror-down.resolved a 1'],
  );
});

test('a jump of the wall moves no patience; what is shown and certificates go by it', async (t) => {
  const [world, hook] = [await alertWorld(t), await startWebhook(t)];
  const { clock } = world;
  await world.start({ RONDO_ALERTS_WEBHOOK: hook.url });
  world.mirror({ ...DOWN, certificateUntilMs: clock.wallMs() + 30 * DAY });
  await world.looks(1);
  const seenMs = clock.wallMs();
  clock.wallJump(20 * DAY);
  await world.looks(2);
  const [certificate] = await hook.come(1);
  assert.equal(hook.posted.length, 1, 'it is down for 20 s');
  assert.match(certificate?.body ?? '', /"the certificate of a expires in 9 d"/);
  clock.wallJump(-HOUR);
  await world.looks(1);
  const [, down] = await hook.come(2);
  const { data } = JSON.parse(down?.body ?? '') as { data: { subject: string; since: string } };
  assert.deepEqual([data.subject, Date.parse(data.since)], ['a', seenMs + 20 * DAY - HOUR]);
});

test('after a jump of the wall the next Rondo knows still what was told within a day', async (t) => {
  const [world, hook] = [await alertWorld(t), await startWebhook(t)];
  const env = { RONDO_ALERTS_WEBHOOK: hook.url, RONDO_ALERTS_AFTER: '0s', RONDO_ALERTS_CLEAR: '0s' };
  await world.start(env);
  world.clock.wallJump(2 * DAY);
  world.mirror(DOWN);
  await world.looks(1);
  world.mirror(UP);
  await world.looks(1);
  await hook.come(2);
  await world.start(env);
  world.mirror(DOWN);
  await world.looks(1);
  const all = await hook.come(3);
  assert.equal(titleOf(all[2]?.body ?? ''), 'mirror-down.firing a 2');
});

test('without a webhook or a command nothing runs, and nothing is read', async (t) => {
  const world = await alertWorld(t);
  const never = (): never => assert.fail('not needed');
  const surroundings = {
    bus: { subscribe: never, emit: never },
    clock: world.clock,
    mirrors: { views: never },
    certificate: never,
    alertsEnv: {},
    platform: process.platform,
    offline: false,
  };
  assert.equal(openAlerts(await world.user.load(), surroundings), undefined);
});
