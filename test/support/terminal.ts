import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { shellWord } from '../../src/kit/shell-word.ts';
import type { Cleanup } from './temp-folder.ts';

/** A terminal, and who sits at it. */
export type TerminalOptions = {
  readonly columns: number;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
};

/** What a program wrote to its terminal, both streams as they came, and its exit code. */
export type TerminalRun = { readonly code: number; readonly output: string };

const ROWS = 50;

/**
 * Runs a program at a pseudo-terminal, by `script` of util-linux (the part `terminal` of requirements.ts). Nobody types.
 * It ends with the test.
 */
export async function runAtTerminal(
  t: Cleanup,
  command: readonly string[],
  { columns, env, cwd }: TerminalOptions,
): Promise<TerminalRun> {
  const line = command.map((word) => shellWord(word, 'linux')).join(' ');
  // Without -onlcr a line would end in \r\n; without -echo what script sends at the end would be seen.
  const program = `stty cols ${columns} rows ${ROWS} -echo -onlcr && exec ${line}`;
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', program, '/dev/null'], {
    cwd,
    env: { ...env, SHELL: '/bin/sh' },
    // An end of stdin would be typed as Ctrl-D.
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await ended;
  return { code: child.exitCode ?? -1, output };
}
