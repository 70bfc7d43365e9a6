import { styleText } from 'node:util';
import { printable } from '../config/quote.ts';
import { label } from './label.ts';
import { messageOf, RondoError, type ErrorWords } from '../errors/rondo-error.ts';
import { render, type Table } from '../words/render.ts';
import { say, type Text } from '../words/text.ts';

/** How an error is shown. */
export type ErrorStyle = {
  readonly color: boolean;
  /** With stack traces and causes. */
  readonly verbose: boolean;
  /** Of the language that is spoken; undefined for English. */
  readonly table?: Table | undefined;
};

const MAX_LINE = 400;

/**
 * An error for people, with a newline at the end: `error: <what> (<code>)`, its details, and as the last
 * line the hint, since that is the one that counts (spec cli.md). Control characters, which may come from
 * a file or a mirror, are replaced. Whatever is no RondoError is a bug of Rondo's and says so.
 */
export function formatError(thrown: unknown, { color, verbose, table }: ErrorStyle): string {
  const paint = (format: 'red' | 'yellow', text: string): string =>
    color ? styleText(['bold', format], text, { validateStream: false }) : text;
  const { code, message, hint, details } = describe(thrown);
  const shown = (text: Text | string): string => printable(render(text, table), MAX_LINE);
  const lines = [
    `${label(say('error:'), (text) => paint('red', text), table)}${shown(message)} (${code})`,
    ...details.map((detail) => `  ${shown(detail)}`),
    ...(verbose ? stackLines(thrown) : []),
    ...(hint === undefined
      ? []
      : [`${label(say('hint:'), (text) => paint('yellow', text), table)}${shown(hint)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** One line that is worth knowing but no error, with a newline at the end. */
export function formatWarning(
  message: Text | string,
  { color, table }: Pick<ErrorStyle, 'color' | 'table'>,
): string {
  const paint = (text: string): string =>
    color ? styleText(['bold', 'yellow'], text, { validateStream: false }) : text;
  return `${label(say('warning:'), paint, table)}${printable(render(message, table), MAX_LINE)}\n`;
}

/** Whether colour is wanted: a terminal that is not `dumb`, without NO_COLOR (any text but an empty one) and --no-color. */
export function wantsColor(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
  flags: readonly string[],
): boolean {
  return isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb' && !flags.includes('--no-color');
}

function describe(thrown: unknown): ErrorWords & { readonly code: string } {
  if (thrown instanceof RondoError) return { ...thrown.said, code: thrown.code };
  const hint = say(
    'this is a bug in Rondo: please report it with what the same command prints with --verbose',
  );
  return { code: 'E_BUG', message: messageOf(thrown), hint, details: [] };
}

function stackLines(thrown: unknown): string[] {
  const lines: string[] = [];
  let error = thrown;
  // A chain of causes may be a ring.
  for (let depth = 0; depth < 5 && error instanceof Error; depth += 1) {
    const stack = (error.stack ?? '').split('\n').map((line) => `  ${printable(line, MAX_LINE)}`);
    lines.push(...(depth === 0 ? stack.slice(1) : ['  caused by:', ...stack]));
    error = error.cause;
  }
  return lines;
}
