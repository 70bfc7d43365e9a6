import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { goEnvironment } from '../../test/support/go-command.ts';
import { removeTree } from '../../test/support/temp-folder.ts';
import type { CaseContext, RunningSubject } from '../frame/types.ts';
import { timeCommand } from '../load/time-command.ts';
import type { ProjectWorld } from '../world/project.ts';

/** What `go` is told to do, and through what. */
export type GoTurn = {
  readonly world: ProjectWorld;
  /** A command of `go`, e.g. `mod download`. */
  readonly args: readonly string[];
  readonly goproxy: string;
  /** What runs `go`: a command and its arguments, and what it needs of the environment. */
  readonly behind?: {
    readonly command: readonly [string, ...string[]];
    readonly env: Readonly<Record<string, string>>;
  };
};

/** Whoever hangs is given up after so long. */
const TURN_LIMIT_MS = 300_000;

/**
 * Seconds that `go` takes in a fresh copy of the project, by a user with an empty GOMODCACHE. go.sum has
 * everything, so the client asks no database; what stands between verifies as it is set to.
 * @throws Error with the words of `go` where it fails
 */
export async function secondsOfGo(context: CaseContext, turn: GoTurn): Promise<number> {
  const { world, args, goproxy, behind } = turn;
  const folder = join(context.folder, 'turn');
  const cwd = join(folder, 'project');
  await removeTree(folder);
  await mkdir(folder, { recursive: true });
  await cp(world.project, cwd, { recursive: true });
  const workspace = {
    home: join(folder, 'home'),
    gopath: join(folder, 'gopath'),
    modCache: join(folder, 'gopath', 'pkg', 'mod'),
    buildCache: world.buildCache,
  };
  // Read-only folders of modules would have to be made writable before they could go.
  const flags = { GOFLAGS: '-modcacherw -buildvcs=false' };
  const limit = AbortSignal.any([context.signal, AbortSignal.timeout(TURN_LIMIT_MS)]);
  const env = { ...goEnvironment({ workspace, goproxy, env: flags }), ...behind?.env };
  const go = [context.tool('go'), ...args] as const;
  const command = behind === undefined ? go : ([...behind.command, ...go] as const);
  const done = await timeCommand(command, { cwd, env, signal: limit });
  await removeTree(folder);
  if (done.code !== 0)
    throw new Error(`go ${args.join(' ')} ended with ${done.code}: ${done.stderr.slice(-600)}`);
  return done.tookMs / 1000;
}

/** Contestants of one measurement that have failed: they are noted once and take no more turns. */
export class Failures {
  readonly #failed = new Set<string>();
  readonly #context: CaseContext;

  constructor(context: CaseContext) {
    this.#context = context;
  }

  /** Does `work` unless this contestant has failed before. @throws the signal's reason once interrupted */
  async attempt(name: string, work: () => Promise<void>): Promise<void> {
    if (this.#failed.has(name)) return;
    try {
      await work();
    } catch (error) {
      this.#context.signal.throwIfAborted();
      this.#failed.add(name);
      this.#context.note(`${name} left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Stops a subject and removes its copy, so that the next one finds the disk as this one did. */
export async function retire(running: RunningSubject | undefined): Promise<void> {
  if (running === undefined) return;
  await running.stop();
  await removeTree(running.folder);
}
