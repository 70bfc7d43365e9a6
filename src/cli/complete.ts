import { say, type Text } from '../words/text.ts';
import type { CommandArgument, CommandOption, CommandSpec } from './command-spec.ts';

/** What may stand where the cursor is. */
export type Completion = {
  readonly candidates: readonly { readonly value: string; readonly about: Text | string }[];
  /** Whether the shell offers files, or folders alone, instead. */
  readonly files: 'none' | 'files' | 'folders';
};

type Candidate = Completion['candidates'][number];

/** Of every command, as commander has it. */
const HELP: CommandOption = { syntax: '--help', about: say('print this help') };
const VERSION: CommandOption = { syntax: '--version', about: say('print the version') };

/** Of everything that has commands; those stand behind it as well. */
const HELP_COMMAND: Candidate = { value: 'help', about: say('print the help of a command') };

/**
 * Completes the last of `words`, which stand after `rondo`; it may be empty. Commands, options that are not given yet,
 * values of options that have a few, and files where a file is meant; nothing behind the `--` of another command. `root` is
 * `rondo` itself. Pure.
 */
export function complete(words: readonly string[], root: CommandSpec): Completion {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  if (before.includes('--')) return { candidates: [], files: 'files' };
  const { spec, given, children, argument } = walk(before, root);
  const options = [...(spec.options ?? []), HELP, ...(spec === root ? [VERSION] : [])];
  const last = before.at(-1);
  const open = options.find((option) => nameOf(option) === last && option.syntax.includes('<'));
  if (open !== undefined) return valuesOf(open.syntax, open.values, current);
  if (current.startsWith('-')) {
    const left = options.filter((option) => !given.has(nameOf(option)) || option.repeats === true);
    return offered(
      left.map((option) => ({ value: nameOf(option), about: option.about })),
      current,
    );
  }
  const named: Candidate[] = children.map(({ name, about }) => ({ value: name, about }));
  if (children.length > 0 && !given.has(HELP_COMMAND.value)) named.push(HELP_COMMAND);
  if (argument === undefined) return offered(named, current);
  const values = valuesOf(argument.syntax, argument.values, current);
  return { ...values, candidates: [...offered(named, current).candidates, ...values.candidates] };
}

type Walked = {
  /** The command that the words have led to. */
  readonly spec: CommandSpec;
  readonly given: ReadonlySet<string>;
  /** Commands that may follow. */
  readonly children: readonly CommandSpec[];
  /** What stands at the cursor, if it is no option. */
  readonly argument: CommandArgument | undefined;
};

function walk(words: readonly string[], root: CommandSpec): Walked {
  let spec = root;
  let children = root.commands ?? [];
  let position = 0;
  const given = new Set<string>();
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word.startsWith('-')) {
      given.add(word);
      const option = spec.options?.find((each) => nameOf(each) === word);
      if (option?.syntax.includes('<') === true) index += 1;
      continue;
    }
    if (word === HELP_COMMAND.value && children.length > 0) {
      given.add(word);
      continue;
    }
    const child: CommandSpec | undefined =
      position > 0 ? undefined : children.find(({ name }) => name === word);
    if (child === undefined) position += 1;
    else spec = child;
    children = child?.commands ?? [];
  }
  const expected = [spec.argument ?? []].flat();
  const last = expected.at(-1);
  // Behind `help` stand names of commands alone.
  if (given.has(HELP_COMMAND.value)) return { spec, given, children, argument: undefined };
  const argument = expected[position] ?? (last?.syntax.includes('...') === true ? last : undefined);
  return { spec, given, children, argument };
}

/** `--port` of `--port <number>`. */
function nameOf({ syntax }: CommandOption): string {
  return syntax.split(' ')[0] ?? syntax;
}

function valuesOf(syntax: string, values: readonly string[] | undefined, current: string): Completion {
  if (values !== undefined)
    return offered(
      values.map((value) => ({ value, about: '' })),
      current,
    );
  if (/folder|project/.test(syntax))
    return { candidates: [], files: /file/.test(syntax) ? 'files' : 'folders' };
  return { candidates: [], files: /file|go\.sum|target/.test(syntax) ? 'files' : 'none' };
}

function offered(candidates: readonly Candidate[], current: string): Completion {
  return { candidates: candidates.filter(({ value }) => value.startsWith(current)), files: 'none' };
}
