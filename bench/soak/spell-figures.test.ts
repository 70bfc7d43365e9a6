import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answered } from '../../test/faults/rows/figures.ts';
import { figuresOfSpells, spellWords } from './spell-figures.ts';
import type { Spell } from './soak-plan.ts';

const SPELLS: readonly Spell[] = [
  { fromMs: 1000, toMs: 2000, row: 'hang', bad: 0, turns: [] },
  {
    fromMs: 3000,
    toMs: 4000,
    row: '503',
    bad: 2,
    turns: [],
    second: { mirror: 1, fault: { kind: 'reset' } },
  },
  { fromMs: 9000, toMs: 9500, row: 'slow', bad: 1, turns: [] },
];

function answered(dueMs: number, tookMs: number, ending: Answered['ending'] = 'right'): Answered {
  return { dueMs, tookMs, ending, status: 200, said: '' };
}

test('a spell has the requests that were due in it', () => {
  const answers = [
    answered(999, 9000),
    answered(1000, 1),
    answered(1999, 2, 'cut'),
    answered(2000, 9000),
    answered(3500, 3),
  ];
  assert.deepEqual(figuresOfSpells(SPELLS, answers), [
    { words: 'mirror 1 hang', requests: 2, right: 1, p99Ms: 2 },
    { words: 'mirror 3 503, and mirror 2 reset', requests: 1, right: 1, p99Ms: 3 },
  ]);
});

test('words name every mirror that is bad', () => {
  assert.deepEqual(SPELLS.map(spellWords), [
    'mirror 1 hang',
    'mirror 3 503, and mirror 2 reset',
    'mirror 2 slow',
  ]);
});
