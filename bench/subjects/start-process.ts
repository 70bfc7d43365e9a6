import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, closeSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fetchRaw } from '../../test/support/http-client.ts';
import type { Cleanup } from '../../test/support/temp-folder.ts';
import { accountFor } from '../frame/process-tree.ts';
import type { RunningSubject, SubjectName } from '../frame/types.ts';

/** A server program to be started. */
export type ServerProcess = {
  readonly name: SubjectName;
  readonly program: string;
  readonly args: readonly string[];
  /** All that it sees of the environment, but PATH, HOME and TMPDIR, which are given to it. */
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** A path that it answers as soon as it listens. */
  readonly readyPath: string;
  /** Of the start's options: this path, and 200, in place of `readyPath`. */
  readonly firstPath: string | undefined;
};

const READY_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 10_000;
const POLL_MS = 2;

/** Children that have not ended. Those a crash of the bench would leave behind end with it. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a server and waits until it answers. @throws Error with the end of its stderr where it does not */
export async function startServer(server: ServerProcess, cleanup: Cleanup): Promise<RunningSubject> {
  const { name, folder, url } = server;
  const spawnedAtMs = performance.now();
  const child = spawnLogged(server);
  const ended = once(child, 'exit').then(
    () => {},
    () => {},
  );
  ended.finally(() => running.delete(child)).catch(() => {});
  const pid = child.pid ?? -1;
  const accounting = accountFor(pid);
  const stop = async (): Promise<void> => {
    accounting.close();
    if (running.has(child)) child.kill('SIGTERM');
    const limit = new AbortController();
    const force = sleep(STOP_LIMIT_MS, undefined, { signal: limit.signal }).then(
      () => child.kill('SIGKILL'),
      () => {},
    );
    await ended;
    limit.abort();
    await force;
  };
  cleanup.after(stop);
  const isReady = await answers(server, () => !running.has(child));
  const readyAfterMs = performance.now() - spawnedAtMs;
  if (!isReady) {
    await stop();
    const words = readFileSync(join(folder, 'stderr.log'), 'utf8').slice(-2000).trim();
    throw new Error(`${name} does not answer; it printed: ${words || 'nothing'}`);
  }
  const { usage, resetPeak } = accounting;
  return { name, url, pid, folder, readyAfterMs, usage, resetPeak, stop };
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no address of a listening server');
  return address.port;
}

/** Spawns it with its output in `stdout.log` and `stderr.log` of its folder. The child is ended with the bench. */
export function spawnLogged(
  server: Pick<ServerProcess, 'program' | 'args' | 'env' | 'folder'>,
): ChildProcess {
  const { program, args, env, folder } = server;
  const home = join(folder, 'home');
  const temp = join(folder, 'tmp');
  for (const each of [home, temp]) mkdirSync(each, { recursive: true });
  const [stdout, stderr] = ['stdout.log', 'stderr.log'].map((file) => openSync(join(folder, file), 'a'));
  const child = spawn(program, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: home, TMPDIR: temp, ...env },
    stdio: ['ignore', stdout, stderr],
  });
  running.add(child);
  for (const file of [stdout, stderr]) if (file !== undefined) closeSync(file);
  return child;
}

async function answers(
  { url, readyPath, firstPath }: ServerProcess,
  hasEnded: () => boolean,
): Promise<boolean> {
  const limitMs = performance.now() + READY_LIMIT_MS;
  while (performance.now() < limitMs && !hasEnded()) {
    const { status } = await fetchRaw(url + (firstPath ?? readyPath), { signal: AbortSignal.timeout(5000) });
    if (firstPath === undefined ? status !== 0 : status === 200) return true;
    await sleep(POLL_MS);
  }
  return false;
}
