import { formatRatio, formatSummary, formatValue } from './format.ts';
import type { JudgedGoal } from './goals.ts';
import type { CaseResult } from './results.ts';
import { summarise } from './statistics.ts';
import type { Measure } from './types.ts';

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

/** More columns than this do not fit beside each other. */
const MOST_COLUMNS = 6;

/** One row a measure that has any number, one column a contestant; the other way round where contestants are many. */
export function measureRows(result: CaseResult): Rows {
  const contestants = [...new Set(result.summaries.map(({ contestant }) => contestant))];
  const measures = result.measures.filter(({ key }) =>
    result.summaries.some(({ measure }) => measure === key),
  );
  const labels = contestants.map((contestant) => labelOf(result, contestant));
  const cellOf = (measure: Measure, contestant: string): string => {
    const summary = result.summaries.find(
      (each) => each.measure === measure.key && each.contestant === contestant,
    );
    return summary === undefined ? '' : formatSummary(summary, (value) => formatValue(value, measure.unit));
  };
  if (contestants.length > MOST_COLUMNS) {
    const head = ['', ...measures.map(({ words }) => words)];
    const rows = contestants.map((contestant, index) => [
      labels[index] ?? contestant,
      ...measures.map((measure) => cellOf(measure, contestant)),
    ]);
    return [head, ...rows];
  }
  const rows = measures.map((measure) => [
    measure.words,
    ...contestants.map((contestant) => cellOf(measure, contestant)),
  ]);
  return [['', ...labels], ...rows];
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
