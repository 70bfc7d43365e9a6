import type { CliContext } from './context.ts';
import type { Flags } from './flags.ts';

/** An option as commander takes it. */
export type CommandOption = {
  /** `--port <number>`. */
  readonly syntax: string;
  readonly about: string;
  /** Of one that may be given more than once, `earlier` is what came before. */
  readonly parse?: (text: string, earlier: unknown) => unknown;
  /** All values that it takes, where they are few. */
  readonly values?: readonly string[];
  /** It may be given more than once. */
  readonly repeats?: true;
};

/** An argument as commander takes it. */
export type CommandArgument = {
  readonly syntax: string;
  readonly about: string;
  /** All values that it takes, where they are few. */
  readonly values?: readonly string[];
};

/** Runs a command; resolves with the exit code. */
export type CommandRun = (words: readonly string[], flags: Flags, context: CliContext) => Promise<number>;

/** One command, or a group of them. */
export type CommandSpec = {
  readonly name: string;
  readonly about: string;
  /** Whole lines to type. */
  readonly examples: readonly string[];
  /** As commander writes it: `<command...>`. */
  readonly argument?: CommandArgument | readonly CommandArgument[];
  /** What its exit codes mean, in lines; those of usage and bugs are everybody's. */
  readonly exitCodes?: readonly string[];
  readonly options?: readonly CommandOption[];
  /** What stands behind the first word belongs to that word. */
  readonly passThrough?: true;
} & (
  | { readonly run: CommandRun; readonly commands?: readonly CommandSpec[] }
  | { readonly commands: readonly CommandSpec[] }
);
