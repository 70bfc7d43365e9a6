import { directivesOf } from './directives.ts';
import { isCanonicalVersion, isValidPath } from './module-path.ts';

/** One module version that a go.mod requires. */
export type Requirement = { readonly module: string; readonly version: string };

/** What a go.mod says about the module graph. */
export type GoModRequirements = {
  /**
   * It says `go 1.17` or later: the go command reads the go.mod files of what it requires only where it was itself
   * reached through a module that says less (modload.readModGraph).
   */
  readonly pruned: boolean;
  readonly requires: readonly Requirement[];
};

/** Real go.mod files require some hundreds. */
const MAX_REQUIREMENTS = 5000;
/** A directive, a path, a version, and what a block begins with. */
const MAX_WORDS = 4;
const FIRST_PRUNED = { major: 1, minor: 17 } as const;

/**
 * Reads the `go` and `require` directives of a go.mod as modfile.ParseLax does, for a guess at what the go command
 * asks next: what it cannot read it passes over, and it never throws; nor does it read more than the first 20,000 lines.
 * No judgement on the file: it is hostile, and what it names is checked for its form alone.
 */
export function readRequirements(text: string): GoModRequirements {
  const requires: Requirement[] = [];
  let pruned = false;
  for (const [directive, ...rest] of directivesOf(text, MAX_WORDS)) {
    if (directive === 'go') pruned = isPruned(rest[0] ?? '');
    if (directive !== 'require' || requires.length >= MAX_REQUIREMENTS) continue;
    const [module = '', version = ''] = rest;
    if (isValidPath(module) && isCanonicalVersion(version)) requires.push({ module, version });
  }
  return { pruned, requires };
}

function isPruned(goVersion: string): boolean {
  const match = /^([1-9][0-9]*)\.(0|[1-9][0-9]*)/.exec(goVersion);
  if (match === null) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > FIRST_PRUNED.major || (major === FIRST_PRUNED.major && minor >= FIRST_PRUNED.minor);
}
