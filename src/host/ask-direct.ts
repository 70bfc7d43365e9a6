import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { Environment } from './user-folders.ts';

/** What the repository of a module itself has of a version. */
export type DirectAnswer =
  | { readonly kind: 'has'; readonly commit?: string }
  /** go's own words. */
  | { readonly kind: 'not-there'; readonly words: string }
  /** It asks who we are. */
  | { readonly kind: 'login' }
  | { readonly kind: 'failed'; readonly why: string };

/** How it is asked. */
export type DirectQuestion = {
  /** The go command. */
  readonly go: string;
  readonly module: string;
  readonly version: string;
  readonly env: Environment;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

const MAX_OUTPUT_BYTES = 1024 * 1024;

const output = z.object({
  Version: z.string(),
  Origin: z
    .object({
      Hash: z
        .string()
        .regex(/^[0-9a-f]{40,64}$/)
        .optional(),
    })
    .optional(),
});

/**
 * Asks the repository of a module, as `go` does for `direct`, and past everything that this user's go has in its cache: a
 * tag may have been moved since. Nobody is asked for a password. Rejects with the signal's reason only.
 */
export async function askDirect(question: DirectQuestion): Promise<DirectAnswer> {
  const { go, module, version, env, timeoutMs, signal } = question;
  const folder = await mkdtemp(join(tmpdir(), 'rondo-direct-'));
  try {
    return await new Promise((resolve) => {
      const options = {
        cwd: folder,
        env: { ...env, ...variables(folder) },
        timeout: timeoutMs,
        maxBuffer: MAX_OUTPUT_BYTES,
        signal,
        killSignal: 'SIGKILL' as const,
      };
      execFile(go, ['list', '-m', '-json', `${module}@${version}`], options, (error, stdout, stderr) => {
        if (error === null) resolve(readOutput(stdout));
        else if (error.killed === true)
          resolve({ kind: 'failed', why: `no answer within ${timeoutMs / 1000} s` });
        else resolve(readFailure(stderr));
      });
    });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    signal.throwIfAborted();
  }
}

function variables(folder: string): Record<string, string> {
  return {
    GOPROXY: 'direct',
    GOSUMDB: 'off',
    GONOPROXY: '',
    GOMODCACHE: join(folder, 'mod'),
    GOFLAGS: '-mod=mod -modcacherw',
    GO111MODULE: 'on',
    GOWORK: 'off',
    GOTOOLCHAIN: 'local',
    GIT_TERMINAL_PROMPT: '0',
    GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=10',
  };
}

/** From a repository that anybody may own: hostile. */
function readOutput(stdout: string): DirectAnswer {
  try {
    const commit = output.parse(JSON.parse(stdout)).Origin?.Hash;
    return { kind: 'has', ...(commit === undefined ? {} : { commit }) };
  } catch {
    return { kind: 'failed', why: 'go printed no JSON' };
  }
}

const LOGIN =
  /terminal prompts disabled|could not read Username|Authentication failed|Permission denied|access denied/i;
const NOT_THERE =
  /unknown revision|invalid version|no matching versions|does not contain|malformed module path|unrecognized import path|not found/i;

/** Pure. The last line says most. */
export function readFailure(stderr: string): DirectAnswer {
  const lines = stderr.split('\n').map((line) => line.trim());
  const words = lines.findLast((line) => line !== '') ?? 'go said nothing';
  if (LOGIN.test(stderr)) return { kind: 'login' };
  if (/executable file not found/.test(stderr)) return { kind: 'failed', why: 'there is no git' };
  return NOT_THERE.test(stderr) ? { kind: 'not-there', words } : { kind: 'failed', why: words };
}
