import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { scriptedMirrors } from '../../test/support/scripted-mirrors.ts';
import { GOOD, NOT_FOUND, UNAVAILABLE, runQuestion } from '../../test/support/scripted-question.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { RemoteFile } from '../gomod/module-file.ts';

test('tiers: the next one only when the earlier have nobody left', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(clock, {
    a: { script: GOOD },
    b: { script: GOOD, tier: 1 },
  });
  for (let n = 0; n < 5; n += 1)
    await runQuestion(clock, mirrors, { file: { kind: 'list', module: `example.com/${n}` } });
  assert.equal(upstreams['b']?.asked.length, 0);
  if (upstreams['a'] !== undefined) upstreams['a'].script = () => UNAVAILABLE;
  assert.deepEqual((await runQuestion(clock, mirrors)).end, { mirror: 'b' });
});

test('tiers: a 404 asks the next one only when the first has no second opinion', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(clock, {
    a: { script: NOT_FOUND },
    b: { script: NOT_FOUND },
    c: { script: GOOD, tier: 1 },
  });
  const { end } = await runQuestion(clock, mirrors);
  assert.equal('code' in end && end.code, 'E_NOT_FOUND');
  assert.equal(upstreams['c']?.asked.length, 0);
  if (upstreams['b'] !== undefined) upstreams['b'].script = () => UNAVAILABLE;
  assert.deepEqual((await runQuestion(clock, mirrors)).end, { mirror: 'c' });
});

test('private paths go only to the mirrors that name them, whatever is down', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(
    clock,
    {
      open: { script: GOOD },
      own: { script: NOT_FOUND, match: 'corp.example/*' },
      other: { script: UNAVAILABLE, match: 'corp.example/*' },
    },
    { privatePatterns: 'corp.example,secret.example' },
  );
  const route = await runQuestion(clock, mirrors, { file: { kind: 'list', module: 'corp.example/m' } });
  assert.equal(
    'code' in route.end && route.end.code,
    'E_NO_MIRROR',
    'an open mirror of the route might have it',
  );
  const nowhere = await runQuestion(clock, mirrors, {
    file: { kind: 'sumdb-lookup', db: 'sum.test', module: 'secret.example/m', version: 'v1.0.0' },
  });
  assert.equal('code' in nowhere.end && nowhere.end.code, 'E_PRIVATE');
  assert.equal(upstreams['open']?.asked.length, 0);
});

test('the only public mirror is not shut for cutting zips because of a private one that is well', async () => {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(
    clock,
    { open: { script: GOOD }, own: { script: GOOD, match: 'corp.example' } },
    { privatePatterns: 'corp.example' },
  );
  const file: RemoteFile = { kind: 'zip', module: 'example.com/m', version: 'v1.0.0' };
  for (let n = 0; n < 5; n += 1) {
    const asked = mirrors.ask({ file, method: 'GET', maxBodyBytes: 1000 }, new AbortController().signal);
    await clock.advance(100);
    (await asked).settle({ kind: 'broken', outcome: OUTCOMES.reset, bytes: 1, goesOn: true });
  }
  assert.deepEqual(
    mirrors.views().map(({ name, status, score }) => `${name} ${status} ${score}`),
    ['open HEALTHY 0.1', 'own HEALTHY 1'],
  );
});

test('files that are found wrong afterwards put their mirror away once, for ten minutes', async () => {
  const clock = new VirtualClock();
  const { mirrors, events } = scriptedMirrors(clock, { a: { script: GOOD }, b: { script: GOOD } });
  for (let n = 0; n < 7; n += 1) {
    mirrors.charge('a', 'not what the signature proves');
    await clock.advance(1000);
  }
  assert.equal(mirrors.views()[0]?.next.inMs, 600_000 - 7000);
  await clock.advance(600_000);
  while (mirrors.views()[0]?.status !== 'HEALTHY')
    await runQuestion(clock, mirrors, { file: { kind: 'list', module: `example.com/${clock.now()}` } });
  mirrors.charge('a', 'not what the signature proves');
  assert.equal(mirrors.views()[0]?.next.inMs, 1_200_000, 'again');
  assert.equal(events.filter((event) => event.type === 'gate' && event.to === 'QUARANTINED').length, 2);
});

test('the mirror that answered a module is asked again for it, until it fails', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(clock, {
    a: { script: GOOD },
    b: { script: GOOD },
    c: { script: GOOD },
  });
  const first = (await runQuestion(clock, mirrors)).end;
  for (let n = 0; n < 5; n += 1) assert.deepEqual((await runQuestion(clock, mirrors)).end, first);
  const name = 'mirror' in first ? first.mirror : '';
  if (upstreams[name] !== undefined) upstreams[name].script = () => UNAVAILABLE;
  const second = (await runQuestion(clock, mirrors)).end;
  assert.notDeepEqual(second, first);
  assert.deepEqual((await runQuestion(clock, mirrors)).end, second, 'the pin has moved');
});

test('probes: none while traffic succeeds, open a dead mirror, and bring it back', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams, events } = scriptedMirrors(clock, { a: { script: GOOD }, b: { script: GOOD } });
  mirrors.startProbes();
  if (upstreams['b'] !== undefined) upstreams['b'].script = () => ({ do: 'hang' });
  for (let n = 0; n < 40; n += 1) {
    await clock.advance(1000);
    await runQuestion(clock, mirrors, { file: { kind: 'list', module: 'example.com/m' }, avoid: new Map() });
  }
  const stateOf = (name: string): string | undefined =>
    mirrors.views().find((view) => view.name === name)?.status;
  assert.notEqual(stateOf('b'), 'HEALTHY');
  const probesOfA = events.filter((event) => event.type === 'visit' && event.probe && event.mirror === 'a');
  assert.ok(probesOfA.length <= 1, `${probesOfA.length} probes of a busy mirror`);
  if (upstreams['b'] !== undefined) upstreams['b'].script = () => GOOD;
  for (let n = 0; n < 10; n += 1) await clock.advance(1000);
  assert.equal(stateOf('b'), 'TRIAL');
  await mirrors.close();
});

test('a probe has 3 s for all of its answer, and leaves nothing behind', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams, events } = scriptedMirrors(clock, {
    a: { script: { do: 'answer', body: 'x'.repeat(100), chunkBytes: 1, paceMs: 500 } },
  });
  const probing = mirrors.probeAll();
  await clock.advance(2999);
  assert.equal(events.length, 0);
  await clock.advance(1);
  await probing;
  const [visit] = events.flatMap((event) => (event.type === 'visit' ? [event.outcome] : []));
  assert.deepEqual([visit?.cause, visit?.detail], ['body-slow', 'not whole within 3 s']);
  assert.deepEqual([upstreams['a']?.dropped, clock.pending], [1, 0]);
  await mirrors.close();
});

test('a mirror that leads back here is told of once', async () => {
  const clock = new VirtualClock();
  const loop: Line = {
    do: 'other',
    outcome: { class: 'neutral', cause: 'loop', status: 508, detail: '508' },
  };
  const { mirrors, events } = scriptedMirrors(clock, { a: { script: loop }, b: { script: GOOD } });
  for (let n = 0; n < 3; n += 1) {
    const probing = mirrors.probeAll();
    await clock.advance(100);
    await probing;
  }
  const notices = events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
  assert.deepEqual(notices, ['mirror a leads back to this Rondo, or through too many others: 508']);
  await mirrors.close();
});

test('a mirror is probed a second after its gate turned, not only at its next turn', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(clock, { a: { script: UNAVAILABLE }, b: { script: GOOD } });
  mirrors.startProbes();
  const probes = (): number => upstreams['a']?.asked.length ?? 0;
  while (mirrors.views()[0]?.status === 'HEALTHY') await clock.advance(100);
  assert.equal(probes(), 3, 'three failed probes opened it');
  await clock.advance(1000);
  assert.equal(probes(), 4);
  await mirrors.close();
});

test('a mirror of the checksum database that is down might have the record', async () => {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(clock, { a: { script: NOT_FOUND }, b: { script: UNAVAILABLE } });
  const file: RemoteFile = {
    kind: 'sumdb-lookup',
    db: 'sum.test',
    module: 'example.com/m',
    version: 'v1.0.0',
  };
  for (let n = 0; n < 2; n += 1) {
    const { end } = await runQuestion(clock, mirrors, { file });
    assert.equal('code' in end && end.code, 'E_NO_MIRROR');
  }
});

test('a module that no mirror carries is not found, at once and for good', async () => {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(clock, { own: { script: GOOD, match: 'corp.example' } });
  const { end } = await runQuestion(clock, mirrors);
  assert.equal('code' in end && end.code, 'E_NOT_FOUND');
});

test('a view tells the times to first byte of answers, what would change the state, and when', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(clock, {
    a: { script: { do: 'answer', afterMs: 40 } },
    b: { script: UNAVAILABLE },
  });
  const probing = mirrors.probeAll();
  await clock.advance(100);
  await probing;
  const [a, b] = mirrors.views();
  assert.deepEqual([a?.gate, a?.firstByte], ['closed', { p50Ms: 40, p95Ms: 40, samples: 1 }]);
  assert.match(a?.next.words ?? '', /3 failed probes would open its gate/);
  assert.deepEqual([b?.gate, b?.score, b?.firstByte], ['closed', 0.7, undefined], 'a failure is not quick');
  for (let n = 0; n < 2; n += 1) {
    void mirrors.probeAll();
    await clock.advance(100);
  }
  const shut = mirrors.views()[1];
  assert.deepEqual([shut?.gate, shut?.status, shut?.next.inMs], ['open', 'UNHEALTHY', 650]);
  await clock.advance(650);
  assert.deepEqual(mirrors.views()[1]?.gate, 'half-open');
  assert.equal(upstreams['b']?.asked.length, 3);
  await runQuestion(clock, mirrors, { avoid: new Map() });
  assert.ok((mirrors.views()[0]?.firstByte?.samples ?? 0) >= 3);
  await mirrors.close();
});

test('a mirror that is left out of a question is not there for it, not even when nobody else is', async () => {
  const clock = new VirtualClock();
  const { mirrors, upstreams } = scriptedMirrors(clock, { a: { script: GOOD }, b: { script: GOOD } });
  const ask = (...names: string[]): ReturnType<typeof runQuestion> =>
    runQuestion(clock, mirrors, { except: new Set(names) });
  assert.deepEqual((await ask('a')).end, { mirror: 'b' });
  assert.deepEqual((await ask('b')).end, { mirror: 'a' });
  const nobody = await ask('a', 'b');
  assert.equal('code' in nobody.end && nobody.end.code, 'E_NO_MIRROR');
  assert.deepEqual([upstreams['a']?.asked.length, upstreams['b']?.asked.length], [1, 1]);
});

test('a mirror that is charged later, for what it gave, is put into quarantine', async () => {
  const clock = new VirtualClock();
  const { mirrors } = scriptedMirrors(clock, { a: { script: GOOD }, b: { script: GOOD } });
  mirrors.charge('a', 'the tile is another one');
  mirrors.charge('nobody', 'there is no such mirror');
  assert.deepEqual(
    mirrors.views().map(({ status }) => status),
    ['QUARANTINED', 'HEALTHY'],
  );
});
