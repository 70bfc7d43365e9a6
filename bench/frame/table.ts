import { goalRows, measureRows, type Rows, subjectSentence, usageRows } from './rows.ts';
import type { CaseResult } from './results.ts';

/** The result of one case for a terminal. */
export function caseTable(result: CaseResult): string {
  const { number, title, end, notes } = result;
  const parts = [
    `case ${number}: ${title}`,
    end.state === 'done' ? '' : `${end.state}: ${end.reason}`,
    subjectSentence(result),
    result.goals.length > 0 ? alignedRows(goalRows(result)) : '',
    result.summaries.length > 0 ? alignedRows(measureRows(result)) : '',
    result.usage.length > 0 ? alignedRows(usageRows(result)) : '',
    notes.map((note) => `note: ${note}`).join('\n'),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Columns side by side, two spaces between, the head underlined. */
export function alignedRows(rows: Rows): string {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [lines[0] ?? '', rule, ...lines.slice(1)].join('\n');
}
