import { styleText } from 'node:util';
import stringWidth from 'string-width';
import { render, type Table } from '../words/render.ts';
import type { Text } from '../words/text.ts';
import { cutToWidth, wrapWithin } from './text-width.ts';

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
/** A terminal that is narrower than this breaks the lines by itself. */
const MIN_ROOM = 12;
/** What is cut is cut to this, but for numbers. */
const MIN_CUT = 7;

/** The columns that are shown, and how wide each of all is. */
type Layout = { readonly shown: readonly number[]; readonly widths: readonly number[] };

/**
 * A table within the width of the terminal, its lines without trailing space: where there is no room, columns are left
 * out by their rank, then those are cut of which all stands below the row. Where that does not help, the first cell,
 * which is a name, has a line of its own, and the others stand below it. Names are never cut. Pure.
 */
export function formatTable(columns: readonly Column[], rows: readonly Row[], style: TableStyle): string[] {
  const words = (text: Text | string): string => render(text, style.table);
  const widths = columns.map(({ title }, index) =>
    Math.max(
      stringWidth(words(title)),
      ...rows.map(({ cells }) => stringWidth(words(cells[index]?.text ?? ''))),
    ),
  );
  const all = columns.map((_, index) => index);
  const flat = fitted(columns, { shown: all, widths }, style.width, (column) => column.below === true);
  const stands = totalOf(flat) <= style.width;
  const room = Math.max(MIN_ROOM, style.width - INDENT.length);
  const layout = stands
    ? flat
    : whole(fitted(columns, { shown: all.slice(1), widths }, room, isNoNumber), room);
  const line = (cells: readonly Cell[]): string =>
    layout.shown
      .map((index) => pad(cells[index] ?? { text: '' }, layout.widths[index] ?? 0, columns[index], style))
      .join(GAP)
      .trimEnd();
  const linesOf = (cells: readonly Cell[]): string[] => {
    if (stands) return [line(cells)];
    const { text = '', paint } = cells[0] ?? {};
    const below = line(cells);
    return [
      ...wrapWithin(words(text), Math.max(MIN_ROOM, style.width)).map((part) => painted(part, paint, style)),
      ...(below === '' ? [] : [`${INDENT}${below}`]),
    ];
  };
  const cutOf = ({ cells }: Row): Cell[] =>
    layout.shown.flatMap((index) => {
      const cell = cells[index];
      if (cell === undefined || columns[index]?.below !== true) return [];
      return stringWidth(words(cell.text)) > (layout.widths[index] ?? 0) ? [cell] : [];
    });
  const notesOf = (row: Row): string[] =>
    [...cutOf(row), ...(row.notes ?? [])].flatMap(({ text, paint }) =>
      wrapWithin(words(text), room).map((part) => `${INDENT}${painted(part, paint, style)}`),
    );
  const head = linesOf(columns.map(({ title }) => ({ text: title, paint: 'bold' })));
  return [...head, ...rows.flatMap((row) => [...linesOf(row.cells), ...notesOf(row)])];
}

function totalOf({ shown, widths }: Layout): number {
  return shown.reduce((sum, index) => sum + (widths[index] ?? 0) + GAP.length, -GAP.length);
}

function isNoNumber({ align }: Column): boolean {
  return align === undefined;
}

/** Without the columns that have the highest ranks, and with the widest of those cut that may be: as far as is needed. */
function fitted(
  columns: readonly Column[],
  { shown, widths }: Layout,
  room: number,
  mayBeCut: (column: Column) => boolean,
): Layout {
  let kept = shown;
  const ranked = shown
    .flatMap((index) => ({ rank: columns[index]?.leaveOut, index }))
    .toSorted((a, b) => (b.rank ?? 0) - (a.rank ?? 0));
  for (const { rank, index } of ranked)
    if (rank !== undefined && totalOf({ shown: kept, widths }) > room)
      kept = kept.filter((each) => each !== index);
  const which = kept.filter((index) => {
    const column = columns[index];
    return column !== undefined && mayBeCut(column);
  });
  return {
    shown: kept,
    widths: withWidestCut(which, widths, totalOf({ shown: kept, widths }) - room),
  };
}

/** Without the columns at the end that still find no room. */
function whole({ shown, widths }: Layout, room: number): Layout {
  let kept = shown;
  while (kept.length > 1 && totalOf({ shown: kept, widths }) > room) kept = kept.slice(0, -1);
  return { shown: kept, widths };
}

/** Takes `excess` columns of the terminal from the widest of those, one by one. */
function withWidestCut(which: readonly number[], all: readonly number[], excess: number): number[] {
  const widths = [...all];
  for (let left = excess; left > 0 && Number.isFinite(left); left -= 1) {
    const [widest] = which.toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0));
    if (widest === undefined || (widths[widest] ?? 0) <= MIN_CUT) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
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
