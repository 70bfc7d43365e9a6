import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBus } from '../src/events/bus.ts';
import { openAlerts } from '../src/open-alerts.ts';
import { openHistory } from '../src/open-history.ts';
import { startWebhook, titleOf } from './alerts/alert-world.ts';
import { configUser } from './support/config-user.ts';
import { happens } from './support/happens.ts';
import { fetchRaw } from './support/http-client.ts';
import './support/loopback-only.ts';
import { reservePort } from './support/reserved-port.ts';
import { reverseCleanup } from './support/rondo-process.ts';
import { NO_HEDGE, scriptedMirrors } from './support/scripted-mirrors.ts';
import { runQuestion, UNAVAILABLE } from './support/scripted-question.ts';
import { testApp } from './support/test-app.ts';
import { VirtualClock } from './support/virtual-clock.ts';

test('of a mirror that is Rondo itself nobody is told as down, and it is not watched', async (context) => {
  const t = reverseCleanup(context);
  const hook = await startWebhook(t);
  const { load } = await configUser(t);
  const env = { RONDO_ALERTS_WEBHOOK: hook.url, RONDO_ALERTS_DISK: '0', RONDO_ALERTS_AFTER: '0s' };
  const config = await load({ env });
  const clock = new VirtualClock();
  const bus = createBus(assert.ifError);
  const { mirrors } = scriptedMirrors(
    clock,
    { itself: { script: UNAVAILABLE }, down: { script: UNAVAILABLE } },
    NO_HEDGE,
  );
  t.after(() => mirrors.close());
  await runQuestion(clock, mirrors, { patient: false });
  mirrors.exclude('itself', 'it is this Rondo itself');
  const shown = mirrors.views().map(({ name, status, up }) => [name, status, up]);
  assert.deepEqual(shown, [
    ['itself', 'UNHEALTHY', undefined],
    ['down', 'UNHEALTHY', false],
  ]);
  const alertsEnv = { PATH: process.env['PATH'] };
  const surroundings = {
    bus,
    clock,
    mirrors,
    certificate: () => undefined,
    alertsEnv,
    offline: false,
    platform: process.platform,
  };
  const alerts = openAlerts(config, surroundings);
  const { history } = openHistory({ config, clock, keepsHistory: true }, bus, mirrors);
  t.after(async () => void (await Promise.all([alerts?.close(), history?.close()])));
  alerts?.start();
  history?.start();
  mirrors.startProbes();
  await happens(async () => {
    await clock.advance(10_000);
    return hook.posted.length > 0;
  });
  assert.deepEqual(
    hook.posted.map(({ body }) => titleOf(body)),
    ['mirror-down.firing down 1'],
  );
  assert.deepEqual(new Set(history?.pending().minutes.map(({ mirror }) => mirror)), new Set(['down']));
});

test('the gauge of what is up has no mirror that is Rondo itself', async (t) => {
  const reserved = await reservePort();
  t.after(() => reserved.release());
  const { port } = reserved;
  const GOPROXY = `http://localhost:${port},http://other.example`;
  const app = await testApp(t, { env: () => ({ GOPROXY }), clock: new VirtualClock() });
  const { url } = await app.listen('127.0.0.1', port);
  const page = (await fetchRaw(`${url}/metrics`)).body.toString();
  const up = [...page.matchAll(/^rondo_mirror_up\{.*$/gm)].map(([line]) => line);
  assert.deepEqual(up, ['rondo_mirror_up{mirror="other.example"} 1']);
});
