import type { Finding, MirrorFact, VersionFacts } from './facts.ts';

type Having = Extract<MirrorFact, { kind: 'has' }>;

/**
 * What the facts come to, the gravest first; never none. By hashes where there are any: the checksum database is right
 * against a mirror, and a mirror against nobody. Pure.
 */
export function verdictsOf(facts: VersionFacts): Finding[] {
  const { mirrors, direct, database, privateBy } = facts;
  const isAsked = mirrors.some(({ kind }) => kind !== 'not-asked');
  if (privateBy !== undefined && !isAsked) return [{ kind: 'private', mirrors: [] }];
  const having = mirrors.filter((each): each is Having => each.kind === 'has');
  const named = (kind: MirrorFact['kind']): string[] =>
    mirrors.filter((each) => each.kind === kind).map(({ name }) => name);
  const findings: Finding[] = [...contentOf(facts, having)];
  if (database.kind === 'untrusted') findings.unshift({ kind: 'database-untrusted', mirrors: [] });
  const add = (kind: Finding['kind'], names: readonly string[] = []): void =>
    void findings.push({ kind, mirrors: names });
  if (!isAsked) add('no-mirror');

  const exists = having.length > 0 || direct.kind === 'has' || database.kind === 'known';
  const without = named('not-there');
  if (!exists && without.length > 0 && named('failed').length === 0) add('not-there');
  else if (having.length > 0 && without.length > 0 && !findings.some(({ kind }) => kind === 'invented'))
    add('lags', without);
  else if (having.length === 0 && exists && without.length > 0) add('only-direct', without);
  if (named('refused').length > 0) add('refused', named('refused'));
  if (named('failed').length > 0) add('failed', named('failed'));
  if (database.kind === 'unreachable') add('database-failed');
  return findings.length > 0 ? findings : [{ kind: 'well', mirrors: [] }];
}

/** What is wrong with the content that there is. */
function contentOf(facts: VersionFacts, having: readonly Having[]): Finding[] {
  const { database, direct, goSum, isPseudo } = facts;
  const findings: Finding[] = [];
  if (database.kind === 'known') {
    const lying = having.filter((each) => differs(each, database));
    if (lying.length > 0) findings.push({ kind: 'lies', mirrors: lying.map(({ name }) => name) });
    if (differs(goSum, database)) findings.push({ kind: 'go-sum-differs', mirrors: [] });
  } else {
    const [first, ...others] = having;
    const different = first === undefined ? [] : others.filter((each) => differs(each, first));
    if (different.length > 0)
      findings.push({ kind: 'mirrors-differ', mirrors: having.map(({ name }) => name) });
    else if (first !== undefined && differs(goSum, first))
      findings.push({ kind: 'go-sum-differs', mirrors: [] });
  }
  const named = having.filter(({ commit }) => commit !== undefined);
  const own = direct.kind === 'has' ? direct.commit : undefined;
  if (own !== undefined && named.length > 0 && named.every(({ commit }) => commit !== own))
    findings.push({ kind: 'tag-moved', mirrors: named.map(({ name }) => name) });
  // A version of a commit that nobody else knows.
  if (isPseudo && having.length > 0 && database.kind === 'absent' && direct.kind === 'not-there')
    findings.push({ kind: 'invented', mirrors: having.map(({ name }) => name) });
  return findings;
}

type Hashes = { readonly mod?: string; readonly zip?: string };

/** Whether they contradict each other; what one does not say contradicts nothing. */
function differs(one: Hashes, other: Hashes): boolean {
  return (['mod', 'zip'] as const).some((kind) => {
    const [a, b] = [one[kind], other[kind]];
    return a !== undefined && b !== undefined && a !== b;
  });
}
