import { RondoError } from '../errors/rondo-error.ts';
import { formatDuration } from '../kit/duration.ts';
import type { Config, Origin } from './config.ts';
import { TOP_LEVEL, type TopLevel } from './keys.ts';
import { readSection, type Reader, type Source } from './read-values.ts';
import { SECTIONS, type SectionName } from './section-keys.ts';
import { say } from '../words/text.ts';

/** All sections with fixed names. */
export type Sections = Pick<Config, SectionName>;

/**
 * Reads every key with a fixed name.
 * @throws RondoError E_CONFIG, unless the reader has somebody to report to.
 */
export function readSections(reader: Reader): { readonly topLevel: TopLevel; readonly sections: Sections } {
  const read = <S extends SectionName>(section: S): Config[S] =>
    readSection<Config[S]>(section, SECTIONS[section], reader);
  const topLevel = readSection<TopLevel>('', TOP_LEVEL, reader);
  const sections = {
    server: read('server'),
    cache: read('cache'),
    selection: read('selection'),
    timeouts: read('timeouts'),
    retry: read('retry'),
    hedge: read('hedge'),
    race: read('race'),
    breaker: read('breaker'),
    probe: read('probe'),
    early: read('early'),
    connections: read('connections'),
    verify: read('verify'),
    limits: read('limits'),
    alerts: read('alerts'),
    log: read('log'),
    telemetry: read('telemetry'),
  };
  return { topLevel, sections };
}

/** The default cache folder is the platform's, not the one that the table shows as an example. */
export function defaultDir(cacheDir: string): Source {
  return (path) => (path === 'cache.dir' ? { text: cacheDir, origin: 'default', base: cacheDir } : undefined);
}

/** A key by its path, and what it is. */
type Timed = { readonly path: string; readonly ms: number };

/** Two keys of which each is right by itself, but `lower` is longer than `upper`. */
type Conflict = { readonly lower: Timed; readonly upper: Timed };

/** What no key by itself can get wrong. */
export function conflictsOf({ timeouts, retry, breaker }: Sections): Conflict[] {
  const pairs: [string, number, string, number][] = [
    ['timeouts.header_soft', timeouts.headerSoftMs, 'timeouts.header', timeouts.headerMs],
    ['retry.delay', retry.delayMs, 'retry.delay_max', retry.delayMaxMs],
    ['breaker.open_min', breaker.openMinMs, 'breaker.open_max', breaker.openMaxMs],
  ];
  return pairs.flatMap(([lower, lowerMs, upper, upperMs]) =>
    lowerMs > upperMs ? [{ lower: { path: lower, ms: lowerMs }, upper: { path: upper, ms: upperMs } }] : [],
  );
}

/**
 * Checks what no key by itself can get wrong.
 * @throws RondoError E_CONFIG that says where both keys stand
 */
export function checkTogether(sections: Sections, origins: ReadonlyMap<string, Origin>): void {
  const [conflict] = conflictsOf(sections);
  if (conflict === undefined) return;
  const told = ({ path, ms }: Timed): string => {
    const origin = (origins.get(path) ?? 'default').replace(/^file /, '');
    return `${path} = ${formatDuration(ms)} (${origin})`;
  };
  throw new RondoError(
    'E_CONFIG',
    say('{lower} must not be longer than {upper}', {
      lower: told(conflict.lower),
      upper: told(conflict.upper),
    }),
  );
}
