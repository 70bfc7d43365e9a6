import type { Config } from '../config/config.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { Bus } from '../events/bus.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import type { AskingOptions } from '../open-mirrors.ts';
import { openUpkeep, type BundleFill, type Upkeep } from '../open-upkeep.ts';
import type { PlainFolder } from '../store/plain-folder.ts';
import type { CopyWork } from '../upkeep/work.ts';
import { abortOnSignal } from './abort-on-signal.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { createProgressLine, type ProgressLine } from './progress.ts';
import { showNotices } from './show-notices.ts';
import { showSecurity } from './show-security.ts';
import { loadUserConfig } from './user-config.ts';
import { VERSION } from './version.ts';
import { render } from '../words/render.ts';
import { many, say, type Text } from '../words/text.ts';

/** What helps where nobody can be reached. */
const ADVICE_UNREACHABLE = say(
  'Without a network: cache import and cache seal take --offline, cache verify needs none without --repair',
);

/** What a command over the copy is given. */
export type CopyTools = {
  readonly work: CopyWork;
  readonly mend: Upkeep['mend'];
  readonly sizeOf: (file: VersionFile) => Promise<number | undefined>;
  /** What is shown from now on while it goes on. */
  readonly doing: (what: Text) => void;
  readonly sourceFolder: Upkeep['sourceFolder'];
  readonly targetFolder: Upkeep['targetFolder'];
  readonly withBundle: <T>(file: string, use: (folder: PlainFolder) => Promise<T>) => Promise<T>;
  readonly writeBundle: <T>(file: string, fill: BundleFill<T>) => Promise<T>;
  readonly unfinishedFolder: Upkeep['unfinishedFolder'];
  readonly seal: () => ReturnType<Upkeep['seal']>;
  readonly config: Config;
  /** What asking mirrors one by one takes. */
  readonly asking: AskingOptions;
  /** The folder of the copy. */
  readonly cacheDir: string;
  /** How large it may be. */
  readonly budget: Pick<Config['cache'], 'maxBytes' | 'minFreeBytes'>;
};

/** How a command goes about it. */
export type CopyTask<T> = {
  readonly flags: Flags;
  /** No mirror is asked, and no chain is needed. */
  readonly offline: boolean;
  /** Where there is no copy one is made; else that is an error, since it may be a slip of the pen. */
  readonly makesCopy?: true;
  /** After Ctrl-C the same command does all of it once more. */
  readonly startsOver?: true;
  /** What helps where nobody can be reached, if it is not work that needs no network. */
  readonly adviceUnreachable?: Text;
  /** It gives up files of the copy on purpose. */
  readonly makesRoom?: true;
  /** What is shown while it goes on, e.g. `verifying`. */
  readonly doing: Text | string;
  readonly work: (tools: CopyTools) => Promise<T>;
  /** Tells what came of it, once nothing is under way any more; the exit code. */
  readonly report: (result: T) => number;
};

/**
 * Runs one command over the configured copy: opens it, shows how far the work is, ends it on Ctrl-C, closes
 * everything. Resolves with the exit code: 4 instead of another failure where the checksum database was caught lying.
 * @throws RondoError of kind `usage`; E_INTERRUPTED after Ctrl-C; whatever the work throws
 */
export async function withCopy<T>(task: CopyTask<T>, context: CliContext): Promise<number> {
  const { flags, offline, doing } = task;
  const { clock, platform } = context;
  const { config } = await loadUserConfig({ ...flags, offline }, context);
  const told = { evicted: 0, caught: false };
  const asking = { config, version: VERSION, platform, clock, random: Math.random };
  const upkeep = await openUpkeep(
    {
      ...asking,
      offline,
      makesCopy: task.makesCopy === true,
      adviceUnreachable: task.adviceUnreachable ?? ADVICE_UNREACHABLE,
      onSinkError: (error) => context.showError(error),
    },
    (bus) => listen(bus, told, config, context),
  );
  const progress = createProgressLine(render(doing, context.table), context);
  const stop = abortOnSignal(context);
  // What waits for a mirror or a thread waits no longer.
  stop.signal.addEventListener('abort', () => void upkeep.interrupt(), { once: true });
  let result: T;
  try {
    result = await task.work(toolsOf(upkeep, stop.signal, progress, asking));
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    throw interrupted(task, error);
  } finally {
    progress.end();
    await upkeep.close();
    stop.off();
  }
  const code = task.report(result);
  if (told.evicted > 0 && task.makesRoom !== true) {
    context.warn(
      many(
        told.evicted,
        '{count} file of the copy was given up to make room; raise max_size in [cache] to keep such files',
        '{count} files of the copy were given up to make room; raise max_size in [cache] to keep them',
      ),
    );
  }
  return code !== EXIT.ok && told.caught ? EXIT.integrity : code;
}

function toolsOf(
  upkeep: Upkeep,
  signal: AbortSignal,
  progress: ProgressLine,
  asking: AskingOptions,
): CopyTools {
  const { config } = asking;
  return {
    work: { ...upkeep.work, signal, onProgress: progress.update },
    mend: (file, onBytes) => upkeep.mend(file, onBytes),
    sizeOf: (file) => upkeep.sizeOf(file, signal),
    doing: progress.next,
    sourceFolder: (dir) => upkeep.sourceFolder(dir),
    targetFolder: (dir) => upkeep.targetFolder(dir),
    withBundle: (file, use) => upkeep.withBundle(file, use, signal),
    writeBundle: (file, fill) => upkeep.writeBundle(file, fill, signal),
    unfinishedFolder: (parent) => upkeep.unfinishedFolder(parent),
    seal: () => upkeep.seal(signal),
    config,
    asking,
    cacheDir: config.cache.dir,
    budget: config.cache,
  };
}

function interrupted({ startsOver }: Pick<CopyTask<unknown>, 'startsOver'>, cause: unknown): RondoError {
  const message = say('interrupted; what was done is whole, and the rest is as it was');
  const hint =
    startsOver === true ? say('the same command again starts over') : say('the same command again goes on');
  return new RondoError('E_INTERRUPTED', message, { hint, cause });
}

/** Shows what the copy and the mirrors have to tell, and remembers in `told` what the end depends on. */
function listen(
  bus: Bus,
  told: { evicted: number; caught: boolean },
  { log }: Config,
  context: CliContext,
): void {
  showNotices(bus, () => log.level, context);
  showSecurity(bus, context);
  bus.subscribe((event) => {
    if (event.type === 'eviction') told.evicted += event.files;
    if (event.type === 'security') told.caught = true;
  });
}
