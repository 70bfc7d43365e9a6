import { parseGoproxyList } from '../gomod/goproxy-list.ts';
import { say, type Text } from '../words/text.ts';
import { withoutLogins, type Finding } from './finding.ts';

/** A text file of the project that may set variables: a Makefile, a Dockerfile, the jobs of a CI. */
export type ProjectText = { readonly path: string; readonly text: string };

/**
 * `GOPROXY=…`, `ENV GOPROXY …`, `GOPROXY: …`, `GOPROXY := …`: the name and all up to the end of the word. In one way
 * only, so that a line of blanks takes no longer than another.
 */
const SETTING =
  /\b(GOPROXY|GOSUMDB|GONOSUMDB|GOFLAGS|GOPRIVATE)(?:\s*(?::=|\?=|=|:)\s*|\s+)(["']?)([^\s"'#;\\]+)\2/g;
/** Files may be anybody's and of any size. */
const MAX_LINES = 20_000;
const MAX_LINE = 2000;
const MOST = 20;

/** What files of the project set for go that breaks builds: the lines are named, since nobody looks for it there. Pure. */
export function checkProject(files: readonly ProjectText[]): Finding[] {
  return files.flatMap(({ path, text }) => linesOf(path, text)).slice(0, MOST);
}

function linesOf(path: string, text: string): Finding[] {
  return text.split('\n', MAX_LINES).flatMap((line, index) =>
    [...line.slice(0, MAX_LINE).matchAll(SETTING)].flatMap(([, name = '', , value = '']) => {
      const what = problemOf(name, value);
      if (what === undefined) return [];
      return [
        {
          id: `project.${name.toLowerCase()}`,
          level: 'finding' as const,
          what,
          evidence: [`${path}:${index + 1}: ${name}=${withoutLogins(value)}`],
          fix: fixOf(name),
        },
      ];
    }),
  );
}

function problemOf(name: string, value: string): Text | undefined {
  if (name === 'GOSUMDB' && value === 'off')
    return say('a file of this project turns the checksum database off');
  if (name === 'GONOSUMDB' && value === '*')
    return say('a file of this project keeps every module from the checksum database');
  if (name === 'GOPRIVATE' && value === '*') return say('a file of this project makes every module private');
  if (name === 'GOFLAGS' && value.includes('-insecure'))
    return say('a file of this project sets -insecure, which go does not know any more');
  if (name === 'GOPROXY' && isCommaChain(value))
    return say('a file of this project has a chain of mirrors that stand in for each other after 404 alone');
  return undefined;
}

function fixOf(name: string): Text {
  return name === 'GOPROXY'
    ? say('run go there through Rondo: rondo exec -- go build ./...')
    : say('take that out');
}

/** Two mirrors or more with a comma between: go goes on after 404 and 410, and after no other failure. */
function isCommaChain(value: string): boolean {
  try {
    const { entries } = parseGoproxyList(value);
    return entries.slice(0, -1).some(({ separator }) => separator === ',');
  } catch {
    return false;
  }
}
