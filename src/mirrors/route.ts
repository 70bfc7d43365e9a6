import { matchPrefixPatterns } from '../gomod/path-patterns.ts';

/** Whom a module may be asked of. */
export type Route<M> = {
  /** The pattern that makes it private; undefined for a public one. */
  readonly privateBy: string | undefined;
  /** Those that may hear of it, in their order. */
  readonly mirrors: readonly M[];
};

/**
 * Which mirrors may hear of `module`. Of a private one only those hear whose `match` names it, for which `*` is no name;
 * of a public one those too whose `match` has a `*`, alone or among others. Pure.
 */
export function routeOf<M>(
  module: string,
  mirrors: readonly M[],
  matchOf: (mirror: M) => string,
  privatePatterns: string,
): Route<M> {
  const privateBy = privatePatterns.split(',').find((pattern) => matchPrefixPatterns(pattern, module));
  const isFor = (match: string): boolean =>
    names(match, module) || (privateBy === undefined && isForAll(match));
  return { privateBy, mirrors: mirrors.filter((mirror) => isFor(matchOf(mirror))) };
}

/** Whether a mirror of that `match` serves every public module. Pure. */
export function isForAll(match: string): boolean {
  return patternsIn(match).includes('*');
}

function names(match: string, module: string): boolean {
  const own = patternsIn(match).filter((pattern) => pattern !== '*');
  return matchPrefixPatterns(own.join(','), module);
}

function patternsIn(match: string): string[] {
  return match.split(',').map((pattern) => pattern.trim());
}
