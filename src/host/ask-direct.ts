import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { Clock } from '../kit/clock.ts';
import { runBounded } from './run-bounded.ts';
import type { Environment } from './user-folders.ts';
import { say, type Text } from '../words/text.ts';

/** That the repository of a module itself does not have something, or could not be asked. */
export type DirectFailure =
  /** go's own words. */
  | { readonly kind: 'not-there'; readonly words: string }
  /** It asks who we are. */
  | { readonly kind: 'login' }
  | { readonly kind: 'failed'; readonly why: Text | string };

/** What it has of a version. */
export type DirectAnswer = { readonly kind: 'has'; readonly commit?: string } | DirectFailure;

/** What it has of a module: its tags, and what `@latest` is there. */
export type DirectVersions =
  | { readonly kind: 'has'; readonly versions: readonly string[]; readonly latest: string }
  | DirectFailure;

/** What it makes of a version: the `h1:` of its zip. */
export type DirectZip = { readonly kind: 'has'; readonly h1: string } | DirectFailure;

/** How it is asked. */
export type DirectQuestion = {
  /** The go command. */
  readonly go: string;
  readonly module: string;
  readonly version: string;
  readonly env: Environment;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

/** The tags of a module that has thousands of them. */
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

const version = z.string().min(1).max(300);
const origin = z.object({
  Hash: z
    .string()
    .regex(/^[0-9a-f]{40,64}$/)
    .optional(),
});
const ofVersion = z.object({ Version: version, Origin: origin.optional() });
const ofModule = z.object({ Version: version, Versions: z.array(version).optional() });
const ofZip = z.object({ Sum: z.string().regex(/^h1:[\w+/=]{44}$/) });
const failed = z.object({ Error: z.string() });

/**
 * Asks the repository of a module, as `go` does for `direct`, and past everything that this user's go has in its cache: a
 * tag may have been moved since. Nobody is asked for a password. Rejects with the signal's reason only.
 */
export function askDirect(question: DirectQuestion): Promise<DirectAnswer> {
  const { module, version: asked } = question;
  return ask(question, ['list', '-m', '-json', `${module}@${asked}`], ofVersion, ({ Origin }) => ({
    kind: 'has',
    ...(Origin?.Hash === undefined ? {} : { commit: Origin.Hash }),
  }));
}

/** Its versions, those that it has taken back too; asked like askDirect. Rejects with the signal's reason only. */
export function listDirect(question: Omit<DirectQuestion, 'version'>): Promise<DirectVersions> {
  const args = ['list', '-m', '-json', '-versions', '-retracted', `${question.module}@latest`];
  return ask(question, args, ofModule, ({ Version, Versions = [] }) => ({
    kind: 'has',
    versions: Versions,
    latest: Version,
  }));
}

/** Fetches a version from its repository and hashes it; asked like askDirect. Rejects with the signal's reason only. */
export function fetchDirect(question: DirectQuestion): Promise<DirectZip> {
  const args = ['mod', 'download', '-json', `${question.module}@${question.version}`];
  return ask(question, args, ofZip, ({ Sum }) => ({ kind: 'has', h1: Sum }));
}

async function ask<Output, Answer>(
  { go, env, timeoutMs, clock, signal }: Omit<DirectQuestion, 'version'>,
  args: readonly string[],
  shape: z.ZodType<Output>,
  answerOf: (output: Output) => Answer,
): Promise<Answer | DirectFailure> {
  const folder = await mkdtemp(join(tmpdir(), 'rondo-direct-'));
  try {
    const limits = { cwd: folder, timeoutMs, maxBytes: MAX_OUTPUT_BYTES, clock, signal };
    const run = await runBounded(go, args, { ...limits, env: { ...env, ...variables(folder, env) } });
    switch (run.kind) {
      case 'late':
        return { kind: 'failed', why: say('no answer within {seconds} s', { seconds: timeoutMs / 1000 }) };
      case 'large':
        return { kind: 'failed', why: say('go printed more than anybody reads') };
      case 'not-run':
        return { kind: 'failed', why: run.why };
      case 'ended': {
        if (!run.ok) return readFailure(`${run.stderr}\n${errorIn(run.stdout)}`);
        // From a repository that anybody may own: hostile.
        const output = shape.safeParse(parsedJson(run.stdout));
        return output.success ? answerOf(output.data) : { kind: 'failed', why: say('go printed no JSON') };
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    signal.throwIfAborted();
  }
}

/** `go mod download -json` says it there. */
function errorIn(stdout: string): string {
  const found = failed.safeParse(parsedJson(stdout));
  return found.success ? found.data.Error : '';
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function variables(folder: string, env: Environment): Record<string, string> {
  // git takes this one first: whoever has named a way to call ssh means that.
  const hasSsh = Boolean(env['GIT_SSH'] || env['GIT_SSH_COMMAND']);
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
    ...(hasSsh ? {} : { GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=10' }),
  };
}

const LOGIN =
  /terminal prompts disabled|could not read Username|Authentication failed|Permission denied|access denied/i;
/** Nobody was reached who could know: go says the same of a path that does not exist, and adds why. */
const UNREACHED =
  /dial tcp|no such host|i\/o timeout|connection (?:refused|reset|timed out)|TLS handshake|x509:|Could not resolve host|Failed to connect|Couldn't connect|network is unreachable/i;
const NOT_THERE =
  /unknown revision|invalid version|no matching versions|does not contain|malformed module path|unrecognized import path|not found/i;

/** Pure. The last line says most. */
export function readFailure(stderr: string): DirectFailure {
  const lines = stderr.split('\n').map((line) => line.trim());
  const words = lines.findLast((line) => line !== '');
  if (words === undefined) return { kind: 'failed', why: say('go said nothing') };
  if (LOGIN.test(stderr)) return { kind: 'login' };
  if (/executable file not found/.test(stderr)) return { kind: 'failed', why: say('there is no git') };
  if (UNREACHED.test(stderr)) return { kind: 'failed', why: words };
  return NOT_THERE.test(stderr) ? { kind: 'not-there', words } : { kind: 'failed', why: words };
}
