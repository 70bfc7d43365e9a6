import { compareConfigs, keepingUntilRestart } from './config/compare-configs.ts';
import type { Config } from './config/config.ts';
import { messageOf, RondoError } from './errors/rondo-error.ts';
import type { Emit } from './events/events.ts';
import { notice } from './events/notice.ts';
import { render } from './words/render.ts';
import { listed, say, type Text } from './words/text.ts';
import { createInTurn } from './kit/in-turn.ts';

/** Why the configuration is read again, for people. */
export type ReloadCause = 'SIGHUP' | 'an order' | 'a file has changed';

/** What came of reading the configuration again. */
export type Reload =
  | {
      readonly kind: 'done';
      readonly result: 'applied' | 'unchanged';
      /** What counts now, for people: `cache.max_size`, `mirror a is gone`. */
      readonly changed: readonly (Text | string)[];
      /** Keys that keep their value until Rondo is started again. */
      readonly restart: readonly string[];
      /** Those that the configuration in use did not have. */
      readonly warnings: readonly (Text | string)[];
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
      const before = new Set(config.warnings.map((each) => render(each)));
      const after = keepingUntilRestart(config, said);
      swap(config, after);
      config = after;
      const result = changed.length + restart.length > 0 ? 'applied' : 'unchanged';
      const warnings = said.warnings.filter((warning) => !before.has(render(warning)));
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

const CAUSES: Readonly<Record<ReloadCause, Text | string>> = {
  SIGHUP: 'SIGHUP',
  'an order': say('an order'),
  'a file has changed': say('a file has changed'),
};

function tell(reload: Reload, cause: ReloadCause, emit: Emit): void {
  if (reload.kind === 'refused') {
    const { message, hint } = reload.error.said;
    const why = hint === undefined ? message : say('{what} ({hint})', { what: message, hint });
    emit(notice('error', say('the configuration in use stays: {why}', { why })));
    return emit({ type: 'reload', result: 'refused' });
  }
  const { result, changed, restart, warnings } = reload;
  const values = { cause: CAUSES[cause], changed: firstOf(changed) };
  // Whoever has just had it read does not need to hear that its file has changed, too.
  const level = result === 'unchanged' && cause === 'a file has changed' ? 'debug' : 'info';
  const said =
    changed.length === 0
      ? say('the configuration was read again ({cause}); nothing has changed', values)
      : say('the configuration was read again ({cause}); changed: {changed}', values);
  emit(notice(level, said));
  if (restart.length > 0) {
    const keys = firstOf(restart);
    emit(notice('warn', say('needs a restart, and is as it was until then: {keys}', { keys })));
  }
  for (const warning of warnings) emit(notice('warn', warning));
  emit({ type: 'reload', result });
}

function firstOf(names: readonly (Text | string)[]): Text {
  const left = names.length - MOST_NAMES;
  const more = left > 0 ? [say('{count} more', { count: left })] : [];
  return listed([...names.slice(0, MOST_NAMES), ...more]);
}
