import { execFile } from 'node:child_process';
import { messageOf } from '../errors/rondo-error.ts';
import type { Environment } from './user-folders.ts';

const PATIENCE_MS = 30_000;
const LONGEST_WORDS = 300;

/**
 * Runs `go env -w NAME=VALUE …` with the go command at `command`. Resolves with undefined, or with go's own
 * words (at most 300 characters) where it refused or could not be run.
 */
export function setGoEnv(
  command: string,
  variables: Readonly<Record<string, string>>,
  env: Environment,
): Promise<string | undefined> {
  const pairs = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return goEnv(command, ['-w', ...pairs], env);
}

/** Runs `go env -u NAME …`: takes back what `go env -w` wrote. Resolves as setGoEnv. */
export function unsetGoEnv(
  command: string,
  names: readonly string[],
  env: Environment,
): Promise<string | undefined> {
  return goEnv(command, ['-u', ...names], env);
}

function goEnv(command: string, args: readonly string[], env: Environment): Promise<string | undefined> {
  // As for every go command in the user's folder, a go.mod's toolchain line would start a download.
  const own = { ...env, GOTOOLCHAIN: 'local', GOWORK: 'off' };
  return new Promise<string | undefined>((resolve) => {
    execFile(command, ['env', ...args], { env: own, timeout: PATIENCE_MS }, (error, _out, said) => {
      resolve(error === null ? undefined : wordsOf(said.trim() || messageOf(error)));
    });
    // What the system refuses at once, such as a value that is too long for it, is thrown.
  }).catch((error: unknown) => wordsOf(messageOf(error)));
}

function wordsOf(text: string): string {
  return text.slice(0, LONGEST_WORDS);
}
