import { RondoError } from '../errors/rondo-error.ts';
import type { Config } from './config.ts';
import { TOP_LEVEL, type TopLevel } from './keys.ts';
import { readSection, type Reader, type Source } from './read-values.ts';
import { SECTIONS, type SectionName } from './section-keys.ts';

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
    breaker: read('breaker'),
    probe: read('probe'),
    early: read('early'),
    connections: read('connections'),
    verify: read('verify'),
    limits: read('limits'),
    log: read('log'),
  };
  return { topLevel, sections };
}

/** The default cache folder is the platform's, not the one that the table shows as an example. */
export function defaultDir(cacheDir: string): Source {
  return (path) => (path === 'cache.dir' ? { text: cacheDir, origin: 'default', base: cacheDir } : undefined);
}

/**
 * Checks what no key by itself can get wrong.
 * @throws RondoError E_CONFIG
 */
export function checkTogether({ timeouts, retry, breaker }: Sections): void {
  const pairs: [string, number, string, number][] = [
    ['timeouts.header_soft', timeouts.headerSoftMs, 'timeouts.header', timeouts.headerMs],
    ['retry.delay', retry.delayMs, 'retry.delay_max', retry.delayMaxMs],
    ['breaker.open_min', breaker.openMinMs, 'breaker.open_max', breaker.openMaxMs],
  ];
  for (const [lower, lowerMs, upper, upperMs] of pairs) {
    if (lowerMs > upperMs) throw new RondoError('E_CONFIG', `${lower} must not be longer than ${upper}`);
  }
}
