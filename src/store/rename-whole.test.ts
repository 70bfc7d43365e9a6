import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { renameRetryDelayMs, renameWhole } from './rename-whole.ts';

function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}

test('only Windows retries, only what passes, and not for ever', () => {
  const delays = Array.from({ length: 12 }, (_, attempt) => renameRetryDelayMs('win32', 'EPERM', attempt));
  assert.deepEqual(delays, [1, 2, 4, 8, 16, 32, 64, 128, 256, undefined, undefined, undefined]);
  assert.equal(renameRetryDelayMs('win32', 'EBUSY', 0), 1);
  assert.equal(renameRetryDelayMs('win32', 'EACCES', 0), 1);
  assert.equal(renameRetryDelayMs('win32', 'ENOENT', 0), undefined);
  assert.equal(renameRetryDelayMs('win32', undefined, 0), undefined);
  for (const platform of ['linux', 'darwin', 'freebsd'] as const) {
    assert.equal(renameRetryDelayMs(platform, 'EPERM', 0), undefined);
    assert.equal(renameRetryDelayMs(platform, 'EBUSY', 0), undefined);
  }
});

test('a rename that a scanner blocks for a moment succeeds on Windows', async () => {
  const clock = new VirtualClock();
  let tries = 0;
  const done = renameWhole('a', 'b', 'win32', clock, async () => {
    tries += 1;
    if (tries < 4) throw systemError('EPERM');
  });
  await clock.advance(1 + 2 + 4);
  await done;
  assert.equal(tries, 4);
  assert.equal(clock.pending, 0);
});

test('a rename that stays blocked fails with its own error', async () => {
  const clock = new VirtualClock();
  const done = assert.rejects(
    renameWhole('a', 'b', 'win32', clock, () => Promise.reject(systemError('EBUSY'))),
    { code: 'EBUSY' },
  );
  await clock.advance(1000);
  await done;
});
