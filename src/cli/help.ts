import { styleText } from 'node:util';
import stringWidth from 'string-width';
import { render } from '../words/render.ts';
import { say, type Text } from '../words/text.ts';
import type { CommandSpec } from './command-spec.ts';
import { label } from './label.ts';
import type { TableStyle } from './table.ts';
import { wrapWords } from './text-width.ts';

/** Lines of a pipe, and the widest that is read with ease. */
const WIDTH = { unknown: 80, most: 100, least: 24 } as const;
const INDENT = '  ';
const GAP = '  ';
/** Of what stands below a term that leaves too little room beside it. */
const BELOW = '      ';
const LEAST_BESIDE = 24;

type Item = { readonly term: string; readonly about: Text };

/**
 * The help of a command, which is called by these `names` (`rondo`, `cache`, `ls`): its examples first, then usage,
 * meaning, arguments, commands, options and exit codes. No wider than the terminal, but for a word that is. Pure.
 */
export function helpText(spec: CommandSpec, names: readonly string[], style: TableStyle): string {
  const at: TableStyle = { ...style, width: helpWidth(style.width) };
  const words = [spec.argument ?? []].flat();
  const commands = (spec.commands ?? []).map(({ name, about }) => ({ term: name, about }));
  const options = (spec.options ?? []).map(({ syntax, about }) => ({ term: syntax, about }));
  const version = names.length > 1 ? [] : [{ term: '-V, --version', about: say('print the version') }];
  const help = { term: '-h, --help', about: say('print this help') };
  const helpCommand = { term: 'help', about: say('print the help of a command') };
  const blocks = [
    exampleLines(spec.examples, at),
    usageLines(spec, names, at),
    wrapWords(render(spec.about, at.table), at.width),
    items(
      say('Arguments:'),
      words.map(({ syntax, about }) => ({ term: syntax, about })),
      at,
    ),
    items(say('Commands:'), commands.length === 0 ? [] : [...commands, helpCommand], at),
    items(say('Options:'), [...options, ...version, help], at),
    exitLines(spec, at),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/** The width of help where the terminal has so many columns; Infinity is no terminal. */
export function helpWidth(columns: number): number {
  const wanted = Number.isFinite(columns) ? columns : WIDTH.unknown;
  return Math.max(WIDTH.least, Math.min(wanted, WIDTH.most));
}

/** A heading, with the space that what follows on its line needs. */
function title(text: Text, { color, table }: TableStyle): string {
  return label(text, (plain) => (color ? styleText('bold', plain, { validateStream: false }) : plain), table);
}

function exampleLines(examples: readonly string[], style: TableStyle): string[] {
  const [only = ''] = examples;
  const heading = title(examples.length > 1 ? say('Examples:') : say('Example:'), style);
  const inline = `${heading}${only}`;
  if (examples.length === 1 && stringWidth(inline) <= style.width) return [inline];
  return [heading.trimEnd(), ...examples.flatMap((example) => commandLines(example, style.width))];
}

/** A command in lines of at most `width` columns that a shell takes as one: each but the last ends in `\`, or goes on by itself. */
function commandLines(command: string, width: number): string[] {
  const lines: string[] = [];
  let line = INDENT;
  for (const word of command.split(' ')) {
    if (line === INDENT) line += word;
    else if (stringWidth(line) + 1 + stringWidth(word) + ' \\'.length <= width || word === '|')
      line += ` ${word}`;
    else {
      lines.push(/(\||&&)$/.test(line) ? line : `${line} \\`);
      line = ' '.repeat(Math.max(0, Math.min(INDENT.length * 2, width - stringWidth(word)))) + word;
    }
  }
  return [...lines, line];
}

function usageLines(spec: CommandSpec, names: readonly string[], style: TableStyle): string[] {
  const parts = [
    ...names,
    ...((spec.options ?? []).length > 0 ? ['[options]'] : []),
    ...(spec.commands === undefined ? [] : ['[command]']),
    ...(spec.passThrough === true ? ['--'] : []),
    ...[spec.argument ?? []].flat().map(({ syntax }) => syntax),
  ];
  const heading = title(say('Usage:'), style);
  const room = style.width - stringWidth(heading);
  const [first = '', ...more] = wrapWords(parts.join(' '), room);
  return [`${heading}${first}`, ...more.map((line) => `${' '.repeat(style.width - room)}${line}`)];
}

function items(heading: Text, list: readonly Item[], style: TableStyle): string[] {
  if (list.length === 0) return [];
  const termWidth = Math.max(...list.map(({ term }) => stringWidth(term)));
  const beside = style.width - INDENT.length - termWidth - GAP.length;
  return [
    title(heading, style).trimEnd(),
    ...list.flatMap(({ term, about }) => {
      const text = render(about, style.table);
      if (beside < LEAST_BESIDE) {
        const below = wrapWords(text, style.width - BELOW.length).map((line) => `${BELOW}${line}`);
        return [`${INDENT}${term}`, ...below];
      }
      const [first = '', ...more] = wrapWords(text, beside);
      const margin = ' '.repeat(style.width - beside);
      return [`${INDENT}${term.padEnd(termWidth)}${GAP}${first}`, ...more.map((line) => `${margin}${line}`)];
    }),
  ];
}

function exitLines({ exitCodes }: CommandSpec, style: TableStyle): string[] {
  if (exitCodes === undefined) return [];
  const { codes, note } = exitCodes;
  const lines = items(
    say('Exit codes:'),
    codes.map(([code, about]) => ({ term: String(code), about })),
    style,
  );
  const below = note === undefined ? [] : wrapWords(render(note, style.table), style.width - INDENT.length);
  return [...lines, ...below.map((line) => `${INDENT}${line}`)];
}
