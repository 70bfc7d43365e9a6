import { build, isValid } from './semver.ts';

/**
 * The three shapes of golang.org/x/mod/module/pseudo.go: on no tag (`v0.0.0-<time>-<commit>`), on a
 * release (`v1.2.4-0.<time>-<commit>`), on a pre-release (`v1.2.3-pre.0.<time>-<commit>`).
 */
const PSEUDO_VERSION =
  /^v[0-9]+\.(?:0\.0-|[0-9]+\.[0-9]+-(?:[^+]*\.)?0\.)[0-9]{14}-[A-Za-z0-9]+(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** Whether `version` names a commit that carries no tag (module.IsPseudoVersion). */
export function isPseudoVersion(version: string): boolean {
  return PSEUDO_VERSION.test(version) && isValid(version);
}

/**
 * The commit time inside a pseudo-version, or `undefined` when `version` is none or its digits are no
 * time (module.PseudoVersionTime).
 */
export function pseudoVersionTime(version: string): Date | undefined {
  if (!isPseudoVersion(version)) return undefined;
  const bare = version.slice(0, version.length - build(version).length);
  const digits = bare.slice(0, bare.lastIndexOf('-')).slice(-14);
  const iso = digits.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6.000Z');
  const time = new Date(iso);
  // Date rolls 31 February over into March; such digits are no time.
  return Number.isNaN(time.getTime()) || time.toISOString() !== iso ? undefined : time;
}
