import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mkdtemp } from 'node:fs/promises';
import { after } from 'node:test';
import { buildDashboard } from '../../scripts/building/dashboard.ts';
import { chainOf, DATABASE, SERVED } from '../e2e/bench.ts';
import { startRondo, type RondoProcess } from '../e2e/rondo-command.ts';
import { copyCheckout } from '../support/checkout-copy.ts';
import { goCommand, goEnvironment, goWorkspace, type GoRun } from '../support/go-command.ts';
import { startMirror, type MirrorProcess } from '../support/mirror-process.ts';
import { reservePort } from '../support/reserved-port.ts';
import { tempFolder, removeTree, type Cleanup } from '../support/temp-folder.ts';
import { ROOT } from '../tidy/repository.ts';

/** A Rondo as people start it, with its page, before mirrors that are processes of their own. */
export type RealRondo = {
  /** As its banner tells it: without a slash at the end. */
  readonly url: string;
  readonly mirrors: readonly MirrorProcess[];
  readonly process: RondoProcess;
  /** Its configuration file. */
  readonly config: string;
  /** Runs the real `go` in `cwd`, which asks this Rondo alone. */
  go(cwd: string, ...args: readonly string[]): Promise<GoRun>;
  /** Starts a mirror again at its port, after its process was killed: in another process. */
  revive(mirror: MirrorProcess): Promise<MirrorProcess>;
};

/** A copy of this checkout with the page built, made once for the tests of a file: its launcher. */
export function builtCheckout(): () => Promise<string> {
  let made: Promise<string> | undefined;
  after(async () => {
    if (made !== undefined) await removeTree(await made);
  });
  const make = async (): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'rondo-page-'));
    await copyCheckout(folder);
    await mkdir(join(folder, 'dist'));
    await buildDashboard(ROOT, join(folder, 'dist', 'dashboard'));
    return folder;
  };
  return async () => join(await (made ??= make()), 'bin', 'rondo.mjs');
}

/** Failures show and pass soon, and nobody is hedged. */
const SOON = '[probe]\ninterval = 500ms\n[breaker]\nprobe_failures = 2\nopen_max = 2s\n';

/** Starts one with two mirrors, and `more` in its configuration; it ends with `t`. */
export async function startRealRondo(t: Cleanup, launcher: string, more = ''): Promise<RealRondo> {
  const mirrors = await Promise.all(['a', 'b'].map((name) => startLastingMirror(t, name)));
  const [folder, workspace, user] = await Promise.all([
    tempFolder(t, 'serve'),
    goWorkspace(t),
    goWorkspace(t),
  ]);
  const config = join(folder, 'rondo.ini');
  await writeFile(config, `${SOON}${more}`);
  const gosumdb = DATABASE.key;
  const env = goEnvironment({ workspace, goproxy: chainOf(mirrors), gosumdb });
  const args = ['serve', '--port', '0', '--cache-dir', join(folder, 'cache'), '--config', config];
  const process = startRondo(t, args, { env, cwd: folder, launcher });
  const [, url = ''] = await process.written(/GOPROXY=(http:\/\/[^\s,|"]+)/);
  const go = (cwd: string, ...args: readonly string[]): Promise<GoRun> =>
    goCommand(args, { workspace: user, cwd, goproxy: url, gosumdb });
  const revive = ({ name, port }: MirrorProcess): Promise<MirrorProcess> =>
    startMirror({ ...SERVED, name, port }, t);
  return { url, mirrors, process, config, go, revive };
}

/** A mirror whose port is kept for it when its process has ended. */
async function startLastingMirror(t: Cleanup, name: string): Promise<MirrorProcess> {
  const { port, release } = await reservePort();
  t.after(async () => release());
  return startMirror({ ...SERVED, name, port }, t);
}
