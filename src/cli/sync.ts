import { RondoError } from '../errors/rondo-error.ts';
import { sleep } from '../kit/clock.ts';
import { EXAMPLE_VERSION, toolchainZip, whyNoToolchain } from '../gomod/toolchain.ts';
import { readGoEnvironment } from '../host/go-env.ts';
import { goFolders } from '../host/go-folders.ts';
import { userFolders } from '../host/user-folders.ts';
import { hashedFiles, neededFiles } from '../upkeep/needs.ts';
import type { WantedFile } from '../upkeep/export-copy.ts';
import type { CliContext } from './context.ts';
import { abortOnSignal } from './abort-on-signal.ts';
import { withCopy } from './copy-work.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { readWorkSetting } from './go-work.ts';
import { readProjects, type Project } from './project-files.ts';
import { formatSpan } from './span.ts';
import { isTargetName, syncTargetOf, type SyncTarget } from './sync-target.ts';
import { tellSynced, whenBack } from './sync-words.ts';
import { bring } from './sync-work.ts';
import { ownPlatform } from './toolchain-folder.ts';
import { readUserConfig } from './user-config.ts';
import { checkVendor, vendorProject } from './vendor-project.ts';
import { say } from '../words/text.ts';

const DEFAULT_JOBS = 16;
/** Sooner there is nothing new, and the mirrors are others' too. */
const MIN_EVERY_MS = 1000;

/**
 * `rondo sync [PROJECT…]`: brings every module of go.mod, go.sum and go.work, and the checksum records of them, into
 * the copy, and from there into a target; with `--vendor` also into the vendor folder of each project. On stdout a line
 * for each thing that could not be had. What is held already is passed over, so that it goes on where it was ended. With
 * `--every` it is done again and again until Ctrl-C. Resolves with the exit code: 0, 1 where something is missing, 3 where
 * no mirror answers, 4 where go.sum contradicts what the checksum database says.
 * @throws RondoError E_USAGE, E_GO_SUM, E_GO_MOD; as withCopy does
 */
export async function sync(words: readonly string[], flags: Flags, context: CliContext): Promise<number> {
  const target = await targetOf(flags, context);
  const toolchain = toolchainOf(flags, context);
  if (flags.every !== undefined && flags.every < MIN_EVERY_MS)
    throw new RondoError('E_USAGE', say('--every takes a second at the least'), { hint: say('--every 5m') });
  if (flags.every === undefined) return syncOnce(words, { target, toolchain, flags }, context);
  return syncEvery(
    flags.every,
    (signal) => syncOnce(words, { target, toolchain, flags, signal }, context),
    context,
  );
}

type Wish = {
  readonly target: SyncTarget;
  readonly toolchain: readonly WantedFile[];
  readonly flags: Flags;
  /** Of Ctrl-C before the work over the copy has begun, which hears of it by itself. */
  readonly signal?: AbortSignal;
};

async function syncOnce(
  words: readonly string[],
  { target, toolchain, flags, signal }: Wish,
  context: CliContext,
): Promise<number> {
  // Each time anew: they may have been changed.
  const projects = await readProjects(words, context.cwd, await readWorkSetting(context));
  if (flags.vendor === true) checkVendor(projects);
  const needs = needsOf(projects);
  const needed = [...neededFiles(needs), ...toolchain];
  const hashed = hashedFiles(needs);
  for (const path of projects.flatMap(({ withoutGoSum }) => withoutGoSum))
    context.warn(
      say('{path} has no go.sum beside it: what its modules need in turn is not known; run go mod tidy', {
        path,
      }),
    );
  const goCache = await goCacheOf(context);
  const dryRun = flags.dryRun === true;
  signal?.throwIfAborted();
  const code = await withCopy(
    {
      flags,
      offline: false,
      makesCopy: true,
      adviceUnreachable: whenBack('sync', flags),
      doing: dryRun ? say('comparing') : say('syncing'),
      work: (tools) =>
        bring(needed, { target, dryRun, hashed, jobs: flags.jobs ?? DEFAULT_JOBS, goCache }, tools),
      report: (synced) => tellSynced(synced, { target, projects, flags }, context),
    },
    context,
  );
  if (code !== EXIT.ok || flags.vendor !== true || dryRun) return code;
  for (const project of projects) {
    const vendored = await vendorProject(project, flags, context);
    if (vendored !== EXIT.ok) return vendored;
  }
  return EXIT.ok;
}

/** The configuration is read for a name alone: its warnings are shown where it is used, or where the name is not in it. */
async function targetOf(flags: Flags, context: CliContext): Promise<SyncTarget> {
  const { target: word } = flags;
  if (word === undefined || !isTargetName(word)) return syncTargetOf(word, context.cwd, new Map());
  const { config } = await readUserConfig(flags, context);
  if (!config.targets.has(word)) for (const warning of config.warnings) context.warn(warning);
  return syncTargetOf(word, context.cwd, config.targets);
}

function needsOf(projects: readonly Project[]): Parameters<typeof neededFiles>[0] {
  return {
    goSums: projects.flatMap(({ goSums }) => goSums.map(({ goSum }) => goSum.entries)),
    requires: projects.flatMap(({ requires }) => requires),
  };
}

function toolchainOf({ toolchain }: Flags, context: CliContext): WantedFile[] {
  if (toolchain === undefined) return [];
  const version = toolchain.replace(/^go/, '');
  const why = whyNoToolchain(version);
  if (why === undefined) return [toolchainZip({ version, ...ownPlatform(context) })];
  throw new RondoError('E_USAGE', say('there is no Go {version}: {why}', { version, why }), {
    hint: say('--toolchain {version}', { version: EXAMPLE_VERSION }),
  });
}

/** Until Ctrl-C, which is then no failure; what fails once may work the next time. */
async function syncEvery(
  everyMs: number,
  once: (signal: AbortSignal) => Promise<number>,
  context: CliContext,
): Promise<number> {
  const { clock } = context;
  // All the while: between two rounds, too, nobody else listens.
  const stop = abortOnSignal(context);
  try {
    for (let round = 1; !stop.signal.aborted; round += 1) {
      try {
        await once(stop.signal);
      } catch (error) {
        if (exitCodeOf(error) === EXIT.interrupted) return EXIT.ok;
        context.showError(error);
        // A slip of the pen. Later on it may be a file in the middle of being edited, or a disk that is full for now.
        if (round === 1 && exitCodeOf(error) === EXIT.usage) return EXIT.usage;
      }
      context.tell(say('again in {span}; Ctrl-C ends it', { span: formatSpan(everyMs) }));
      await sleep(clock, everyMs, stop.signal).catch(() => undefined);
    }
    return EXIT.ok;
  } finally {
    stop.off();
  }
}

async function goCacheOf({ env, platform, systemHome, cwd }: CliContext): Promise<string | undefined> {
  const go = await readGoEnvironment(platform, env, userFolders(platform, env, systemHome), cwd);
  return goFolders(platform, env, go, systemHome).modCache;
}
