import { BASH_COMPLETION } from './bash-completion.ts';
import { complete } from './complete.ts';
import { COMPLETION_SHELLS, RONDO } from './commands.ts';
import { FISH_COMPLETION } from './fish-completion.ts';
import { POWERSHELL_COMPLETION } from './powershell-completion.ts';
import { ZSH_COMPLETION } from './zsh-completion.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-code.ts';
import { meantBy } from './meant-by.ts';
import { render } from '../words/render.ts';
import { say } from '../words/text.ts';

/** By the names of COMPLETION_SHELLS. */
const SCRIPTS: ReadonlyMap<string, string> = new Map([
  ['bash', BASH_COMPLETION],
  ['zsh', ZSH_COMPLETION],
  ['fish', FISH_COMPLETION],
  ['powershell', POWERSHELL_COMPLETION],
]);

/** What a shell is told to do besides, in cobra's numbers: offer files, no files, or folders alone. */
const DIRECTIVES = { files: 0, none: 4, folders: 16 } as const;

/**
 * `rondo completion SHELL`: a script for that shell, on stdout, that asks `rondo complete` at each Tab. Gives 0.
 * @throws RondoError E_USAGE for another shell
 */
export function completion([shell = '']: readonly string[], { data }: Pick<CliContext, 'data'>): number {
  const script = SCRIPTS.get(shell);
  if (script === undefined) {
    const meant = meantBy(shell, COMPLETION_SHELLS);
    const hint =
      meant === undefined
        ? `rondo completion ${COMPLETION_SHELLS.join('|')}`
        : say('did you mean {meant}?', { meant });
    throw new RondoError('E_USAGE', say('there is no completion for {shell}', { shell }), { hint });
  }
  data(script);
  return EXIT.ok;
}

/**
 * `rondo complete -- WORD…`, which only such a script runs: a candidate a line with its description, and what the shell
 * is to do besides (cobra's protocol). Never fails: a shell has no place for an error.
 */
export function answerShell(
  words: readonly string[],
  { data, table }: Pick<CliContext, 'data' | 'table'>,
): number {
  const { candidates, files } = complete(words, RONDO);
  const lines = candidates.map(({ value, about }) => `${value}\t${render(about, table)}`);
  data(`${[...lines, `:${DIRECTIVES[files]}`].join('\n')}\n`);
  return EXIT.ok;
}
