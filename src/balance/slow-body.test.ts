import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RACE_DEFAULTS } from '../../test/support/balance-defaults.ts';
import { isSlowBody, type BodyProgress } from './slow-body.ts';

const MIB = 1024 * 1024;

test('which bodies are raced', () => {
  const table: [string, Partial<BodyProgress>, number, boolean][] = [
    ['it flows', {}, 4 * MIB, false],
    ['silence of a second', { idleMs: 1000 }, 1, true],
    ['silence at its end', { idleMs: 1000, leftBytes: 1 }, 4 * MIB, true],
    [
      'slow, and nearly here',
      { lately: { bytes: MIB, waitedMs: 2000 }, leftBytes: 256 * 1024 },
      4 * MIB,
      false,
    ],
    ['a small one that drips', { lately: { bytes: 2000, waitedMs: 2000 }, leftBytes: 1001 }, 4 * MIB, true],
    ['its last drops', { lately: { bytes: 2000, waitedMs: 2000 }, leftBytes: 1000 }, 4 * MIB, false],
    ['under a quarter of the best', { lately: { bytes: 2 * MIB - 1, waitedMs: 2000 } }, 4 * MIB, true],
    ['a quarter of the best', { lately: { bytes: 2 * MIB, waitedMs: 2000 } }, 4 * MIB, false],
    ['too early to say', { lately: { bytes: 0, waitedMs: 999 } }, 4 * MIB, false],
  ];
  const flows: BodyProgress = {
    receivedBytes: 3 * MIB,
    leftBytes: 9 * MIB,
    idleMs: 0,
    lately: { bytes: 3 * MIB, waitedMs: 2000 },
  };
  for (const [name, changes, best, expected] of table) {
    assert.equal(isSlowBody({ ...flows, ...changes }, best, RACE_DEFAULTS), expected, name);
  }
  const { leftBytes: _, ...endless } = flows;
  assert.equal(isSlowBody({ ...endless, idleMs: 1500 }, 1, RACE_DEFAULTS), true, 'of unknown length');
  const never = { ...RACE_DEFAULTS, afterMs: 0 };
  assert.equal(isSlowBody({ ...flows, idleMs: 9999 }, 4 * MIB, never), false, 'races are switched off');
});
