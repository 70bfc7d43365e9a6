import { setTimeout as sleep } from 'node:timers/promises';
import { buildProject } from '../../test/faults/suite/build-project.ts';
import { goCommand, goWorkspace, type GoRun } from '../../test/support/go-command.ts';
import { withCleanup } from '../../test/support/scoped-cleanup.ts';
import { tempProject } from '../../test/support/temp-folder.ts';

/** What builds one after the other came to. */
export type SoakBuilds = {
  readonly count: number;
  /** What `go` said where it failed. */
  readonly failures: readonly string[];
  readonly tookMs: readonly number[];
};

/** Through what is built. */
export type BuildThrough = {
  readonly goproxy: string;
  readonly gosumdb: string;
  /** GOCACHE. Each build compiles what no other one has: it would only grow where it is kept. */
  readonly buildCache: string;
};

/** A build takes both cores of a small machine: one after the other without a pause they would be most of the load. */
const EVERY_MS = 5000;
/** In characters: the end of what go has said. */
const LONGEST_WORDS = 1000;

/**
 * Builds the project of the faults every few seconds until `signal`, each time with an empty GOMODCACHE and with versions of its twenty modules
 * that nobody has asked for before: neither go nor the copy has anything of them. What fails is counted, and it goes on.
 */
export async function buildAgain(through: BuildThrough, signal: AbortSignal): Promise<SoakBuilds> {
  const runs: GoRun[] = [];
  while (!signal.aborted) {
    const next = sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
    runs.push(await buildOnce(`v1.0.${runs.length}`, through));
    await next;
  }
  const failed = runs.filter(({ code }) => code !== 0);
  return {
    count: runs.length,
    failures: failed.map(({ code, stderr }) => `exit code ${code}: ${stderr.trim().slice(-LONGEST_WORDS)}`),
    tookMs: runs.map(({ durationMs }) => durationMs),
  };
}

function buildOnce(version: string, { buildCache, ...through }: BuildThrough): Promise<GoRun> {
  return withCleanup(async (t) => {
    const { files } = await buildProject(version);
    const cwd = await tempProject(t, files);
    const workspace = { ...(await goWorkspace(t)), buildCache };
    return goCommand(['build', '-trimpath', './...'], { ...through, workspace, cwd });
  });
}
