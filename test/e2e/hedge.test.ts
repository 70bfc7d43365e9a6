import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextRound } from 'node:timers/promises';
import type { MirrorView } from '../../src/mirrors/mirror-view.ts';
import { goEnvironment, goWorkspace } from '../support/go-command.ts';
import { escapeName } from '../support/fixture-modules.ts';
import { fetchRaw } from '../support/http-client.ts';
import '../support/loopback-only.ts';
import { reverseCleanup, serveRondo } from '../support/rondo-process.ts';
import { askedOf, chainOf, DATABASE, nameOf, startMirrors, WORLD } from './bench.ts';

const PATHS = WORLD.modules.map(({ path, version }) => `/${escapeName(path)}/@v/${escapeName(version)}.info`);

test('a mirror that is slow to answer is hedged, and keeps its connections; the answer tells who was tried', async (context) => {
  const t = reverseCleanup(context);
  const [slow, good] = await startMirrors(t, ['slow', 'good']);
  await slow.setFault({ kind: 'slow', delayMs: 1500 }, { kinds: ['info'] });
  const env = goEnvironment({ workspace: await goWorkspace(t), goproxy: '', gosumdb: DATABASE.key });
  const rondo = await serveRondo(t, { env, config: `proxy = ${chainOf([slow, good])}\n` });
  const tried: string[] = [];
  for (const path of PATHS) {
    const answer = await fetchRaw(rondo.url + path);
    assert.equal(answer.status, 200, answer.body.toString());
    assert.equal(answer.headers['x-rondo-mirror'], nameOf(good));
    tried.push(String(answer.headers['x-rondo-tried']));
  }
  const hedged = tried.filter((each) => each.startsWith(`${nameOf(slow)}: no answer yet (`));
  assert.ok(hedged.length >= 1 && hedged.length <= 0.05 * PATHS.length + 10, tried.join('\n'));
  const metrics = await rondo.metrics();
  const names = { from: nameOf(slow), to: nameOf(good) };
  assert.equal(metrics('rondo_hedges_total', { ...names, won: 'true' }), hedged.length);

  // What lost is waited for, and thrown away.
  for (;;) {
    const page = await fetchRaw(`${rondo.url}/-/api/mirrors`);
    const { mirrors } = JSON.parse(page.body.toString()) as { mirrors: MirrorView[] };
    const [view] = mirrors;
    assert.ok(view !== undefined && view.name === nameOf(slow) && view.status === 'HEALTHY');
    if (view.inFlight === 0) {
      assert.ok(view.speed.small < 0.5, 'its own time is known, though nobody waited for it');
      assert.equal(view.connectionsOpen, view.connectionsOpened, 'none was closed');
      break;
    }
    await nextRound();
  }
  const asked = await askedOf(slow);
  assert.ok(asked.length >= hedged.length && asked.every(({ complete }) => complete));
  assert.equal(await rondo.stop(), 0);
});
