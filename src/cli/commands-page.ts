import type { CommandSpec, ExitCodes } from './command-spec.ts';
import { COMMANDS } from './commands.ts';
import { render } from '../words/render.ts';
import type { Text } from '../words/text.ts';

const HEAD = `# Commands

\`rondo\` alone prints short help, \`rondo help COMMAND\` and \`COMMAND --help\` that of a command. Data goes to stdout, words
to stderr. What takes \`--json\` prints an object whose \`version\` changes when its shape does. Colour is for terminals, and
never with \`NO_COLOR\`, \`TERM=dumb\` or \`--no-color\`. This page is written by \`scripts/commands-page.ts\`.

Exit codes, where a command does not say otherwise: 0 all is well, 1 there are findings, 2 a mistake in the command line or
the configuration, 3 no mirror had it, 4 something is not what it ought to be, 70 a bug of Rondo, 130 Ctrl-C.

`;

/** docs/reference/cli.md: every command with its examples, arguments and options. Pure. */
export function commandsPage(): string {
  const sections = COMMANDS.flatMap((spec) => sectionsOf(spec, []));
  return `${HEAD}${sections.join('\n')}`;
}

function sectionsOf(spec: CommandSpec, parents: readonly string[]): string[] {
  const names = [...parents, spec.name];
  const own = 'run' in spec ? [sectionOf(spec, names)] : [];
  return [...own, ...(spec.commands ?? []).flatMap((child) => sectionsOf(child, names))];
}

function sectionOf(spec: CommandSpec, names: readonly string[]): string {
  const about = render(spec.about);
  const words = [spec.argument ?? []].flat();
  const usage = ['rondo', ...names, ...((spec.options ?? []).length > 0 ? ['[options]'] : [])];
  const separator = spec.passThrough === true ? ['--'] : [];
  const rows = [
    ...words.map(({ syntax, about }) => `| \`${syntax.replaceAll('|', '\\|')}\` | ${cell(about)} |`),
    ...(spec.options ?? []).map(
      ({ syntax, about }) => `| \`${syntax.replaceAll('|', '\\|')}\` | ${cell(about)} |`,
    ),
  ];
  return [
    `## rondo ${names.join(' ')}`,
    '',
    `${about[0]?.toUpperCase() ?? ''}${about.slice(1)}.`,
    '',
    '```sh',
    `# ${[...usage, ...separator, ...words.map(({ syntax }) => syntax)].join(' ')}`,
    ...spec.examples,
    '```',
    '',
    ...(rows.length > 0 ? ['| argument or option | meaning |', '|---|---|', ...rows, ''] : []),
    ...(spec.exitCodes === undefined ? [] : ['```text', ...exitLines(spec.exitCodes), '```', '']),
  ].join('\n');
}

function exitLines({ codes, note }: ExitCodes): string[] {
  const lines = codes.map(([code, means]) => `${code}  ${render(means)}`);
  return note === undefined ? lines : [...lines, render(note)];
}

/** What would end a cell, or begin a tag. */
function cell(text: Text): string {
  return render(text)
    .replaceAll('|', '\\|')
    .replaceAll(/<(?=[a-z])/gi, '\\<');
}
