import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startRondo, type RondoProcess } from '../e2e/rondo-command.ts';
import { fetchRaw } from './http-client.ts';
import { tempFolder, type Cleanup } from './temp-folder.ts';

/** How a `rondo serve` is started. */
export type ServeOptions = {
  /** All that it sees of the environment: goEnvironment of go-command.ts, or this machine's own. */
  readonly env: Readonly<Record<string, string>>;
  /** A folder of its own where absent. */
  readonly cacheDir?: string;
  /** Text of the file for `--config`; none where absent. */
  readonly config?: string;
  readonly offline?: boolean;
  /** Any free one where absent. */
  readonly port?: number;
  /** The Node that runs bin/rondo.mjs; default that of the tests. */
  readonly node?: string;
};

/** A `rondo serve` that listens. */
export type ServedRondo = {
  /** As its banner tells it, for GOPROXY. */
  readonly url: string;
  /** Of the process that was started: a launcher's own where `node` is too old for Rondo. */
  readonly pid: number;
  readonly cacheDir: string;
  stdout(): string;
  stderr(): string;
  /** What its /metrics say now. */
  metrics(): Promise<MetricLines>;
  /** Asks it to stop, as Ctrl-C does; the exit code, -1 where a signal ended it. Idempotent. */
  stop(): Promise<number>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
};

/** Starts bin/rondo.mjs as a child process and waits until it listens. It ends with `t`, a reverseCleanup. */
export async function serveRondo(t: Cleanup, options: ServeOptions): Promise<ServedRondo> {
  const folder = await tempFolder(t, 'serve');
  const cacheDir = options.cacheDir ?? join(folder, 'cache');
  const args = [
    'serve',
    '--port',
    String(options.port ?? 0),
    '--cache-dir',
    cacheDir,
    ...(options.offline ? ['--offline'] : []),
  ];
  if (options.config !== undefined) args.push('--config', await configFile(folder, options.config));
  const running = startRondo(t, args, { env: options.env, cwd: folder, ...nodeOf(options) });
  // A launcher that is killed would leave its Rondo behind.
  if (options.node !== undefined) t.after(async () => void (await stop(running)));
  const [, url = ''] = await running.written(/GOPROXY=(http:\/\/[^\s,|"]+)/);
  return {
    url,
    pid: running.child.pid ?? -1,
    cacheDir,
    stdout: running.stdout,
    stderr: running.stderr,
    metrics: async () => parseMetrics((await fetchRaw(`${url}/metrics`)).body.toString()),
    stop: () => stop(running),
    kill: async () => void (await kill(running)),
  };
}

/**
 * Clean-up in reverse: what came last goes first, so that no folder goes while somebody writes to it. What
 * fails does not keep the rest from going.
 */
export function reverseCleanup(t: Cleanup): Cleanup {
  const hooks: (() => Promise<void>)[] = [];
  t.after(async () => {
    const errors: unknown[] = [];
    for (const hook of hooks.toReversed()) await hook().catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw new AggregateError(errors, 'clean-up failed');
  });
  return { after: (hook) => void hooks.push(hook) };
}

/** How a `rondo exec` is run. */
export type ExecOptions = Omit<ServeOptions, 'cacheDir'> & {
  readonly cacheDir: string;
  /** Where CMD runs. */
  readonly cwd: string;
  /** Before `--`, e.g. `--verbose`. */
  readonly flags?: readonly string[];
};

/** Starts `rondo exec -- CMD`; CMD is a program and its arguments. */
export async function startExec(
  t: Cleanup,
  command: readonly string[],
  options: ExecOptions,
): Promise<RondoProcess> {
  const args = ['exec', '--cache-dir', options.cacheDir, ...(options.flags ?? [])];
  if (options.offline === true) args.push('--offline');
  if (options.config !== undefined) {
    args.push('--config', await configFile(await tempFolder(t, 'exec'), options.config));
  }
  return startRondo(t, [...args, '--', ...command], {
    env: options.env,
    cwd: options.cwd,
    ...nodeOf(options),
  });
}

/** Runs `rondo exec -- CMD` to its end. */
export async function execRondo(
  t: Cleanup,
  command: readonly string[],
  options: ExecOptions,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const rondo = await startExec(t, command, options);
  const code = await rondo.ended;
  return { code, stdout: rondo.stdout(), stderr: rondo.stderr() };
}

/** Samples of a Prometheus page: the sum of all that have `name` and all of `labels`; 0 where there is none. */
export type MetricLines = (name: string, labels?: Readonly<Record<string, string>>) => number;

/** Reads a page of Rondo's own metrics. */
export function parseMetrics(page: string): MetricLines {
  const samples = page.split('\n').flatMap((line) => {
    const found = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    return found === null ? [] : [{ name: found[1], labels: found[2] ?? '', value: Number(found[3]) }];
  });
  return (name, labels = {}) =>
    samples
      .filter((sample) => sample.name === name)
      .filter((sample) =>
        Object.entries(labels).every(([key, value]) => `,${sample.labels},`.includes(`,${key}="${value}",`)),
      )
      .reduce((sum, { value }) => sum + value, 0);
}

async function stop(rondo: RondoProcess): Promise<number> {
  if (rondo.child.exitCode === null && rondo.child.signalCode === null) rondo.child.kill('SIGTERM');
  return rondo.ended;
}

async function kill(rondo: RondoProcess): Promise<number> {
  rondo.child.kill('SIGKILL');
  return rondo.ended;
}

async function configFile(folder: string, text: string): Promise<string> {
  const file = join(folder, 'rondo.ini');
  await writeFile(file, text);
  return file;
}

function nodeOf({ node }: { readonly node?: string }): { node?: string } {
  return node === undefined ? {} : { node };
}
