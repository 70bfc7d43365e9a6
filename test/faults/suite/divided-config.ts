import { SECTIONS } from '../../../src/config/section-keys.ts';
import { formatDuration, parseDuration } from '../../../src/kit/duration.ts';

/** Keys of a configuration by section, as in the file. */
export type ConfigKeys = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Times that belong to this machine and to nobody's mirrors, and those that would be below their least value. */
const UNDIVIDED: ReadonlySet<string> = new Set([
  'breaker.lag',
  'server.drain',
  'cache.fresh_ttl',
  'cache.negative_ttl',
]);
/** What goes by the second goes as much faster. */
const PER_SECOND: ReadonlySet<string> = new Set(['timeouts.min_rate', 'retry.budget_per_second']);

/** Every time key of the configuration with its default divided by `divisor`; nothing for 1. */
export function dividedKeys(divisor: number): ConfigKeys {
  if (divisor === 1) return {};
  const divided: Record<string, Record<string, string>> = {};
  for (const [section, keys] of Object.entries(SECTIONS)) {
    for (const { name, default: text } of Object.values(keys)) {
      const value = text === undefined ? undefined : dividedText(`${section}.${name}`, text, divisor);
      if (value !== undefined) (divided[section] ??= {})[name] = value;
    }
  }
  return divided;
}

function dividedText(path: string, text: string, divisor: number): string | undefined {
  if (PER_SECOND.has(path)) return String(Number(text) * divisor);
  const ms = parseDuration(text);
  // A bare number is no duration, but for 0.
  if (ms === undefined || ms === 0 || UNDIVIDED.has(path)) return undefined;
  return formatDuration(Math.ceil(ms / divisor));
}

/** The text of a file with these keys; of a key that is in several the last counts. */
export function configText(proxy: string, ...all: readonly ConfigKeys[]): string {
  const merged = new Map<string, Record<string, string>>();
  for (const keys of all) {
    for (const [section, values] of Object.entries(keys)) {
      merged.set(section, { ...merged.get(section), ...values });
    }
  }
  const sections = [...merged].map(([section, values]) => {
    const lines = Object.entries(values).map(([name, value]) => `${name} = ${value}\n`);
    return `[${section}]\n${lines.join('')}`;
  });
  return `proxy = ${proxy}\n${sections.join('')}`;
}
