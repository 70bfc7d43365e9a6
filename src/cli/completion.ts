import { ShellCompDirective, script } from '@bomb.sh/tab';
import { BASH_COMPLETION } from './bash-completion.ts';
import { complete, type Completion } from './complete.ts';
import { COMPLETION_SHELLS, RONDO } from './commands.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-code.ts';
import { meantBy } from './meant-by.ts';
import { render } from '../words/render.ts';
import { say } from '../words/text.ts';

/**
 * `rondo completion SHELL`: a script for that shell, on stdout, that asks `rondo complete` at each Tab. Gives 0.
 * @throws RondoError E_USAGE for another shell
 */
export function completion([shell = '']: readonly string[], { data }: Pick<CliContext, 'data'>): number {
  if (!COMPLETION_SHELLS.includes(shell)) {
    const meant = meantBy(shell, COMPLETION_SHELLS);
    const hint =
      meant === undefined
        ? `rondo completion ${COMPLETION_SHELLS.join('|')}`
        : say('did you mean {meant}?', { meant });
    throw new RondoError('E_USAGE', say('there is no completion for {shell}', { shell }), { hint });
  }
  if (shell === 'bash') data(BASH_COMPLETION);
  else script(shell, 'rondo', 'rondo');
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
  data(`${[...lines, `:${directiveOf(files)}`].join('\n')}\n`);
  return EXIT.ok;
}

function directiveOf(files: Completion['files']): number {
  if (files === 'folders') return ShellCompDirective.ShellCompDirectiveFilterDirs;
  if (files === 'files') return ShellCompDirective.ShellCompDirectiveDefault;
  return ShellCompDirective.ShellCompDirectiveNoFileComp;
}
