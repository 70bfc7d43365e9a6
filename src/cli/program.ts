import { Command, CommanderError } from 'commander';
import type { CommandSpec } from './command-spec.ts';
import { RONDO } from './commands.ts';
import { processContext, type CliContext } from './context.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import type { Flags } from './flags.ts';
import {
  checkLanguage,
  hasOption,
  langOf,
  namedCommand,
  readValue,
  unknownCommand,
  unknownOption,
  usageError,
  withoutManners,
  type Named,
} from './usage-error.ts';
import { languageOf, tableOf } from '../words/language.ts';
import { VERSION } from './version.ts';

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

/** What stands before the command of `exec` is Rondo's, the rest is not. */
function ownArguments(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end < 0 ? args : args.slice(0, end);
}

/** Runs a command line in this context. Resolves with the exit code; rejects with what is wrong with the line, or went wrong. */
export async function run(args: readonly string[], context: CliContext): Promise<number> {
  // From the script of a shell: no command, and its words are nobody's options.
  if (args[0] === 'complete' && args[1] === '--')
    return (await import('./completion.ts')).answerShell(args.slice(2), context);
  const topic = topicOf(args);
  if (topic !== undefined) {
    checkLanguage(args);
    return help(topic, context);
  }
  let code: number = EXIT.ok;
  let asked: Named = { spec: RONDO, names: ['rondo'] };
  const program = createProgram(context, {
    finish: (result) => (code = result),
    ask: (named) => (asked = named),
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed') await showHelp(asked, context);
    // Help and version have been shown.
    if (error.exitCode === 0) return EXIT.ok;
    throw usageError(error, args);
  }
  return code;
}

/** What `rondo help config check` and `rondo config help check` ask about; of no words at all, everything. */
function topicOf(args: readonly string[]): readonly string[] | undefined {
  const words = withoutManners(args);
  let { commands } = RONDO;
  for (const [index, word] of words.entries()) {
    if (word === 'help') return [...words.slice(0, index), ...words.slice(index + 1)];
    commands = commands?.find(({ name }) => name === word)?.commands;
    if (commands === undefined) return undefined;
  }
  return words.length === 0 ? [] : undefined;
}

async function help(topic: readonly string[], context: CliContext): Promise<number> {
  const [first] = topic;
  const error = await errorTopic(first, context);
  if (error !== undefined) {
    context.data(error);
    return EXIT.ok;
  }
  const named = namedCommand(topic);
  const next = topic.slice(named.names.length - 1).find((word) => !/^(-h|--help|help)$/.test(word));
  const isOption = next?.startsWith('-') === true;
  if (isOption && !hasOption(named, next)) throw unknownOption(next, named);
  if (next !== undefined && !isOption) throw unknownCommand(next, named);
  await showHelp(named, context);
  return EXIT.ok;
}

/** What `rondo help E_NO_MIRROR` prints; undefined for what is no code. */
async function errorTopic(word: string | undefined, { screen }: CliContext): Promise<string | undefined> {
  if (word === undefined || !/^e_[a-z_]+$/i.test(word)) return undefined;
  return (await import('./error-topic.ts')).errorTopic(word.toUpperCase(), screen('stdout'));
}

async function showHelp({ spec, names }: Named, { data, screen }: CliContext): Promise<void> {
  data((await import('./help.ts')).helpText(spec, names, screen('stdout')));
}

type Ends = {
  /** A command has ended with this code. */
  readonly finish: (code: number) => void;
  /** Its help is wanted; it is shown when the parser is through, since what writes it is loaded only then. */
  readonly ask: (named: Named) => void;
};

function createProgram(context: CliContext, ends: Ends): Command {
  const program = new Command('rondo').version(`rondo ${VERSION}`, '-V, --version');
  settle(program, { spec: RONDO, names: ['rondo'] }, context, ends);
  return program;
}

function settle(command: Command, named: Named, context: CliContext, ends: Ends): void {
  const { spec, names } = named;
  command
    .helpOption('-h, --help')
    .helpCommand(false)
    .exitOverride()
    .showSuggestionAfterError(false)
    // Errors are shown by print-error.ts.
    .configureOutput({ writeOut: context.data, writeErr: () => {} })
    .configureHelp({
      formatHelp() {
        ends.ask(named);
        return '';
      },
    });
  for (const option of spec.options ?? []) {
    const { syntax } = option;
    if (!syntax.includes('<')) command.option(syntax);
    else
      command.option(syntax, '', (text: string, earlier: unknown) => readValue(option, names, text, earlier));
  }
  for (const { syntax } of [spec.argument ?? []].flat()) command.argument(syntax);
  if (spec.passThrough === true) command.passThroughOptions();
  if (spec.commands !== undefined) {
    // What stands behind a command of the group is that command's.
    command.enablePositionalOptions();
    for (const each of spec.commands) addCommand(command, each, names, context, ends);
  }
  if (!('run' in spec)) return;
  const { run: action } = spec;
  command.action(async () => ends.finish(await action(command.args, command.opts<Flags>(), context)));
}

function addCommand(
  parent: Command,
  spec: CommandSpec,
  names: readonly string[],
  context: CliContext,
  ends: Ends,
): void {
  settle(parent.command(spec.name), { spec, names: [...names, spec.name] }, context, ends);
}
