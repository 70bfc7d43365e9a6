import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSlowBody, type BodyProgress } from './slow-body.ts';

const MIB = 1024 * 1024;

test('which bodies are raced', () => {
  const table: [string, Partial<BodyProgress>, number | undefined, boolean][] = [
    ['it flows', {}, 4 * MIB, false],
    ['silence of a second', { idleMs: 1000 }, undefined, true],
    ['silence at its end', { idleMs: 1000, leftBytes: 256 * 1024 }, undefined, false],
    ['under a quarter of the best', { receivedBytes: 2 * MIB - 1 }, 4 * MIB, true],
    ['a quarter of the best', { receivedBytes: 2 * MIB }, 4 * MIB, false],
    ['too early to say', { receivedBytes: 0, waitedMs: 999 }, 4 * MIB, false],
    ['nobody knows what is usual', { receivedBytes: 1 }, undefined, false],
  ];
  for (const [name, changes, best, expected] of table) {
    const progress = { receivedBytes: 3 * MIB, leftBytes: 9 * MIB, waitedMs: 2000, idleMs: 0, ...changes };
    assert.equal(isSlowBody(progress, best), expected, name);
  }
  const endless = { receivedBytes: 3 * MIB, waitedMs: 2000, idleMs: 1500 };
  assert.equal(isSlowBody(endless, undefined), true, 'nobody knows how long it is');
});
