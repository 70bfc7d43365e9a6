import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A command that ran to its end. */
export type TimedCommand = {
  /** From just before it was spawned to its exit. */
  readonly tookMs: number;
  /** -1 where a signal ended it. */
  readonly code: number;
  /** The end of what it said on stderr. */
  readonly stderr: string;
};

const KEPT_CHARACTERS = 4000;

/** Runs a command with this environment alone. @throws Error where there is no such program */
export async function timeCommand(
  [program, ...args]: readonly [string, ...string[]],
  options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  },
): Promise<TimedCommand> {
  const startedMs = performance.now();
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_CHARACTERS);
  });
  let endedMs = startedMs;
  child.on('exit', () => (endedMs = performance.now()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { tookMs: endedMs - startedMs, code: code ?? -1, stderr };
}
