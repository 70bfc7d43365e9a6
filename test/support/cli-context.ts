import { render } from '../../src/words/render.ts';
import { shownLine } from '../../src/cli/shown-line.ts';
import type { CliContext } from '../../src/cli/context.ts';
import { systemClock } from '../../src/kit/clock.ts';

/** A context of a command that runs in the test's own process, and what the command wrote. */
export type TestContextOfCommand = {
  readonly context: CliContext;
  readonly stdout: () => string;
  readonly stderr: () => string;
};

/** What a test varies; `answer` says yes or no to every question, whose text it gets. */
export type CommandSurroundings = Pick<CliContext, 'env' | 'cwd'> & {
  readonly home: string;
  readonly answer?: (question: string) => boolean;
};

/** A user at `home` without a terminal, unless `answer` is there to be asked. */
export function commandContext({ env, cwd, home, answer }: CommandSurroundings): TestContextOfCommand {
  let stdout = '';
  let stderr = '';
  const words = (text: string): void => void (stderr += text);
  const context: CliContext = {
    env,
    cwd,
    platform: process.platform,
    arch: process.arch,
    systemHome: home,
    uid: process.getuid?.(),
    stderrIsTerminal: false,
    screen: () => ({ isTerminal: false, width: Infinity, height: Infinity, color: false }),
    confirm: answer === undefined ? undefined : (question) => Promise.resolve(answer(question)),
    hasTerminal: false,
    terminalIsGone: () => true,
    sinceStartMs: () => 0,
    table: undefined,
    clock: systemClock,
    onSignal: () => () => undefined,
    data: (text) => void (stdout += text),
    words,
    tell: (text) => words(shownLine(`rondo: ${render(text)}`)),
    warn: (message) => words(`warning: ${render(message)}\n`),
    showError: (thrown) => words(`error: ${String(thrown)}\n`),
  };
  return { context, stdout: () => stdout, stderr: () => stderr };
}
