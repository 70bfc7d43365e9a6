import type { Answered } from '../../test/faults/rows/figures.ts';
import { summariseLatencies } from '../world/latencies.ts';
import type { Spell } from './soak-plan.ts';

/** What the requests came to that were due while a mirror was bad. */
export type SpellFigures = {
  /** Which mirror, and how. */
  readonly words: string;
  readonly requests: number;
  readonly right: number;
  readonly p99Ms: number;
};

/** For people: which mirror is bad, and how. */
export function spellWords({ row, bad, second }: Spell): string {
  const beside = second === undefined ? '' : `, and mirror ${second.mirror + 1} ${second.fault.kind}`;
  return `mirror ${bad + 1} ${row}${beside}`;
}

/**
 * One for each spell of the plan in which something was asked. Their beginnings are those of the plan: the load begins some
 * tenths of a second later. Pure.
 */
export function figuresOfSpells(plan: readonly Spell[], answers: readonly Answered[]): SpellFigures[] {
  return plan.flatMap((spell) => {
    const due = answers.filter(({ dueMs }) => dueMs >= spell.fromMs && dueMs < spell.toMs);
    if (due.length === 0) return [];
    return {
      words: spellWords(spell),
      requests: due.length,
      right: due.filter(({ ending }) => ending === 'right').length,
      p99Ms: summariseLatencies(due.map(({ tookMs }) => tookMs)).p99,
    };
  });
}
