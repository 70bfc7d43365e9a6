import { directivesOf } from './directives.ts';
import type { Requirement } from './go-mod.ts';
import { isCanonicalVersion, isValidPath } from './module-path.ts';

/** What the user's own go.mod says of the modules that a build takes. */
export type ProjectMod = {
  /** Versions that are taken from a proxy: what is required and not replaced, and what it is replaced by. */
  readonly needs: readonly Requirement[];
  /** Its `toolchain`, without `go`: `1.26.8`. */
  readonly toolchain: string | undefined;
};

/** `replace old v1 => new v2`, and one more of a block. */
const MAX_WORDS = 7;

/** What stands for a version, by `module@version`, or for all of a module, by `module@`; undefined where a folder does. */
export type Replacements = ReadonlyMap<string, Requirement | undefined>;

/**
 * Reads `require`, `replace` and `toolchain` of a go.mod. The replacements of a go.work hold for all modules of the
 * workspace, before their own. Never throws: what go would refuse is for go to say.
 */
export function readProjectMod(text: string, workspace: Replacements = new Map()): ProjectMod {
  const required: Requirement[] = [];
  let toolchain: string | undefined;
  for (const [directive, ...words] of directivesOf(text, MAX_WORDS)) {
    if (directive === 'toolchain') toolchain = /^go(\d[\w.]*)$/.exec(words[0] ?? '')?.[1];
    else if (directive === 'require') add(words, required);
  }
  const own = readReplacements(text);
  const mapWith = (key: string): Replacements | undefined => [workspace, own].find((map) => map.has(key));
  const needs = required.flatMap((each) => {
    const exact = `${each.module}@${each.version}`;
    const key = mapWith(exact) === undefined ? `${each.module}@` : exact;
    const map = mapWith(key);
    if (map === undefined) return [each];
    const by = map.get(key);
    return by === undefined ? [] : [by];
  });
  return { needs, toolchain };
}

/** The `replace` directives of a go.mod or go.work; of two for the same the last counts. Never throws. */
export function readReplacements(text: string): Replacements {
  const replaced = new Map<string, Requirement | undefined>();
  for (const [directive, ...words] of directivesOf(text, MAX_WORDS)) {
    const arrow = words.indexOf('=>');
    if (directive !== 'replace' || arrow <= 0) continue;
    const [module = '', version = ''] = words.slice(0, arrow);
    const by: Requirement[] = [];
    add(words.slice(arrow + 1), by);
    replaced.set(`${module}@${version}`, by[0]);
  }
  return replaced;
}

/** The folders of a go.work, as it names them: relative to it. */
export function readUses(text: string): string[] {
  return [...directivesOf(text, MAX_WORDS)].flatMap(([directive, folder]) =>
    directive === 'use' && folder !== undefined ? [folder] : [],
  );
}

function add([module = '', version = '']: readonly string[], to: Requirement[]): void {
  if (isValidPath(module) && isCanonicalVersion(version)) to.push({ module, version });
}
