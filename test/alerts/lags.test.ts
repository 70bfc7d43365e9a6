import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../support/loopback-only.ts';
import { alertWorld, startWebhook, titleOf } from './alert-world.ts';

test('a restart during a lag tells nothing: what is not known yet is neither a lag nor its end', async (t) => {
  const [world, hook] = [await alertWorld(t), await startWebhook(t)];
  const at = { RONDO_ALERTS_WEBHOOK: hook.url, RONDO_PROBE_CANARY_INTERVAL: '2m' };
  const env = { ...at, RONDO_ALERTS_AFTER: '0s', RONDO_ALERTS_CLEAR: '0s' };
  const titles = (): string[] => hook.posted.map(({ body }) => titleOf(body));
  await world.start(env);
  world.mirror({ syncLagMs: 301_000 });
  await world.looks(1);
  await world.stop();
  world.mirror({ syncLagMs: undefined });
  await world.start(env);
  await world.looks(6);
  // The next Rondo estimates it from nothing.
  for (let lagMs = 0; lagMs <= 310_000; lagMs += 10_000) {
    world.mirror({ syncLagMs: lagMs });
    await world.looks(1);
  }
  assert.deepEqual(titles(), ['sync-lag.firing a 1']);
  await world.looks(5);
  world.mirror({ syncLagMs: 0 });
  await world.looks(1);
  assert.deepEqual(titles(), ['sync-lag.firing a 1', 'sync-lag.resolved a 1']);
});

test('a lag of which nobody knows any more is over in the end', async (t) => {
  const [world, hook] = [await alertWorld(t), await startWebhook(t)];
  const at = { RONDO_ALERTS_WEBHOOK: hook.url, RONDO_PROBE_CANARY_INTERVAL: '0s' };
  await world.start({ ...at, RONDO_ALERTS_AFTER: '0s', RONDO_ALERTS_CLEAR: '0s' });
  world.mirror({ syncLagMs: 301_000 });
  await world.looks(1);
  world.mirror({ syncLagMs: undefined });
  await world.looks(36);
  assert.deepEqual(hook.posted.length, 1);
  await world.looks(1);
  assert.equal(hook.posted.length, 2);
});
