import type { Config } from '../config/config.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { RondoEvent } from '../events/events.ts';
import { openUpkeep, type Upkeep } from '../open-upkeep.ts';
import type { CopyWork } from '../upkeep/work.ts';
import type { CliContext } from './context.ts';
import { ONE_KEYSTROKE_MS } from './drain.ts';
import type { Flags } from './flags.ts';
import { createProgressLine } from './progress.ts';
import { showNotices } from './show-notices.ts';
import { loadUserConfig } from './user-config.ts';
import { VERSION } from './version.ts';

/** What `withCopy` is told by the command that gives up files on purpose. */
export const MAKING_ROOM = 'making room';

/** What a command over the copy is given. */
export type CopyTools = {
  readonly work: CopyWork;
  readonly mend: Upkeep['mend'];
  readonly sourceFolder: Upkeep['sourceFolder'];
  readonly targetFolder: Upkeep['targetFolder'];
  /** The folder of the copy. */
  readonly cacheDir: string;
  /** How large it may be. */
  readonly budget: Pick<Config['cache'], 'maxBytes' | 'minFreeBytes'>;
};

/**
 * Runs one command over the configured copy: opens it, shows how far the work is as `doing`, ends it on Ctrl-C, and
 * closes everything. `offline`: no mirror is asked, and no chain is needed.
 * @throws RondoError of kind `usage`; E_INTERRUPTED after Ctrl-C; whatever `task` throws
 */
export async function withCopy<T>(
  { flags, offline, doing }: { readonly flags: Flags; readonly offline: boolean; readonly doing: string },
  context: CliContext,
  task: (tools: CopyTools) => Promise<T>,
): Promise<T> {
  const { clock, platform } = context;
  const { config } = await loadUserConfig({ ...flags, offline }, context);
  const sinks = new Set<(event: RondoEvent) => void>();
  showNotices({ subscribe: (sink) => sinks.add(sink) }, config.log.level, context);
  let evicted = 0;
  const emit = (event: RondoEvent): void => {
    if (event.type === 'eviction') evicted += event.files;
    for (const sink of sinks) sink(event);
  };
  const options = { config, version: VERSION, platform, clock, random: Math.random, offline };
  const upkeep = await openUpkeep(options, emit);
  const progress = createProgressLine(doing, context);
  const stop = abortOnSignal(context);
  // What waits for a mirror or a thread waits no longer.
  stop.signal.addEventListener('abort', () => void upkeep.interrupt(), { once: true });
  try {
    const work = { ...upkeep.work, signal: stop.signal, onProgress: progress.update };
    return await task({
      work,
      mend: (file) => upkeep.mend(file),
      sourceFolder: (dir) => upkeep.sourceFolder(dir),
      targetFolder: (dir) => upkeep.targetFolder(dir),
      cacheDir: config.cache.dir,
      budget: config.cache,
    });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    throw new RondoError('E_INTERRUPTED', 'interrupted; what was done is whole, and the rest is as it was', {
      hint: 'the same command again goes on',
      cause: error,
    });
  } finally {
    progress.end();
    await upkeep.close();
    stop.off();
    if (evicted > 0 && doing !== MAKING_ROOM) {
      context.warn(
        `${evicted} files of the copy were given up to make room; raise max_size in [cache] to keep them`,
      );
    }
  }
}

/** Aborts at the first SIGINT or SIGTERM. A later one ends the process, as it does where nobody listens. */
function abortOnSignal({ onSignal, clock }: CliContext): { readonly signal: AbortSignal; off(): void } {
  const stop = new AbortController();
  const off = onSignal(['SIGINT', 'SIGTERM'], () => {
    if (stop.signal.aborted) return;
    stop.abort(new RondoError('E_INTERRUPTED', 'interrupted'));
    clock.after(ONE_KEYSTROKE_MS, off, { background: true });
  });
  return { signal: stop.signal, off };
}
