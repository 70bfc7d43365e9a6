import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  bigModule,
  escapeName,
  fixtureModule,
  type FixtureModule,
} from '../../test/support/fixture-modules.ts';
import { fetchRaw } from '../../test/support/http-client.ts';
import { startMirror, type MirrorProcess } from '../../test/support/mirror-process.ts';
import type { CaseContext, RunningSubject, Subject, SubjectStart } from '../frame/types.ts';

/** `count` small modules with `versions` versions each. */
export async function smallModules(count: number, versions: number): Promise<FixtureModule[]> {
  const sources = Array.from({ length: count }, (_, module) =>
    Array.from({ length: versions }, (_, version) => ({
      path: `example.com/bench/m${module}`,
      version: `v1.${version}.0`,
    })),
  );
  return Promise.all(sources.flat().map(fixtureModule));
}

/** A module whose zip is of that size and cannot be compressed. */
export function zipModule(sizeMiB: number): Promise<FixtureModule> {
  return bigModule(`example.com/bench/zip${sizeMiB}`, 'v1.0.0', sizeMiB);
}

/** The path of one file of a module version. */
export function filePath({ path, version }: FixtureModule, kind: 'info' | 'mod' | 'zip'): string {
  return `/${escapeName(path)}/@v/${escapeName(version)}.${kind}`;
}

/** Writes the three files of each module into `folder`, for nginx. */
export function layOut(folder: string, modules: readonly FixtureModule[]): void {
  for (const module of modules) {
    for (const kind of ['info', 'mod', 'zip'] as const) {
      const file = join(folder, filePath(module, kind));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, module[kind]);
    }
  }
}

/** Subjects that run in front of one mirror and have everything in their copies. */
export type WarmWorld = {
  readonly mirror: MirrorProcess;
  /** Those that answered every path; the notes name the others. */
  readonly warm: readonly RunningSubject[];
};

/**
 * Starts a loopback mirror with `modules`, then each subject in front of it, and asks each for every one of
 * `paths` until it answers out of its copy. One that fails is noted and left out.
 */
export async function warmWorld(
  context: CaseContext,
  subjects: readonly Subject[],
  modules: readonly FixtureModule[],
  paths: readonly string[],
  more: Partial<SubjectStart> & { readonly mirrorDelayMs?: number } = {},
): Promise<WarmWorld> {
  const { mirrorDelayMs, ...start } = more;
  const delay = mirrorDelayMs === undefined ? {} : { delayMs: mirrorDelayMs };
  const mirror = await startMirror({ modules, ...delay }, context.cleanup);
  const served = join(context.folder, 'served');
  layOut(served, modules);
  const warm: RunningSubject[] = [];
  for (const subject of subjects) {
    context.signal.throwIfAborted();
    context.progress(`warming ${subject.label}`);
    try {
      const folder = join(context.folder, subject.name);
      const options = { upstreams: [mirror.url], folder, served, ...start };
      const running = await subject.start(options, context.cleanup);
      for (const path of paths) await warmUp(running.url, path);
      warm.push(running);
    } catch (error) {
      context.note(`${subject.label} left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { mirror, warm };
}

const WARM_LIMIT_MS = 60_000;

/**
 * Asks twice, the second time for what is kept by then; and a subject that says by `X-Rondo-Cache` where its
 * answer came from until that is `hit`, since it writes its copy after it has answered.
 * @throws Error where the answer is not 200
 */
export async function warmUp(url: string, path: string): Promise<void> {
  const limitMs = performance.now() + WARM_LIMIT_MS;
  for (let asked = 1; performance.now() < limitMs; asked += 1) {
    const { status, headers, body } = await fetchRaw(url + path);
    if (status !== 200) throw new Error(`${path}: ${status} ${body.subarray(0, 300).toString()}`);
    const cache = headers['x-rondo-cache'];
    if (asked > 1 && (cache === undefined || cache === 'hit')) return;
    await sleep(5);
  }
  throw new Error(`${path} is not kept after ${WARM_LIMIT_MS / 1000} s`);
}

/** Empties the logs of a subject, so that a long bench does not fill the disk. They are open for appending. */
export function emptyLogs({ folder }: RunningSubject): void {
  for (const file of ['stdout.log', 'stderr.log', 'access.log']) {
    try {
      truncateSync(join(folder, file));
    } catch {
      // This subject has no such log.
    }
  }
}
