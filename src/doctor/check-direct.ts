import { parseGoproxyList } from '../gomod/goproxy-list.ts';
import { listed, say, type Text } from '../words/text.ts';
import type { GoFacts } from './check-go.ts';
import type { Finding } from './finding.ts';

/** Why go asks repositories themselves on this machine. */
export type DirectUse = 'direct' | 'private';

/** What the repository of a module itself had. */
export type RepositoryAnswer =
  | { readonly kind: 'has'; readonly h1: string }
  | { readonly kind: 'not-had'; readonly why: Text | string };

/** What was seen of repositories, asked as go asks them. */
export type DirectFacts = {
  /** Undefined: go asks none. */
  readonly use: DirectUse | undefined;
  readonly hasGit: boolean;
  /** The module that was fetched: `golang.org/x/text@v0.3.0`. */
  readonly sample: string;
  /** Undefined where nobody asked. */
  readonly answer: RepositoryAnswer | undefined;
  /** No mirror of the chain works, so that repositories are all that is left. */
  readonly isReliedOn: boolean;
  /** The same module by each mirror that gave it whole. */
  readonly mirrors: readonly { readonly name: string; readonly h1: string }[];
};

/** Whether go asks repositories: `direct` stands in the chain of Rondo or of go itself, or some modules are private. Pure. */
export function directUse(values: GoFacts['values'], chainEnd: string | undefined): DirectUse | undefined {
  if (chainEnd === 'direct' || endOf(values.get('GOPROXY')?.value ?? '') === 'direct') return 'direct';
  const isPrivate = ['GOPRIVATE', 'GONOPROXY'].some(
    (name) => !['', 'none'].includes(values.get(name)?.value ?? ''),
  );
  return isPrivate ? 'private' : undefined;
}

function endOf(goproxy: string): string | undefined {
  try {
    return parseGoproxyList(goproxy).end;
  } catch {
    return undefined;
  }
}

/** What is wrong with repositories, for whoever needs them. Pure. */
export function checkDirect(facts: DirectFacts, rightH1: string | undefined): Finding[] {
  const { use, hasGit, sample, answer, isReliedOn } = facts;
  if (use === undefined) return [];
  if (!hasGit) return [noGit(use)];
  if (answer === undefined) return [];
  if (answer.kind === 'has') return differing(facts, answer.h1, rightH1);
  return [
    {
      id: 'direct.unreachable',
      // Many networks are like that, and mirrors are there for them.
      level: isReliedOn ? 'finding' : 'note',
      what: isReliedOn
        ? say('no mirror works, and repositories cannot be reached from here either')
        : say('repositories cannot be reached from here: what no mirror has is not to be had'),
      evidence: [say('{sample}, asked of its own repository: {why}', { sample, why: answer.why })],
      fix: say('a mirror that can be reached from here: rondo init; or a proxy for git: HTTPS_PROXY'),
    },
  ];
}

function noGit(use: DirectUse): Finding {
  return {
    id: 'direct.no-git',
    level: 'finding',
    what: say('there is no git on PATH, and go needs it to ask repositories'),
    evidence: [
      use === 'direct'
        ? say('the chain ends with direct: what no mirror has comes from its own repository')
        : say('GOPRIVATE or GONOPROXY names modules that come from their own repositories alone'),
    ],
    fix: say('install git, for example: apt-get install git'),
  };
}

/** Those that have not what the repository has, except those of which it is said already (check-mirror.ts). */
function differing({ sample, mirrors }: DirectFacts, own: string, rightH1: string | undefined): Finding[] {
  const others = mirrors.filter(({ h1 }) => h1 !== own && (rightH1 === undefined || h1 === rightH1));
  if (others.length === 0) return [];
  const evidence: Text[] = [
    say('its repository has {h1}', { h1: own }),
    ...others.map(({ name, h1 }) => say('{name} has {h1}', { name, h1 })),
  ];
  return [
    {
      id: 'direct.other-content',
      level: 'finding',
      what: say('{who} and the repository of {sample} have different content', {
        who: listed(others.map(({ name }) => name)),
        sample,
      }),
      evidence,
      fix: `rondo why ${sample}`,
    },
  ];
}
