import type { Rows } from './rows.ts';

/** A table. What cells say stays what they say. */
export function markdownRows(rows: Rows): string {
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...body.map(line)].join('\n');
}

/** Text as it stands, in one line. A program's own words may hold what Markdown takes for its own. */
export function escapeCell(text: string): string {
  return text.replaceAll(/[|<>`*_[\]\\]/g, String.raw`\$&`).replaceAll('\n', ' ');
}
