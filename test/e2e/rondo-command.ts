import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { inheritedEnvironment } from '../support/inherited-environment.ts';
import { tempFolder, type Cleanup } from '../support/temp-folder.ts';

/** The launcher of this checkout. */
export const CHECKOUT_LAUNCHER: string = join(import.meta.dirname, '..', '..', 'bin', 'rondo.mjs');

/** The launcher of this checkout, or of the published form that `npm test -- --published` has made of it. */
export const LAUNCHER: string = process.env['RONDO_LAUNCHER'] ?? CHECKOUT_LAUNCHER;

/** A user who has never run Rondo, nor Go: a home of their own, and nothing of this machine's settings. */
export type Stranger = { readonly home: string; readonly env: Readonly<Record<string, string>> };

/** A fresh user who goes with the test. Whatever a test needs of Go's settings, it sets in `env`. */
export async function stranger(t: Cleanup): Promise<Stranger> {
  const home = await tempFolder(t, 'home');
  const { PATH = '' } = process.env;
  const env = {
    PATH,
    HOME: home,
    USERPROFILE: home,
    GOENV: 'off',
    GOSUMDB: 'off',
    RONDO_VERIFY_DIRECT: 'false',
  };
  return { home, env: { ...env, ...inheritedEnvironment('TMPDIR', 'NODE_COMPILE_CACHE') } };
}

/** How a Rondo is run. */
export type RondoOptions = {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /**
   * The Node that runs the launcher; that of the tests where absent. With another one it is the checkout's launcher,
   * which finds in its node_modules what an old Node is not enough for.
   */
  readonly node?: string;
  /** The launcher of another package. */
  readonly launcher?: string;
};

/** A Rondo that runs, or has run. */
export type RondoProcess = {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves as soon as what was written to both streams matches; rejects if Rondo ends before that. */
  written(pattern: RegExp): Promise<RegExpExecArray>;
  /** Its exit code, once it and its streams have ended; -1 for a signal. */
  readonly ended: Promise<number>;
};

/** Starts `rondo` with these arguments. It is killed with the test. */
export function startRondo(t: Cleanup, args: readonly string[], options: RondoOptions): RondoProcess {
  const launcher = options.launcher ?? (options.node === undefined ? LAUNCHER : CHECKOUT_LAUNCHER);
  const child = spawn(options.node ?? process.execPath, [launcher, ...args], {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written.stderr += text));
  const ended = once(child, 'close').then(() => child.exitCode ?? -1);
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const wait = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const match = pattern.exec(`${written.stdout}${written.stderr}`);
      if (match !== null) return match;
      const code = await Promise.race([ended, once(child.stdout, 'data'), once(child.stderr, 'data')]);
      if (typeof code === 'number' && !pattern.test(`${written.stdout}${written.stderr}`)) {
        throw new Error(`rondo ended with ${code} and never wrote ${pattern}: ${written.stderr}`);
      }
    }
  };
  return { child, stdout: () => written.stdout, stderr: () => written.stderr, written: wait, ended };
}

/** Runs `rondo` to its end. */
export async function runRondo(
  t: Cleanup,
  args: readonly string[],
  options: RondoOptions,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const rondo = startRondo(t, args, options);
  const code = await rondo.ended;
  return { code, stdout: rondo.stdout(), stderr: rondo.stderr() };
}
