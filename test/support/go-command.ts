import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inheritedEnvironment } from './inherited-environment.ts';
import { tempFolder, type Cleanup } from './temp-folder.ts';

/** Folders of one user of Go who has never run it before. */
export type GoWorkspace = {
  readonly home: string;
  readonly gopath: string;
  readonly modCache: string;
  /** Shared by all tests of this user and kept between runs: compiled packages are addressed by content. */
  readonly buildCache: string;
};

/** What a `go` of a test is told by its environment. */
export type GoSettings = {
  readonly workspace: GoWorkspace;
  readonly goproxy: string;
  /** Default `off`. */
  readonly gosumdb?: string;
  /** Added last, so it may replace anything, e.g. GOTOOLCHAIN or GOFLAGS. */
  readonly env?: Readonly<Record<string, string>>;
};

/** How and where `goCommand` runs. */
export type GoRunOptions = GoSettings & {
  readonly cwd: string;
  /** Killed after so long (default 120 000). */
  readonly timeoutMs?: number;
};

/** How a `go` ended. */
export type GoRun = {
  /** -1 when it was killed. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  readonly timedOut: boolean;
};

/** A fresh workspace that goes with the test; `t` is the test's context. */
export async function goWorkspace(t: Cleanup): Promise<GoWorkspace> {
  const home = await tempFolder(t, 'go');
  const gopath = join(home, 'gopath');
  const buildCache = join(tmpdir(), `rondo-test-gocache-${userInfo().username}`);
  await mkdir(buildCache, { recursive: true });
  return { home, gopath, modCache: join(gopath, 'pkg', 'mod'), buildCache };
}

/**
 * The environment for the go command, or for a program that runs it: nothing of this machine's Go settings
 * comes through, no version control is ever asked, and the local toolchain is the only one.
 */
export function goEnvironment(settings: GoSettings): Record<string, string> {
  const { workspace } = settings;
  const system = inheritedEnvironment('PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'PATHEXT');
  return {
    ...system,
    // For a Rondo that it is the environment of.
    ...inheritedEnvironment('NODE_COMPILE_CACHE'),
    HOME: workspace.home,
    USERPROFILE: workspace.home,
    GOPATH: workspace.gopath,
    GOMODCACHE: workspace.modCache,
    GOCACHE: workspace.buildCache,
    GOENV: 'off',
    GOFLAGS: '',
    GOWORK: 'off',
    GOTOOLCHAIN: 'local',
    GOPROXY: settings.goproxy,
    GOSUMDB: settings.gosumdb ?? 'off',
    GOPRIVATE: '',
    GONOPROXY: '',
    GONOSUMDB: '',
    GOINSECURE: '',
    GOAUTH: 'off',
    GOVCS: '*:off',
    CGO_ENABLED: '0',
    NO_PROXY: '*',
    // A Rondo of a test asks mirrors alone: the databases of tests are at no address.
    RONDO_VERIFY_DIRECT: 'false',
    ...settings.env,
  };
}

/**
 * Runs the real `go` with these arguments to its end. Asynchronous, since the servers that it asks may live
 * in this process. Rejects only where there is no `go`.
 */
export async function goCommand(args: readonly string[], options: GoRunOptions): Promise<GoRun> {
  const startMs = performance.now();
  const child = spawn('go', args, {
    cwd: options.cwd,
    env: goEnvironment(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, options.timeoutMs ?? 120_000);
  try {
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    const durationMs = performance.now() - startMs;
    return { code: child.exitCode ?? -1, stdout, stderr, durationMs, timedOut };
  } finally {
    clearTimeout(timer);
  }
}
