import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MIRRORS_DEFAULTS } from '../../test/support/scripted-mirrors.ts';
import { GOOD, runQuestion } from '../../test/support/scripted-question.ts';
import { scriptedUpstream } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { createMirrors, type Mirrors } from './mirrors.ts';

/** One mirror whose connections all show a certificate that is valid until `untilMs()`, and how often it was probed. */
function mirrorsOver(
  clock: VirtualClock,
  url: string,
  untilMs: () => number,
): { mirrors: Mirrors; probes: () => number } {
  const scripted = scriptedUpstream(clock, () => GOOD);
  const mirrors = createMirrors({
    specs: [
      { endpoint: { name: 'a', url: new URL(url) }, weight: 10, tier: 0, match: '*', probePath: '/probe' },
    ],
    settings: MIRRORS_DEFAULTS,
    openUpstream: () => ({
      ...scripted,
      async attempt(request, signal) {
        const answer = await scripted.attempt(request, signal);
        const tls = { protocol: 'TLSv1.3', validUntilMs: untilMs() };
        return { ...answer, timing: { ...answer.timing, tls } };
      },
    }),
    clock,
    random: () => 0.5,
    emit: () => undefined,
  });
  return { mirrors, probes: () => scripted.asked.filter(({ path }) => path === '/probe').length };
}

test('a health check knows until when the certificate is valid, and sees a new one', async () => {
  const clock = new VirtualClock();
  let untilMs = 1000;
  const { mirrors } = mirrorsOver(clock, 'https://a.test', () => untilMs);
  mirrors.startProbes();
  assert.equal(mirrors.views()[0]?.certificateUntilMs, undefined);
  await clock.advance(10_000);
  assert.equal(mirrors.views()[0]?.certificateUntilMs, 1000);
  untilMs = 2000;
  await clock.advance(10_000);
  assert.equal(mirrors.views()[0]?.certificateUntilMs, 2000);
  await mirrors.close();
});

for (const [url, expected] of [
  ['https://a.test', [1, 2]],
  ['http://a.test', [0, 0]],
] as const) {
  test(`of a busy mirror at ${url} the certificate is looked at once an hour, if it has one`, async () => {
    const clock = new VirtualClock();
    const { mirrors, probes } = mirrorsOver(clock, url, () => 1000);
    const busyFor = async (minutes: number): Promise<void> => {
      for (let asked = 0; asked < minutes * 20; asked += 1) {
        await runQuestion(clock, mirrors);
        await clock.advance(3_000);
      }
    };
    await runQuestion(clock, mirrors);
    mirrors.startProbes();
    await busyFor(50);
    const before = probes();
    await busyFor(15);
    assert.deepEqual([before, probes()], expected);
    await mirrors.close();
  });
}
