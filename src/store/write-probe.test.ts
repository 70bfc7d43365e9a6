import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { render } from '../words/render.ts';
import { createWriteProbe } from './write-probe.ts';

test('a disk that hangs is told after 2 s, and is tried by one attempt however many ask', async () => {
  const clock = new VirtualClock();
  let attempts = 0;
  let end: () => void = () => assert.fail('no attempt');
  const attempt = (): Promise<void> => {
    attempts += 1;
    return new Promise((resolve) => (end = resolve));
  };
  const probe = createWriteProbe(attempt, clock);
  const first = probe();
  await clock.advance(1999);
  const second = probe();
  await clock.advance(2000);
  assert.equal(render((await first) ?? ''), 'the disk does not answer');
  assert.equal(render((await second) ?? ''), 'the disk does not answer');
  assert.equal(attempts, 1);
  const third = probe();
  end();
  assert.equal(await third, undefined);
  assert.equal(clock.pending, 0);
  const fourth = probe();
  end();
  assert.equal(await fourth, undefined);
  assert.equal(attempts, 2);
});

test('a disk that fails says why, without a path', async () => {
  const full = Object.assign(new Error('ENOSPC: /secret/folder'), { code: 'ENOSPC' });
  const probe = createWriteProbe(() => Promise.reject(full), new VirtualClock());
  assert.equal(render((await probe()) ?? ''), 'the disk is full (ENOSPC)');
});
