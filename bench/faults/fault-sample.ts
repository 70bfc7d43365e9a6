import type { Answered, Ending, Figures } from '../../test/faults/rows/figures.ts';
import type { Row } from '../../test/faults/rows/row.ts';
import type { ContestantName } from '../frame/types.ts';
import { summariseLatencies } from '../world/latencies.ts';

/** What one contestant made of one row in one run. Times in milliseconds. */
export type FaultSample = {
  readonly row: string;
  readonly contestant: ContestantName;
  /** From 0. */
  readonly run: number;
  readonly requests: number;
  /** Of the requests: as the row wants them to end. While all mirrors are down, a 5xx is as it should be too. */
  readonly rightPercent: number;
  /** Complete as HTTP has it, but not the right bytes. */
  readonly wrongPercent: number;
  /** 404 for what is there: go takes it as "no such version". */
  readonly falseNotFoundPercent: number;
  /** Of the right answers; absent where there was none. */
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  /** The longest that anybody waited, whatever came of it. */
  readonly longestMs: number;
  /** Requests for files that reached the mirrors, a request. */
  readonly attempts: number;
  /** After an outage of all mirrors: until the first right answer; absent where none came. */
  readonly firstRightMs?: number;
  /** After it, right ones of those due within 5 s. */
  readonly recoveredPercent?: number;
};

/** Sums up what `driveRow` heard. `row` with its times as they were driven. Pure. */
export function faultSample(
  row: Row,
  { answers, figures }: { readonly answers: readonly Answered[]; readonly figures: Figures },
  of: { readonly contestant: ContestantName; readonly run: number },
): FaultSample {
  const sought: Ending = row.sees === 'not-found' ? 'not-found' : row.sees === 'failure' ? 'failed' : 'right';
  const isDown = outageOf(row);
  const spared = answers.filter(({ ending, dueMs }) => ending === 'failed' && isDown(dueMs));
  const found = answers.filter(({ ending }) => ending === sought);
  const percent = (count: number): number => (count / answers.length) * 100;
  const { p50, p99 } = summariseLatencies(found.map(({ tookMs }) => tookMs));
  const { endings, attemptsPerRequest, recovery } = figures;
  return {
    row: row.name,
    ...of,
    requests: answers.length,
    rightPercent: percent(new Set([...found, ...spared]).size),
    wrongPercent: percent(endings.wrong),
    falseNotFoundPercent: sought === 'not-found' ? 0 : percent(endings['not-found']),
    ...(found.length > 0 && { p50Ms: p50, p99Ms: p99 }),
    longestMs: Math.max(0, ...answers.map(({ tookMs }) => tookMs)),
    attempts: attemptsPerRequest,
    ...(recovery !== undefined && { recoveredPercent: recovery.rightShare * 100 }),
    ...(Number.isFinite(recovery?.firstRightMs) && { firstRightMs: recovery?.firstRightMs ?? 0 }),
  };
}

/** Whether no mirror is good then. */
function outageOf({ sees, turns }: Row): (dueMs: number) => boolean {
  const [first, last] = [turns[0], turns.at(-1)];
  if (sees !== 'right-or-failure' || first === undefined || last === undefined) return () => false;
  return (dueMs) => dueMs >= first.atMs && dueMs < last.atMs;
}
