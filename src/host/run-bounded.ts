import { spawn, type ChildProcess } from 'node:child_process';
import { messageOf } from '../errors/rondo-error.ts';
import type { Clock, Timer } from '../kit/clock.ts';
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

const HAS_GROUPS = process.platform !== 'win32';
/** How long its output is waited for once it is gone: what it has left running may hold that for ever. */
const GRACE_MS = 1_000;

/**
 * Runs a command within a time and a size; when either is over, or `signal` says so, it is ended with all that it has
 * started: a git that waits for a network that is not there would go on for minutes. Whatever began a session of its own
 * gets away, and is not waited for. Never rejects.
 */
export async function runBounded(
  command: string,
  args: readonly string[],
  options: BoundedOptions,
): Promise<BoundedRun> {
  const { env, cwd } = options;
  try {
    const child = spawn(command, [...args], {
      env,
      cwd,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      // A group of its own, which can be ended as one.
      detached: HAS_GROUPS,
    });
    return await untilOver(child, options);
  } catch (error) {
    return { kind: 'not-run', why: messageOf(error) };
  }
}

/** Where no file can be opened any more, a child has no streams, and tells why later. */
function untilOver(
  child: ChildProcess,
  { timeoutMs, maxBytes, clock, signal, input }: BoundedOptions,
): Promise<BoundedRun> {
  return new Promise((resolve) => {
    const written = { stdout: '', stderr: '' };
    let bytes = 0;
    let cut: BoundedRun | undefined;
    let grace: Timer | undefined;
    const done = (run: BoundedRun): void => {
      timer.cancel();
      grace?.cancel();
      signal.removeEventListener('abort', onAbort);
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
      child.unref();
      resolve(cut ?? run);
    };
    const ended = (code: number | null): void => done({ kind: 'ended', ok: code === 0, ...written });
    const waitABit = (): void => {
      grace ??= clock.after(GRACE_MS, () => ended(child.exitCode));
    };
    const end = (why: BoundedRun): void => {
      if (cut !== undefined) return;
      cut = why;
      kill(child);
      waitABit();
    };
    child.on('error', (error) => done({ kind: 'not-run', why: error.message }));
    child.once('exit', waitABit);
    child.once('close', ended);
    const timer = clock.after(timeoutMs, () => end({ kind: 'late' }));
    const onAbort = (): void => end({ kind: 'late' });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    for (const name of ['stdout', 'stderr'] as const)
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        bytes += text.length;
        if (bytes > maxBytes) end({ kind: 'large' });
        else written[name] += text;
      });
    // Whoever does not read it need not.
    child.stdin?.on('error', () => undefined).end(input);
  });
}

function kill(child: ChildProcess): void {
  const { pid } = child;
  try {
    if (HAS_GROUPS && pid !== undefined) process.kill(-pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
