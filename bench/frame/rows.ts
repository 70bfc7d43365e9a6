import { formatRatio, formatSummary, formatValue } from './format.ts';
import type { JudgedGoal } from './goals.ts';
import type { CaseResult } from './results.ts';
import { summarise } from './statistics.ts';

/** A table as words: the first row is the head. */
export type Rows = readonly (readonly string[])[];

/** Goal, what was measured, and whether that meets it. */
export function goalRows(result: CaseResult): Rows {
  const head = ['goal', 'measured: median (range)', 'runs', 'result'];
  const rows = result.goals.map((goal) => [goal.words, ...outcomeCells(goal, result)]);
  return [head, ...rows];
}

function outcomeCells(goal: JudgedGoal, result: CaseResult): string[] {
  const { outcome } = goal;
  if (outcome.state === 'not measured') return ['', '', 'not measured'];
  if (outcome.state === 'peer missing') {
    const peer = result.subjects.find(({ name }) => name === outcome.peer);
    return ['', '', `peer missing: ${peer?.label ?? outcome.peer}`];
  }
  const measure = result.measures.find(({ key }) => key === goal.measure);
  const format = (value: number): string =>
    goal.reference.kind === 'ratio' ? formatRatio(value) : formatValue(value, measure?.unit ?? '1');
  const runs =
    outcome.state === 'too few runs' ? `${outcome.count} of ${outcome.wanted}` : `${outcome.count}`;
  return [formatSummary(outcome, format), runs, outcome.state];
}

/** One row a measure that has any number, one column a contestant. */
export function measureRows(result: CaseResult): Rows {
  const contestants = [...new Set(result.summaries.map(({ contestant }) => contestant))];
  const rows = result.measures.flatMap(({ key, words, unit }) => {
    const found = result.summaries.filter(({ measure }) => measure === key);
    if (found.length === 0) return [];
    const cells = contestants.map((contestant) => {
      const summary = found.find((each) => each.contestant === contestant);
      return summary === undefined ? '' : formatSummary(summary, (value) => formatValue(value, unit));
    });
    return [[words, ...cells]];
  });
  return [['', ...contestants.map((contestant) => labelOf(result, contestant))], ...rows];
}

/** CPU time and peak memory of each contestant in each phase. */
export function usageRows(result: CaseResult): Rows {
  const phases = Map.groupBy(result.usage, ({ contestant, phase }) => `${contestant}\n${phase}`);
  const rows = [...phases.values()].flatMap((samples) => {
    const cpu = summarise(samples.map(({ cpuSeconds }) => cpuSeconds));
    const peak = summarise(samples.map(({ peakBytes }) => peakBytes));
    const [first] = samples;
    if (first === undefined || cpu === undefined || peak === undefined) return [];
    const cpuText = formatSummary(cpu, (value) => formatValue(value, 's'));
    const peakText = formatSummary(peak, (value) => formatValue(value, 'bytes'));
    return [[labelOf(result, first.contestant), first.phase, cpuText, peakText]];
  });
  return [['', 'phase', 'CPU time', 'peak memory'], ...rows];
}

/** Which programs were there, and which not. */
export function subjectSentence(result: CaseResult): string {
  const named = result.subjects.map((each) =>
    'missing' in each ? `${each.label} missing (${each.missing})` : `${each.label} ${each.version}`,
  );
  return named.join('; ');
}

function labelOf(result: CaseResult, contestant: string): string {
  const subject = result.subjects.find(({ name }) => name === contestant);
  return subject?.label ?? result.contestants[contestant] ?? contestant;
}
