import { formatSummary, formatValue } from '../frame/format.ts';
import type { Rows } from '../frame/rows.ts';
import { alignedRows } from '../frame/table.ts';
import type { Measure } from '../frame/types.ts';
import type { FaultResults } from './fault-results.ts';
import { standingsOf, type FaultLine, type FaultMeasure, type RowStanding } from './standings.ts';

/** The comparison for a terminal. */
export function faultTable(results: FaultResults): string {
  const parts = [
    subjectWords(results),
    alignedRows(detailRows(results)),
    results.notes.map((note) => `note: ${note}`).join('\n'),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Which programs were there, and which not. */
export function subjectWords({ subjects }: Pick<FaultResults, 'subjects'>): string {
  return subjects
    .map((each) =>
      'missing' in each ? `${each.label} missing (${each.missing})` : `${each.label} ${each.version}`,
    )
    .join('; ');
}

const COLUMNS: readonly {
  readonly measure: FaultMeasure;
  readonly head: string;
  readonly unit: Measure['unit'];
}[] = [
  { measure: 'rightPercent', head: 'right', unit: '%' },
  { measure: 'wrongPercent', head: 'wrong bytes', unit: '%' },
  { measure: 'falseNotFoundPercent', head: 'false 404', unit: '%' },
  { measure: 'p50Ms', head: 'p50', unit: 'ms' },
  { measure: 'p99Ms', head: 'p99', unit: 'ms' },
  { measure: 'longestMs', head: 'longest', unit: 'ms' },
  { measure: 'attempts', head: 'attempts', unit: '1' },
  { measure: 'firstRightMs', head: 'first right', unit: 'ms' },
  { measure: 'recoveredPercent', head: 'within 5 s', unit: '%' },
];

/** One row a fault and a contestant: medians, and the range over the runs. `*` is first. */
export function detailRows(results: FaultResults): Rows {
  const head = ['fault', 'program', ...COLUMNS.map(({ head }) => head)];
  return [head, ...standingsOf(results).flatMap((standing) => detailOf(standing, results))];
}

function detailOf({ row, lines }: RowStanding, results: FaultResults): string[][] {
  return lines.map((line, index) => [
    index === 0 ? row.what : '',
    `${labelOf(results, line.contestant)}${line.first ? ' *' : ''}`,
    ...COLUMNS.map(({ measure, unit }) => {
      const summary = line.summary(measure);
      return summary === undefined ? '' : formatSummary(summary, (value) => formatValue(value, unit));
    }),
  ]);
}

/** One row a fault, one column a contestant: the share of right answers, and how long they took. `*` is first. */
export function shortRows(results: FaultResults): Rows {
  const standings = standingsOf(results);
  const there = results.subjects.filter(({ name }) =>
    standings.some(({ lines }) => lines.some(({ contestant }) => contestant === name)),
  );
  const rows = standings.map(({ row, lines }) => [
    row.what,
    ...there.map(({ name }) => {
      const line = lines.find(({ contestant }) => contestant === name);
      return line === undefined ? '' : shortCell(line);
    }),
  ]);
  return [['', ...there.map(({ label }) => label)], ...rows];
}

/** `67 %, 41 ms`; after an outage of all mirrors, `98 %, again after 900 ms`. */
export function shortCell(line: FaultLine): string {
  const right = line.summary('rightPercent');
  const again = line.summary('firstRightMs');
  const p99 = line.summary('p99Ms');
  const words = [
    right === undefined ? '' : formatValue(right.median, '%'),
    again !== undefined
      ? `again after ${formatValue(again.median, 'ms')}`
      : p99 === undefined
        ? ''
        : formatValue(p99.median, 'ms'),
  ];
  return `${words.filter((word) => word !== '').join(', ')}${line.first ? ' *' : ''}`;
}

/** As results call a contestant. */
export function labelOf({ subjects }: Pick<FaultResults, 'subjects'>, contestant: string): string {
  return subjects.find(({ name }) => name === contestant)?.label ?? contestant;
}
