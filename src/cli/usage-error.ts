import type { CommanderError } from 'commander';
import { ERROR_CODES } from '../errors/codes.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { LANGUAGES } from '../words/language.ts';
import { listed, many, say, type Text } from '../words/text.ts';
import type { CommandOption, CommandSpec } from './command-spec.ts';
import { RONDO } from './commands.ts';
import { meantBy } from './meant-by.ts';

/** A command, and the words that name it: `rondo`, `config`, `show`. */
export type Named = { readonly spec: CommandSpec; readonly names: readonly string[] };

/** What `--lang` says, in either spelling; undefined where it is not given, or without a value. */
export function langOf(args: readonly string[]): string | undefined {
  const at = args.indexOf('--lang');
  return at < 0 ? args.find((arg) => arg.startsWith('--lang='))?.slice('--lang='.length) : args[at + 1];
}

/** The words without the options that every command takes: those may stand anywhere. */
export function withoutManners(args: readonly string[]): readonly string[] {
  return args.filter(
    (arg, index) => !/^--(verbose|no-color|lang(=.*)?)$/s.test(arg) && args[index - 1] !== '--lang',
  );
}

/**
 * For help, which no parser sees.
 * @throws RondoError E_USAGE for a language that Rondo does not speak
 */
export function checkLanguage(args: readonly string[]): void {
  const lang = langOf(args);
  const option = RONDO.options?.find(({ values }) => values === LANGUAGES);
  if (option === undefined || (lang === undefined && !args.includes('--lang'))) return;
  if (lang === undefined) throw noValue('--lang', ['rondo']);
  readValue(option, ['rondo'], lang, undefined);
}

/** The longest beginning of the line that is a command. */
export function namedCommand(args: readonly string[]): Named {
  const names = ['rondo'];
  let spec = RONDO;
  for (const word of withoutManners(args)) {
    const next = spec.commands?.find(({ name }) => name === word);
    if (next === undefined) break;
    spec = next;
    names.push(word);
  }
  return { spec, names };
}

/**
 * The value of an option, as the option reads it.
 * @throws RondoError E_USAGE for one that it does not take
 */
export function readValue(
  { syntax, parse = (value) => value }: CommandOption,
  names: readonly string[],
  text: string,
  earlier: unknown,
): unknown {
  // The parser takes whatever comes next for the value: the `--` before a command, another option.
  if (text.startsWith('--')) throw noValue(syntax.split(' ')[0] ?? syntax, names);
  try {
    return parse(text, earlier);
  } catch (error) {
    if (!(error instanceof RondoError)) throw error;
    const why = error.said.message;
    const values = { syntax, value: text, why };
    throw new RondoError('E_USAGE', say("option '{syntax}' argument '{value}' is invalid. {why}", values), {
      hint: error.said.hint ?? helpOf(names),
    });
  }
}

/** commander's error as one of ours: by its code, which is stable, with the facts of its one English line. */
export function usageError(error: CommanderError, args: readonly string[]): RondoError {
  const named = namedCommand(args);
  const { spec, names } = named;
  const fact = (pattern: RegExp): readonly string[] => pattern.exec(error.message)?.slice(1) ?? [];
  const usage = (message: Text | string, hint: Text = helpOf(names)): RondoError =>
    new RondoError('E_USAGE', message, { hint, cause: error });
  switch (error.code) {
    // A group without one of its commands, of which commander only shows the help.
    case 'commander.help':
      return usage(
        say('{named} needs one of {list}', { named: names.join(' '), list: commandNames(spec).join(', ') }),
      );
    case 'commander.unknownCommand': {
      const [word = ''] = fact(/ '(.*)'$/s);
      return unknownCommand(word, named);
    }
    case 'commander.unknownOption': {
      const [name = ''] = fact(/ '(.*)'$/s);
      return unknownOption(name, named);
    }
    case 'commander.missingArgument': {
      const [name = ''] = fact(/ '(.*)'$/s);
      return usage(say("missing required argument '{name}'", { name }));
    }
    case 'commander.optionMissingArgument': {
      const [syntax = ''] = fact(/ '(.*)' argument missing$/s);
      return noValue(syntax.split(' ')[0] ?? syntax, names);
    }
    case 'commander.excessArguments': {
      const [expected = '', received = '', words = ''] = fact(/(\d+) arguments? but got (\d+): (.*)\.$/s);
      // Of a command that is a group too.
      if (spec.commands !== undefined) return unknownCommand(words.split(', ')[0] ?? words, named);
      return usage(
        many(
          Number(expected),
          "too many arguments for '{command}'. Expected {count} argument but got {received}: {words}",
          "too many arguments for '{command}'. Expected {count} arguments but got {received}: {words}",
          { command: spec.name, received, words },
        ),
      );
    }
    default:
      return usage(error.message.replace(/^error: |\.$/g, ''));
  }
}

/** `rondo nonsense`, `rondo config nonsense`, `rondo help nonsense`. */
export function unknownCommand(word: string, { spec, names }: Named): RondoError {
  const near = /^e_/i.test(word)
    ? meantBy(word.toUpperCase(), Object.keys(ERROR_CODES))
    : meantBy(word, [...commandNames(spec), 'help']);
  // Whoever has named a group means none of another one.
  const others = spec === RONDO ? elsewhere(word) : [];
  const lines = near === undefined ? others : [near];
  return new RondoError('E_USAGE', say("unknown command '{word}'", { word }), {
    hint: lines.length === 0 ? helpOf(names) : say('did you mean {meant}?', { meant: listed(lines, ' or ') }),
  });
}

/** Whether a command takes the option, with a value behind `=` or not. */
export function hasOption({ spec }: Named, word: string): boolean {
  return optionNames(spec).includes(word.replace(/=.*$/s, ''));
}

/** An option that the command does not have. */
export function unknownOption(name: string, { spec, names }: Named): RondoError {
  const all = [...optionNames(spec), '--help', ...(spec === RONDO ? ['--version'] : [])];
  const meant = name.length < 3 ? undefined : meantBy(name.replace(/=.*$/s, ''), all);
  return new RondoError('E_USAGE', say("unknown option '{name}'", { name }), {
    hint: meant === undefined ? helpOf(names) : say('did you mean {meant}?', { meant }),
  });
}

function noValue(name: string, names: readonly string[]): RondoError {
  return new RondoError('E_USAGE', say('option {name} needs a value', { name }), { hint: helpOf(names) });
}

function helpOf(names: readonly string[]): Text {
  return say('{line} --help', { line: names.join(' ') });
}

function optionNames({ options = [] }: CommandSpec): string[] {
  return options.map(({ syntax }) => syntax.split(' ')[0] ?? syntax);
}

function commandNames({ commands = [] }: CommandSpec): string[] {
  return commands.map(({ name }) => name);
}

/** `rondo cache ls` for `ls`: the commands of that name in the groups. */
function elsewhere(word: string): string[] {
  return (RONDO.commands ?? []).flatMap((group) =>
    commandNames(group).flatMap((name) => (name === word ? [`rondo ${group.name} ${name}`] : [])),
  );
}
