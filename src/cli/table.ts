import { styleText } from 'node:util';
import stringWidth from 'string-width';
import { render, type Table } from '../words/render.ts';
import type { Text } from '../words/text.ts';
import { cutToWidth, wrapWords } from './text-width.ts';

/** How a cell is painted, where colour is wanted; its words say the same. */
export type Paint = 'green' | 'yellow' | 'red' | 'dim' | 'bold';

/** One cell of a table: one line, no control characters. */
export type Cell = { readonly text: Text | string; readonly paint?: Paint };

/** One column. */
export type Column = {
  readonly title: Text | string;
  readonly align?: 'right';
  /** Columns that may be left out have a rank: the highest goes first where there is no room. */
  readonly leaveOut?: number;
  /** What is cut in it stands whole below its row. */
  readonly below?: true;
};

/** One row, and what is to be read below it, indented. */
export type Row = { readonly cells: readonly Cell[]; readonly notes?: readonly Cell[] };

/** Where a table is shown. */
export type TableStyle = {
  /** Columns of the terminal; Infinity where it is none. */
  readonly width: number;
  readonly color: boolean;
  /** Of the language that is spoken; undefined for English. */
  readonly table?: Table | undefined;
};

const GAP = '  ';
const INDENT = '    ';
/** The first column is cut to this, if everything else does not help. */
const MIN_FIRST = 12;
/** Then the widest of the others, but for numbers, to this. */
const MIN_OTHER = 7;

/**
 * A table within the width of the terminal, its lines without trailing space: where there is no room, columns
 * are left out by their rank, then the first one is cut, then others. Pure.
 */
export function formatTable(columns: readonly Column[], rows: readonly Row[], style: TableStyle): string[] {
  const words = (text: Text | string): string => render(text, style.table);
  const widths = columns.map(({ title }, index) =>
    Math.max(
      stringWidth(words(title)),
      ...rows.map(({ cells }) => stringWidth(words(cells[index]?.text ?? ''))),
    ),
  );
  const shown = columns.map((_, index) => index);
  const total = (): number =>
    shown.reduce((sum, index) => sum + (widths[index] ?? 0) + GAP.length, -GAP.length);
  const ranked = columns
    .flatMap(({ leaveOut }, index) => (leaveOut === undefined ? [] : [{ leaveOut, index }]))
    .toSorted((a, b) => b.leaveOut - a.leaveOut);
  for (const { index } of ranked) if (total() > style.width) shown.splice(shown.indexOf(index), 1);
  const first = shown[0] ?? 0;
  const excess = total() - style.width;
  if (excess > 0)
    widths[first] = Math.max(Math.min(MIN_FIRST, widths[first] ?? 0), (widths[first] ?? 0) - excess);
  cutWidest(
    shown.filter((index) => index !== first && columns[index]?.align === undefined),
    widths,
    total() - style.width,
  );
  const line = (cells: readonly Cell[]): string =>
    shown
      .map((index) => pad(cells[index] ?? { text: '' }, widths[index] ?? 0, columns[index], style))
      .join(GAP);
  const cutOf = ({ cells }: Row): Cell[] =>
    shown.flatMap((index) => {
      const cell = cells[index];
      if (cell === undefined || columns[index]?.below !== true) return [];
      return stringWidth(words(cell.text)) > (widths[index] ?? 0) ? [cell] : [];
    });
  const notesOf = (row: Row): string[] =>
    [...cutOf(row), ...(row.notes ?? [])].flatMap(({ text, paint }) =>
      wrapWords(words(text), Math.max(MIN_FIRST, style.width - INDENT.length)).map(
        (part) => `${INDENT}${painted(cutToWidth(part, style.width - INDENT.length), paint, style)}`,
      ),
    );
  const head = line(columns.map(({ title }) => ({ text: title, paint: 'bold' })));
  return [head, ...rows.flatMap((row) => [line(row.cells), ...notesOf(row)])].map((each) => each.trimEnd());
}

/** Takes `excess` columns of the terminal from the widest of those, one by one. */
function cutWidest(which: readonly number[], widths: number[], excess: number): void {
  for (let left = excess; left > 0 && Number.isFinite(left); left -= 1) {
    const [widest] = which.toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0));
    if (widest === undefined || (widths[widest] ?? 0) <= MIN_OTHER) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}

function pad({ text, paint }: Cell, width: number, column: Column | undefined, style: TableStyle): string {
  const cut = cutToWidth(render(text, style.table), width);
  const space = ' '.repeat(width - stringWidth(cut));
  const shown = painted(cut, paint, style);
  return column?.align === 'right' ? `${space}${shown}` : `${shown}${space}`;
}

function painted(text: string, paint: Paint | undefined, { color }: TableStyle): string {
  return color && paint !== undefined ? styleText(paint, text, { validateStream: false }) : text;
}
