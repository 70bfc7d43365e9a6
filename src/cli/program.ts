import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { nearest } from '../config/nearest.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { processContext, type CliContext } from './context.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import type { RunFlags } from './user-config.ts';
import { VERSION } from './version.ts';

/**
 * Runs one command line (without `node` and the program's name) in this process; resolves with the exit
 * code and never rejects. Each command's code is loaded when it is run, so that help and usage errors
 * come at once.
 */
export async function main(args: readonly string[]): Promise<number> {
  const context = processContext(ownArguments(args));
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

async function run(args: readonly string[], context: CliContext): Promise<number> {
  let code: number = EXIT.ok;
  const program = createProgram(context, (result) => {
    code = result;
  });
  if (args.length === 0) {
    program.outputHelp();
    return EXIT.ok;
  }
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version have been shown.
    if (error.exitCode === 0) return EXIT.ok;
    throw usageError(error, args, program);
  }
  return code;
}

function createProgram(context: CliContext, finish: (code: number) => void): Command {
  const program = new Command('rondo')
    .description('A Go module proxy that never lets a bad mirror break a build.')
    .version(`rondo ${VERSION}`, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .enablePositionalOptions()
    .exitOverride()
    // Errors are shown by print-error.ts.
    .configureOutput({ writeOut: context.data, writeErr: () => {} });
  example(program, 'rondo exec -- go build ./...');
  const serve = program
    .command('serve')
    .description('run the proxy until Ctrl-C')
    .option('--port <number>', 'port to listen at (default: 7070; 0: any free one)', port)
    .option('--host <host>', 'address to listen at (default: 127.0.0.1)', host);
  runOptions(serve).action(async (flags: RunFlags) =>
    finish(await (await import('./serve.ts')).serve(flags, context)),
  );
  example(serve, 'rondo serve --port 7070');
  const exec = program
    .command('exec')
    .description('run a command behind a private proxy')
    .argument('<command...>', 'the command and its arguments, after --')
    .passThroughOptions();
  runOptions(exec).action(async (words: string[], flags: RunFlags) =>
    finish(await (await import('./exec.ts')).exec(words, flags, context)),
  );
  example(exec, 'rondo exec -- go build ./...');
  program
    .command('version')
    .description('print the version')
    .action(() => context.data(`rondo ${VERSION}\n`));
  return program;
}

function runOptions(command: Command): Command {
  return command
    .option('--config <file>', 'read this .goproxy and no other')
    .option('--cache-dir <folder>', 'folder of the copy')
    .option('--offline', 'answer from the copy alone')
    .option('--verbose', 'show stack traces of errors')
    .option('--no-color', 'no colour');
}

function example(command: Command, line: string): void {
  command.addHelpText('before', `Example: ${line}\n`);
}

function port(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= 65_535) return number;
  throw new InvalidArgumentError('It is a number from 0 to 65535.');
}

function host(text: string): string {
  const plain = text.replace(/^\[(.*)\]$/, '$1');
  if (/^[0-9a-z.:-]+(?:%[0-9a-z]+)?$/i.test(plain)) return plain;
  throw new InvalidArgumentError('It is an address or a name, without a port.');
}

/** commander's `error: unknown option '--prot'\n(Did you mean --port?)` as an error of ours. */
function usageError(error: CommanderError, args: readonly string[], program: Command): RondoError {
  const command = args[0];
  const [first = '', ...more] = error.message.split('\n');
  // `rondo help nonsense`, of which commander only shows the help.
  if (error.code === 'commander.help') return unknownTopic(args[args.indexOf('help') + 1] ?? '', program);
  const suggestion = /^\((Did you mean .*)\)$/.exec(more.join(' ').trim())?.[1];
  const help =
    command === undefined || command.startsWith('-') || error.code === 'commander.unknownCommand'
      ? ''
      : `${command} `;
  const hint = suggestion === undefined ? `rondo ${help}--help` : suggestion.replace('Did', 'did');
  return new RondoError('E_USAGE', first.replace(/^error: |\.$/g, ''), { hint, cause: error });
}

function unknownTopic(word: string, program: Command): RondoError {
  const meant = nearest(
    word,
    program.commands.map((command) => command.name()),
  );
  const hint = meant === undefined ? 'rondo --help' : `did you mean ${meant}?`;
  return new RondoError('E_USAGE', `unknown command '${word}'`, { hint });
}
