import { execFile } from 'node:child_process';
import type { Environment } from './user-folders.ts';

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const LONGEST_WORDS = 1000;

/** Runs a command whose output nobody needs; rejects with an Error of its own words where it does not end with 0. */
export function runQuietly(
  command: string,
  args: readonly string[],
  options: { readonly env: Environment; readonly cwd: string; readonly signal?: AbortSignal },
): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { ...options, maxBuffer: MAX_OUTPUT_BYTES }, (error, _stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error((stderr.trim() || error.message).slice(0, LONGEST_WORDS), { cause: error }));
    });
  });
}
