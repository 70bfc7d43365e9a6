import { compareConfigs, keepingUntilRestart } from './config/compare-configs.ts';
import type { Config } from './config/config.ts';
import { messageOf, RondoError } from './errors/rondo-error.ts';
import type { Emit } from './events/events.ts';
import { createInTurn } from './kit/in-turn.ts';

/** Why the configuration is read again, for people. */
export type ReloadCause = 'SIGHUP' | 'an order' | 'a file has changed';

/** What came of reading the configuration again. */
export type Reload =
  | {
      readonly kind: 'done';
      readonly result: 'applied' | 'unchanged';
      /** What counts now, for people: `cache.max_size`, `mirror a is gone`. */
      readonly changed: readonly string[];
      /** Keys that keep their value until Rondo is started again. */
      readonly restart: readonly string[];
      /** Those that the configuration in use did not have. */
      readonly warnings: readonly string[];
    }
  /** It is wrong, and the one in use stays. */
  | { readonly kind: 'refused'; readonly error: RondoError };

/** The configuration in use, and how it becomes another one. */
export type Reloader = {
  /** Immutable; another one takes its place. */
  readonly config: () => Config;
  /** Reads it again. Whoever asks while another waits for its turn shares its answer. Never rejects. */
  readonly reload: (cause: ReloadCause) => Promise<Reload>;
};

/** What a reload is made of. */
export type ReloadParts = {
  readonly config: Config;
  /** Rejects with RondoError for what is wrong. */
  readonly read: () => Promise<Config>;
  /** Goes on with `after`, all at once. Throws RondoError, and then nothing has changed. */
  readonly swap: (before: Config, after: Config) => void;
  readonly emit: Emit;
};

/** Names in a notice; a page has all of them. */
const MOST_NAMES = 12;

/** One reload at a time. What came of it is told: to people as notices, to the metrics as an event. */
export function createReloader({ config: first, read, swap, emit }: ReloadParts): Reloader {
  let config = first;
  const turns = createInTurn();
  let waiting: Promise<Reload> | undefined;

  const readAndSwap = async (): Promise<Reload> => {
    try {
      const said = await read();
      const { changed, restart } = compareConfigs(config, said);
      const before = new Set(config.warnings);
      const after = keepingUntilRestart(config, said);
      swap(config, after);
      config = after;
      const result = changed.length + restart.length > 0 ? 'applied' : 'unchanged';
      const warnings = said.warnings.filter((warning) => !before.has(warning));
      return { kind: 'done', result, changed, restart, warnings };
    } catch (error) {
      return { kind: 'refused', error: error instanceof RondoError ? error : asBug(error) };
    }
  };
  return {
    config: () => config,
    reload(cause) {
      waiting ??= turns.run('', async () => {
        waiting = undefined;
        const reload = await readAndSwap();
        tell(reload, cause, emit);
        return reload;
      });
      return waiting;
    },
  };
}

function asBug(cause: unknown): RondoError {
  return new RondoError('E_BUG', messageOf(cause), { cause });
}

function tell(reload: Reload, cause: ReloadCause, emit: Emit): void {
  if (reload.kind === 'refused') {
    const { message, hint } = reload.error;
    const whole = `the configuration in use stays: ${message}${hint === undefined ? '' : ` (${hint})`}`;
    emit({ type: 'notice', level: 'error', message: whole });
    return emit({ type: 'reload', result: 'refused' });
  }
  const { result, changed, restart, warnings } = reload;
  const what = changed.length === 0 ? 'nothing has changed' : `changed: ${listed(changed)}`;
  // Whoever has just had it read does not need to hear that its file has changed, too.
  const level = result === 'unchanged' && cause === 'a file has changed' ? 'debug' : 'info';
  emit({ type: 'notice', level, message: `the configuration was read again (${cause}); ${what}` });
  if (restart.length > 0) {
    const message = `needs a restart, and is as it was until then: ${listed(restart)}`;
    emit({ type: 'notice', level: 'warn', message });
  }
  for (const message of warnings) emit({ type: 'notice', level: 'warn', message });
  emit({ type: 'reload', result });
}

function listed(names: readonly string[]): string {
  const left = names.length - MOST_NAMES;
  return [...names.slice(0, MOST_NAMES), ...(left > 0 ? [`${left} more`] : [])].join(', ');
}
