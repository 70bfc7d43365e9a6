import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { signalExitCode } from './exit-code.ts';
import type { OnSignal } from './drain.ts';

/** A command to run in place of this process. */
export type Command = {
  /** The file to run. */
  readonly path: string;
  /** As the user wrote it. */
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
};

/** How signals get to the command. */
export type SignalPassing = {
  readonly onSignal: OnSignal;
  readonly platform: NodeJS.Platform;
  /** A terminal sends its Ctrl-C to the command too: passed on, it would come twice, which means force to many. */
  readonly hasTerminal: boolean;
  /** Whether this one is to be passed on (drain.ts). */
  readonly pass: (signal: NodeJS.Signals) => boolean;
};

/**
 * Runs a command with this process's own stdin, stdout and stderr, passes signals on, and resolves with its
 * exit code, 128 + n if signal n ended it. Rejects with the system's error where it cannot be started.
 */
export function runCommand(command: Command, signals: SignalPassing): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command.path, command.args, {
      argv0: command.name,
      cwd: command.cwd,
      env: command.env,
      stdio: 'inherit',
    });
    const passed: NodeJS.Signals[] =
      signals.platform === 'win32' ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const off = signals.onSignal(passed, (signal) => {
      if (signals.pass(signal) && !(signal === 'SIGINT' && signals.hasTerminal)) child.kill(signal);
    });
    child.once('error', (error) => {
      off();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      off();
      resolve(code ?? signalExitCode(signal === null ? 0 : constants.signals[signal]));
    });
  });
}
