import type { Text } from '../words/text.ts';
import type { CliContext } from './context.ts';
import type { Flags } from './flags.ts';

/** An option as commander takes it. */
export type CommandOption = {
  /** `--port <number>`. */
  readonly syntax: string;
  readonly about: Text;
  /**
   * Of one that may be given more than once, `earlier` is what came before.
   * @throws RondoError E_USAGE that says what the value ought to be
   */
  readonly parse?: (text: string, earlier: unknown) => unknown;
  /** All values that it takes, where they are few. */
  readonly values?: readonly string[];
  /** It may be given more than once. */
  readonly repeats?: true;
};

/** An argument as commander takes it. */
export type CommandArgument = {
  readonly syntax: string;
  readonly about: Text;
  /** All values that it takes, where they are few. */
  readonly values?: readonly string[];
};

/** What the exit codes of a command mean; those of usage and bugs are everybody's. */
export type ExitCodes = {
  readonly codes: readonly (readonly [code: number, means: Text])[];
  readonly note?: Text;
};

/** Runs a command; resolves with the exit code. */
export type CommandRun = (words: readonly string[], flags: Flags, context: CliContext) => Promise<number>;

/** One command, or a group of them. */
export type CommandSpec = {
  readonly name: string;
  readonly about: Text;
  /** Whole lines to type. */
  readonly examples: readonly string[];
  /** As commander writes it: `<command...>`. */
  readonly argument?: CommandArgument | readonly CommandArgument[];
  readonly exitCodes?: ExitCodes;
  readonly options?: readonly CommandOption[];
  /** What stands behind the first word belongs to that word. */
  readonly passThrough?: true;
} & (
  | { readonly run: CommandRun; readonly commands?: readonly CommandSpec[] }
  | { readonly commands: readonly CommandSpec[] }
);
