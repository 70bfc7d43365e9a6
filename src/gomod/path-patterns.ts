/**
 * The patterns of GOPRIVATE and its kin: globs that are matched against the first elements of a module path.
 */

type Term =
  | { readonly kind: 'star' }
  | { readonly kind: 'any' }
  | { readonly kind: 'literal'; readonly character: string }
  | {
      readonly kind: 'class';
      readonly negated: boolean;
      readonly ranges: readonly (readonly [number, number])[];
    };

/**
 * Whether one of the comma-separated `globs` matches `path` or the folder-wise beginning of it that has
 * as many elements as the glob (module.MatchPrefixPatterns). Empty and malformed globs match nothing.
 * Takes time proportional to the lengths multiplied at the most, whatever the glob.
 */
export function matchPrefixPatterns(globs: string, path: string): boolean {
  const elements = path.split('/');
  return globs.split(',').some((written) => {
    const glob = written.endsWith('/') ? written.slice(0, -1) : written;
    if (glob === '') return false;
    const count = glob.split('/').length;
    return count <= elements.length && matchGlob(glob, elements.slice(0, count).join('/'));
  });
}

/**
 * Whether `glob` matches all of `name`: `*` and `?` stop at slashes, `[a-z]`, `[^a-z]` and `\c` as in a
 * shell. A malformed glob matches nothing (path.Match, whose error its caller here drops).
 */
export function matchGlob(glob: string, name: string): boolean {
  const terms = parseGlob(Array.from(glob));
  return terms !== undefined && matchTerms(terms, Array.from(name));
}

function parseGlob(glob: readonly string[]): readonly Term[] | undefined {
  const terms: Term[] = [];
  for (let at = 0; at < glob.length; at++) {
    const character = glob[at];
    if (character === '*') terms.push({ kind: 'star' });
    else if (character === '?') terms.push({ kind: 'any' });
    else if (character === '[') {
      const end = parseClass(glob, at + 1, terms);
      if (end === undefined) return undefined;
      at = end;
    } else {
      const literal = character === '\\' ? glob[++at] : character;
      if (literal === undefined) return undefined;
      terms.push({ kind: 'literal', character: literal });
    }
  }
  return terms;
}

/** Adds the class whose first character is at `at`; returns where its closing bracket is. */
function parseClass(glob: readonly string[], at: number, terms: Term[]): number | undefined {
  const negated = glob[at] === '^';
  if (negated) at++;
  const ranges: [number, number][] = [];
  while (glob[at] !== ']' || ranges.length === 0) {
    const low = parseClassCharacter(glob, at);
    if (low === undefined) return undefined;
    const high = glob[low.next] === '-' ? parseClassCharacter(glob, low.next + 1) : low;
    if (high === undefined) return undefined;
    ranges.push([low.code, high.code]);
    at = high.next;
  }
  terms.push({ kind: 'class', negated, ranges });
  return at;
}

function parseClassCharacter(
  glob: readonly string[],
  at: number,
): { code: number; next: number } | undefined {
  const first = glob[at];
  if (first === '-' || first === ']') return undefined;
  const escaped = first === '\\' ? 1 : 0;
  const code = glob[at + escaped]?.codePointAt(0);
  return code === undefined ? undefined : { code, next: at + escaped + 1 };
}

// One star is remembered, the last: what an earlier one takes more, a later one could take too.
function matchTerms(terms: readonly Term[], name: readonly string[]): boolean {
  let term = 0;
  let at = 0;
  let afterStar: { term: number; at: number } | undefined;
  while (at < name.length || term < terms.length) {
    const current = terms[term];
    if (current?.kind === 'star') {
      term++;
      afterStar = { term, at };
    } else if (current !== undefined && matchesOne(current, name[at])) {
      term++;
      at++;
    } else {
      if (afterStar === undefined || afterStar.at >= name.length || name[afterStar.at] === '/') return false;
      afterStar = { term: afterStar.term, at: afterStar.at + 1 };
      ({ term, at } = afterStar);
    }
  }
  return true;
}

function matchesOne(term: Exclude<Term, { kind: 'star' }>, character: string | undefined): boolean {
  if (character === undefined) return false;
  if (term.kind === 'any') return character !== '/';
  if (term.kind === 'literal') return character === term.character;
  const code = character.codePointAt(0) ?? 0;
  return term.ranges.some(([low, high]) => low <= code && code <= high) !== term.negated;
}
