import { spawn } from 'node:child_process';
import type { Clock } from '../kit/clock.ts';
import type { Environment } from './user-folders.ts';

/** How a command ended. */
export type BoundedRun =
  | { readonly kind: 'ended'; readonly ok: boolean; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'late' }
  /** It wrote more than anybody wants to read. */
  | { readonly kind: 'large' }
  | { readonly kind: 'not-run'; readonly why: string };

/** What it may take. */
export type BoundedOptions = {
  readonly env: Environment;
  readonly cwd: string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What is on its standard input; absent: nothing. */
  readonly input?: string;
};

/**
 * Runs a command within a time and a size; when either is over, or `signal` says so, it is ended with all that it has
 * started: a git that waits for a network that is not there would go on for minutes. Never rejects.
 */
export function runBounded(
  command: string,
  args: readonly string[],
  { env, cwd, timeoutMs, maxBytes, clock, signal, input }: BoundedOptions,
): Promise<BoundedRun> {
  return new Promise((resolve) => {
    const isGroup = process.platform !== 'win32';
    const child = spawn(command, [...args], {
      env,
      cwd,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      // A group of its own, which can be ended as one.
      detached: isGroup,
    });
    const written = { stdout: '', stderr: '' };
    // Whoever does not read it need not.
    child.stdin.on('error', () => undefined).end(input);
    let bytes = 0;
    let cut: BoundedRun | undefined;
    const end = (why: BoundedRun): void => {
      cut ??= why;
      const { pid } = child;
      try {
        if (isGroup && pid !== undefined) process.kill(-pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It has ended by itself.
      }
    };
    const timer = clock.after(timeoutMs, () => end({ kind: 'late' }));
    const onAbort = (): void => end({ kind: 'late' });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        bytes += text.length;
        if (bytes > maxBytes) end({ kind: 'large' });
        else written[name] += text;
      });
    const done = (run: BoundedRun): void => {
      timer.cancel();
      signal.removeEventListener('abort', onAbort);
      resolve(cut ?? run);
    };
    child.once('error', (error) => done({ kind: 'not-run', why: error.message }));
    child.once('close', (code) => done({ kind: 'ended', ok: code === 0, ...written }));
  });
}
