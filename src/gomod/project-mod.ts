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

/**
 * Reads `require`, `replace` and `toolchain` of a go.mod, or of a go.work, whose replacements hold for all modules of
 * the workspace. Never throws: what go would refuse is for go to say.
 */
export function readProjectMod(text: string): ProjectMod {
  const required: Requirement[] = [];
  const replaced = new Map<string, Requirement | undefined>();
  let toolchain: string | undefined;
  for (const [directive, ...words] of directivesOf(text, MAX_WORDS)) {
    if (directive === 'toolchain') toolchain = /^go(\d[\w.]*)$/.exec(words[0] ?? '')?.[1];
    else if (directive === 'require') add(words, required);
    else if (directive === 'replace') {
      const arrow = words.indexOf('=>');
      const [module = '', version = ''] = words.slice(0, arrow);
      const by: Requirement[] = [];
      add(words.slice(arrow + 1), by);
      if (arrow > 0) replaced.set(`${module}@${version}`, by[0]);
    }
  }
  const needs = required.flatMap((each) => {
    const exact = `${each.module}@${each.version}`;
    const key = replaced.has(exact) ? exact : `${each.module}@`;
    if (!replaced.has(key)) return [each];
    const by = replaced.get(key);
    return by === undefined ? [] : [by];
  });
  return { needs, toolchain };
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
