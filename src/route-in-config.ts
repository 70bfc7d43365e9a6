import type { Config, ConfiguredMirror } from './config/config.ts';
import { matchPrefixPatterns } from './gomod/path-patterns.ts';
import { routeOf, type Route } from './mirrors/route.ts';
import { privatePatterns } from './settings-map.ts';

/** Whom a module may be asked of, and who fetches it otherwise. */
export type ConfiguredRoute = Route<ConfiguredMirror> & {
  /** The mirrors that are not for it, by their names. */
  readonly others: readonly string[];
  /** GONOPROXY matches it: go itself asks no proxy for it. */
  readonly isPastProxies: boolean;
};

/** Which mirrors of the chain may hear of `module`: as the server decides it. Pure. */
export function routeInConfig(module: string, config: Config): ConfiguredRoute {
  const { mirrors } = config.chain;
  const route = routeOf(module, mirrors, ({ match }) => match, privatePatterns(config));
  const isFor = new Set(route.mirrors);
  return {
    ...route,
    others: mirrors.filter((mirror) => !isFor.has(mirror)).map(({ name }) => name),
    isPastProxies: isPastProxies(module, config),
  };
}

/** Whether no proxy hears of `module`, not even one that the user chose: GONOPROXY names it, or GOPRIVATE does. Pure. */
export function isPastProxies(module: string, { go }: Pick<Config, 'go'>): boolean {
  return matchPrefixPatterns(go.gonoproxy, module);
}
