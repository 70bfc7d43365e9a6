import { Command, CommanderError } from 'commander';
import { nearest } from '../config/nearest.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { CommandOption, CommandSpec } from './command-spec.ts';
import { COMMANDS } from './commands.ts';
import { processContext, type CliContext } from './context.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { languageOf, tableOf } from '../words/language.ts';
import type { Table } from '../words/render.ts';
import { VERSION } from './version.ts';
import { say } from '../words/text.ts';

/**
 * Runs one command line (without `node` and the program's name) in this process; resolves with the exit
 * code and never rejects.
 */
export async function main(args: readonly string[]): Promise<number> {
  const own = ownArguments(args);
  const table = await tableOf(languageOf(process.env, langOf(own)));
  const context = processContext(own, table);
  try {
    return await run(args, context);
  } catch (error) {
    context.showError(error);
    return exitCodeOf(error);
  }
}

/** What `--lang` says, in either spelling; the parser says whether it may. */
function langOf(args: readonly string[]): string | undefined {
  const at = args.indexOf('--lang');
  return at < 0 ? args.find((arg) => arg.startsWith('--lang='))?.slice('--lang='.length) : args[at + 1];
}

/** What stands before the command of `exec` is Rondo's, the rest is not. */
function ownArguments(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end < 0 ? args : args.slice(0, end);
}

async function run(args: readonly string[], context: CliContext): Promise<number> {
  let code: number = EXIT.ok;
  const program = createProgram(context, (result) => {
    code = result;
  });
  if (args.length === 0) {
    program.outputHelp();
    return EXIT.ok;
  }
  // From the script of a shell: no command, and its words are nobody's options.
  if (args[0] === 'complete' && args[1] === '--')
    return (await import('./completion.ts')).answerShell(args.slice(2), context);
  const topic = args[0] === 'help' ? await errorTopic(args[1], context.table) : undefined;
  if (topic !== undefined) {
    context.data(topic);
    return EXIT.ok;
  }
  const asked = withHelpFlag(args, program);
  try {
    await program.parseAsync(asked, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version have been shown.
    if (error.exitCode === 0) return EXIT.ok;
    throw usageError(error, asked, program);
  }
  return code;
}

/** What `rondo help E_NO_MIRROR` prints; undefined for what is no code. */
async function errorTopic(word: string | undefined, table: Table | undefined): Promise<string | undefined> {
  if (word === undefined || !/^e_[a-z_]+$/i.test(word)) return undefined;
  return (await import('./error-topic.ts')).errorTopic(word.toUpperCase(), table);
}

/** `help config check` as `config check --help`: commander's own help looks at one word only. */
function withHelpFlag(args: readonly string[], program: Command): readonly string[] {
  const [first, ...words] = args;
  if (first !== 'help' || words.length < 2) return args;
  const named = namedCommand(words, program).split(' ').slice(1);
  return named.length === words.length ? [...words, '--help'] : words;
}

const HELP_ABOUT = 'print the help of a command';

type Finish = (code: number) => void;

function createProgram(context: CliContext, finish: Finish): Command {
  const program = new Command('rondo')
    .description('A Go module proxy that never lets a bad mirror break a build.')
    .version(`rondo ${VERSION}`, '-V, --version', 'print the version')
    .helpCommand('help [command]', HELP_ABOUT)
    .enablePositionalOptions();
  settle(program, context);
  showExamples(program, ['rondo exec -- go build ./...']);
  for (const spec of COMMANDS) addCommand(program, spec, context, finish);
  return program;
}

/** What commander would inherit only to commands that it makes itself. */
function settle(command: Command, context: CliContext): void {
  command
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    // Errors are shown by print-error.ts.
    .configureOutput({ writeOut: context.data, writeErr: () => {} });
}

function addCommand(parent: Command, spec: CommandSpec, context: CliContext, finish: Finish): void {
  const command = parent.command(spec.name).description(spec.about);
  settle(command, context);
  showExamples(command, spec.examples);
  const { exitCodes } = spec;
  if (exitCodes !== undefined) command.addHelpText('after', `\nExit codes:\n  ${exitCodes.join('\n  ')}`);
  for (const { syntax, about, parse } of spec.options ?? []) {
    if (!syntax.includes('<')) command.option(syntax, about);
    else command.option(syntax, about, valueReader(command, syntax, parse));
  }
  for (const { syntax, about } of [spec.argument ?? []].flat()) command.argument(syntax, about);
  if (spec.passThrough === true) command.passThroughOptions();
  if (spec.commands !== undefined) {
    // What stands behind a command of the group is that command's.
    command.enablePositionalOptions().helpCommand('help [command]', HELP_ABOUT);
    for (const each of spec.commands) addCommand(command, each, context, finish);
  }
  if (!('run' in spec)) return;
  const { run } = spec;
  command.action(async () => finish(await run(command.args, command.opts<Flags>(), context)));
}

/** commander takes whatever comes next for the value of an option: the `--` before a command, another option. */
function valueReader(
  command: Command,
  syntax: string,
  parse: CommandOption['parse'] = (text) => text,
): NonNullable<CommandOption['parse']> {
  return (text, earlier) => {
    if (!text.startsWith('--')) return parse(text, earlier);
    const name = syntax.split(' ')[0] ?? syntax;
    const line = `${command.parent?.name() === 'rondo' ? 'rondo' : `rondo ${command.parent?.name()}`} ${command.name()}`;
    throw new RondoError('E_USAGE', say('option {name} needs a value', { name }), {
      hint: say('{line} --help', { line }),
    });
  };
}

function showExamples(command: Command, lines: readonly string[]): void {
  const word = lines.length > 1 ? 'Examples:\n  ' : 'Example: ';
  command.addHelpText('before', `${word}${lines.join('\n  ')}\n`);
}

/** commander's `error: unknown option '--prot'\n(Did you mean --port?)` as an error of ours. */
function usageError(error: CommanderError, args: readonly string[], program: Command): RondoError {
  const [first = '', ...more] = error.message.split('\n');
  const named = namedCommand(args, program);
  // `rondo help nonsense` and `rondo config nonsense`, of which commander only shows the help.
  if (error.code === 'commander.help') return unknownTopic(args, named, program);
  const suggestion = /^\((Did you mean .*)\)$/.exec(more.join(' ').trim())?.[1];
  const hint = suggestion === undefined ? `${named} --help` : suggestion.replace('Did', 'did');
  return new RondoError('E_USAGE', first.replace(/^error: |\.$/g, ''), { hint, cause: error });
}

/** The longest beginning of the line that is a command: `rondo config show`. */
function namedCommand(args: readonly string[], program: Command): string {
  const names = ['rondo'];
  let command: Command | undefined = program;
  for (const word of args) {
    command = command.commands.find((each) => each.name() === word);
    if (command === undefined) break;
    names.push(word);
  }
  return names.join(' ');
}

function unknownTopic(args: readonly string[], named: string, program: Command): RondoError {
  const depth = named.split(' ').length - 1;
  const word = args[0] === 'help' ? (args[1] ?? '') : (args[depth] ?? '');
  const group = depth === 0 ? program : program.commands.find((each) => each.name() === args[0]);
  const known = (group ?? program).commands.map((command) => command.name());
  if (word === '' || word.startsWith('-')) {
    return new RondoError('E_USAGE', say('{named} needs one of {list}', { named, list: known.join(', ') }), {
      hint: say('{named} --help', { named }),
    });
  }
  const meant = nearest(word, known);
  const hint = meant === undefined ? `${named} --help` : `did you mean ${meant}?`;
  return new RondoError('E_USAGE', say("unknown command '{word}'", { word }), { hint });
}
