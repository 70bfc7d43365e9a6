import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { scriptedMirrors, NO_HEDGE } from '../../test/support/scripted-mirrors.ts';
import { GOOD, runQuestion, UNAVAILABLE } from '../../test/support/scripted-question.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Mirrors } from './mirrors.ts';

const NO_ROUTE: Line = { do: 'other', outcome: OUTCOMES.local };
const NO_HOST: Line = { do: 'other', outcome: { class: 'http', cause: 'dns', detail: 'no such host' } };

function states(mirrors: Mirrors): string[] {
  return mirrors.views().map(({ status, score }) => `${status} ${score}`);
}

for (const [name, line] of [
  ['no route', NO_ROUTE],
  ['no name has an address', NO_HOST],
] as const) {
  test(`our own network is gone (${name}): one state for all, nobody is charged, and back within 1.5 s`, async () => {
    const clock = new VirtualClock();
    const { mirrors, upstreams, events } = scriptedMirrors(clock, {
      a: { script: GOOD },
      b: { script: GOOD },
    });
    mirrors.startProbes();
    await runQuestion(clock, mirrors);
    const set = (script: Line): void =>
      Object.values(upstreams).forEach((each) => (each.script = () => script));
    set(line);
    const { end } = await runQuestion(clock, mirrors);
    assert.ok('error' in end);
    assert.deepEqual(states(mirrors), ['OUTAGE 0.1', 'OUTAGE 0.1']);
    const asked = upstreams['a']?.asked.length ?? 0;
    const next = await runQuestion(clock, mirrors);
    assert.equal('code' in next.end && next.end.code, 'E_NO_ELIGIBLE_MIRROR');
    assert.equal('error' in next.end && next.end.error.retryAfterMs, 1000);
    assert.equal(upstreams['a']?.asked.length, asked, 'no request has to find out again');
    await clock.advance(60_000);
    const probes = (upstreams['a']?.asked.length ?? 0) - asked;
    assert.ok(probes >= 55 && probes <= 62, `${probes} probes in a minute`);
    set(GOOD);
    await clock.advance(1450);
    assert.deepEqual(states(mirrors), ['HEALTHY 1', 'HEALTHY 1']);
    const turns = events.flatMap((event) => (event.type === 'gate' ? [`${event.mirror} ${event.to}`] : []));
    assert.deepEqual(turns, ['a OUTAGE', 'b OUTAGE', 'a HEALTHY', 'b HEALTHY']);
    await mirrors.close();
  });
}

test('it says what the trouble is now, not what it began with', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams, events } = scriptedMirrors(clock, {
    a: { script: NO_HOST },
    b: { script: NO_HOST },
  });
  mirrors.startProbes();
  await runQuestion(clock, mirrors);
  assert.deepEqual(
    mirrors.views().map(({ why }) => why),
    ['no such host', 'no such host'],
  );
  const portal: Line = {
    do: 'other',
    outcome: { class: 'http', cause: 'certificate', detail: 'the certificate is for another name' },
  };
  for (const each of Object.values(upstreams)) each.script = () => portal;
  await clock.advance(1450);
  assert.deepEqual(
    mirrors.views().map(({ status, why }) => `${status}: ${why}`),
    Array<string>(2).fill('OUTAGE: the certificate is for another name'),
  );
  assert.equal(events.filter(({ type }) => type === 'gate').length, 2, 'nothing has turned');
  await mirrors.close();
});

test('what was so before the outage is so after it', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(
    clock,
    { a: { script: UNAVAILABLE }, b: { script: GOOD } },
    NO_HEDGE,
  );
  mirrors.startProbes();
  while (states(mirrors)[0] !== 'UNHEALTHY 0.1') await runQuestion(clock, mirrors, { avoid: new Map() });
  for (const each of Object.values(upstreams)) each.script = () => NO_ROUTE;
  await clock.advance(8000);
  assert.deepEqual(states(mirrors), ['OUTAGE 0.1', 'OUTAGE 0.1']);
  if (upstreams['b'] !== undefined) upstreams['b'].script = () => GOOD;
  await clock.advance(1100);
  const [a, b] = states(mirrors);
  assert.ok(a === 'UNHEALTHY 0.1' || a === 'TRIAL 0.1', String(a));
  assert.equal(b, 'HEALTHY 1');
  await mirrors.close();
});

test('one mirror without a name is that mirror, while another answers', async () => {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(clock, { a: { script: NO_HOST }, b: { script: GOOD } });
  mirrors.startProbes();
  await clock.advance(20_000);
  assert.match(states(mirrors)[0] ?? '', /^UNHEALTHY/);
  assert.deepEqual((await runQuestion(clock, mirrors)).end, { mirror: 'b' });
  await mirrors.close();
});
