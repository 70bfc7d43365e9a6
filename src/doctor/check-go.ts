import { parseGoproxyList } from '../gomod/goproxy-list.ts';
import type { Finding } from './finding.ts';

/** A setting of the go command, and who set it. */
export type GoValue = {
  readonly value: string;
  readonly from: 'environment' | 'go env -w' | 'GOROOT/go.env' | 'default';
};

/** The go command of this machine as it sees itself. */
export type GoFacts = {
  /** Its path; undefined where there is none on PATH. */
  readonly command: string | undefined;
  readonly version: string | undefined;
  readonly goroot: string | undefined;
  readonly gopath: string | undefined;
  /** Whether `$GOPATH/bin` has anything in it. */
  readonly hasGopathBin: boolean;
  /** Folders of PATH, in order. */
  readonly path: readonly string[];
  readonly values: ReadonlyMap<string, GoValue>;
  /** What `go env -w` has written, whether it counts or the environment hides it. */
  readonly written: ReadonlyMap<string, string>;
  /** Toolchains that Rondo has installed for this machine, the newest first: `1.26.8`. */
  readonly installed: readonly string[];
  /** How folders are put together here. */
  readonly join: (...parts: string[]) => string;
};

/** The toolchain that is recommended where there is none at all. */
const RECOMMENDED = '1.26.8';

/** What is wrong with Go itself and its settings. Pure. */
export function checkGo(facts: GoFacts): Finding[] {
  if (facts.command === undefined) return [noGo(facts)];
  return [...places(facts), ...settings(facts), ...hidden(facts)];
}

function noGo({ installed, path }: GoFacts): Finding {
  const [newest] = installed;
  return {
    id: 'go.missing',
    level: 'finding',
    what: 'there is no go command on PATH',
    evidence: [`PATH has ${path.length} folders, and go is in none of them`],
    fix:
      newest === undefined
        ? `rondo toolchain install ${RECOMMENDED} && eval "$(rondo env)"`
        : `eval "$(rondo env)"   (Go ${newest} is installed)`,
  };
}

function places(facts: GoFacts): Finding[] {
  const { goroot, gopath, hasGopathBin, path, values, join, command } = facts;
  const findings: Finding[] = [];
  const named = values.get('GOROOT');
  if (named?.from === 'environment' && goroot === undefined) {
    findings.push({
      id: 'go.goroot',
      level: 'finding',
      what: 'GOROOT names no Go',
      evidence: [`GOROOT=${named.value} in the environment`, `go is ${command ?? ''}`],
      fix: 'unset GOROOT',
    });
  }
  const bin = gopath === undefined ? undefined : join(gopath, 'bin');
  if (bin !== undefined && hasGopathBin && !path.includes(bin)) {
    findings.push({
      id: 'go.gopath-bin',
      level: 'finding',
      what: 'what go install has installed is not on PATH',
      evidence: [`${bin} has programs, and PATH has not ${bin}`],
      fix: `export PATH="$PATH:${bin}"   (in every shell: rondo env --write)`,
    });
  }
  return findings;
}

function settings({ values }: GoFacts): Finding[] {
  const value = (name: string): string => values.get(name)?.value ?? '';
  const findings: Finding[] = [];
  const add = (name: string, what: string, finding: Partial<Finding> = {}): void => {
    findings.push({
      id: `go.${name.toLowerCase()}`,
      level: 'finding',
      what,
      evidence: [setLine(name, values)],
      ...unsetting(name, values),
      ...finding,
    });
  };
  if (value('GO111MODULE') === 'off')
    add('GO111MODULE', 'GO111MODULE=off: go uses neither go.mod nor any proxy');
  if (value('GOSUMDB') === 'off')
    add('GOSUMDB', 'GOSUMDB=off: nothing proves that a module is the one that everybody else has');
  for (const name of ['GOPRIVATE', 'GONOSUMDB', 'GONOPROXY'])
    if (/(^|,)\*(,|$)/.test(value(name))) add(name, `${name}=* makes every module private`);
  if (/(^|\s)-insecure/.test(value('GOFLAGS')))
    add('GOFLAGS', 'GOFLAGS has -insecure, which go does not know any more');
  findings.push(...chain(values));
  return findings;
}

/** A comma is no failover: go goes on after 404 and 410 alone. */
function chain(values: GoFacts['values']): Finding[] {
  const text = values.get('GOPROXY')?.value ?? '';
  let list;
  try {
    list = parseGoproxyList(text);
  } catch {
    return [
      {
        id: 'go.goproxy-malformed',
        level: 'finding',
        what: 'GOPROXY is no list of proxies',
        evidence: [setLine('GOPROXY', values)],
        ...unsetting('GOPROXY', values),
      },
    ];
  }
  if (list.entries.length === 0) {
    const off = list.end === 'off';
    return [
      {
        id: off ? 'go.goproxy-off' : 'go.goproxy-direct',
        level: off ? 'finding' : 'note',
        what: off
          ? 'GOPROXY=off: go downloads nothing'
          : 'GOPROXY=direct: every module comes from its own repository',
        evidence: [setLine('GOPROXY', values)],
        fix: 'rondo init --set-go-env',
      },
    ];
  }
  const commas = list.entries.slice(0, -1).filter(({ separator }) => separator === ',').length;
  if (commas === 0) return [];
  return [
    {
      id: 'go.goproxy-commas',
      level: 'finding',
      what: 'the mirrors of GOPROXY stand in for each other after 404 alone: one that answers 503, or hangs, breaks the build',
      evidence: [setLine('GOPROXY', values)],
      fix: 'rondo exec -- go build ./...   (or for good: rondo init --set-go-env, and rondo serve)',
    },
  ];
}

/** What `go env -w` wrote and the environment hides: whoever wrote it wonders why nothing changes. */
function hidden({ values, written }: GoFacts): Finding[] {
  return [...written].flatMap(([name, value]) => {
    const used = values.get(name);
    if (used?.from !== 'environment' || used.value === value) return [];
    return [
      {
        id: 'go.hidden',
        level: 'finding' as const,
        what: `${name} in the environment hides what go env -w has written`,
        evidence: [`${name}=${used.value} in the environment`, `${name}=${value} by go env -w`],
        fix: `unset ${name}, or: go env -u ${name}`,
      },
    ];
  });
}

function setLine(name: string, values: GoFacts['values']): string {
  const { value = '', from = 'default' } = values.get(name) ?? {};
  return `${name}=${value} ${from === 'environment' ? 'in the environment' : `by ${from}`}`;
}

/** How a setting is taken back, where it was made. */
function unsetting(name: string, values: GoFacts['values']): Pick<Finding, 'fix' | 'safe'> {
  const from = values.get(name)?.from;
  if (from === 'environment') return { fix: `unset ${name}` };
  if (from !== 'go env -w') return {};
  return { fix: `go env -u ${name}`, safe: { unset: name } };
}
