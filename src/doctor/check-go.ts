import { parseGoproxyList } from '../gomod/goproxy-list.ts';
import { many, say, type Text } from '../words/text.ts';
import { withoutLogins, type Finding } from './finding.ts';

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
  /** The GOROOT that the go command on PATH was built for, whatever GOROOT says; undefined where it is not known. */
  readonly ownGoroot: string | undefined;
  /** Whether `gofmt`, which lies beside go, is on PATH. */
  readonly hasGofmt: boolean;
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
  if (facts.version === undefined) return [...goroots(facts), mute(facts)];
  return [...places(facts), ...settings(facts), ...hidden(facts)];
}

function noGo({ installed, path }: GoFacts): Finding {
  const [newest] = installed;
  return {
    id: 'go.missing',
    level: 'finding',
    what: say('there is no go command on PATH'),
    evidence: [
      many(
        path.length,
        'PATH has {count} folder, and go is not in it',
        'PATH has {count} folders, and go is in none of them',
      ),
    ],
    fix:
      newest === undefined
        ? `rondo toolchain install ${RECOMMENDED} && eval "$(rondo env)"`
        : say('eval "$(rondo env)"   (Go {version} is installed)', { version: newest }),
  };
}

function mute({ command = '' }: GoFacts): Finding {
  return {
    id: 'go.fails',
    level: 'finding',
    what: say('the go command is there, and does not say what its settings are'),
    evidence: [say('go is {command}', { command })],
    fix: say('see what it says: go env'),
  };
}

function places(facts: GoFacts): Finding[] {
  const { gopath, hasGopathBin, path, join } = facts;
  const findings: Finding[] = [...goroots(facts)];
  const bin = gopath === undefined ? undefined : join(gopath, 'bin');
  if (bin !== undefined && hasGopathBin && !path.includes(bin)) {
    findings.push({
      id: 'go.gopath-bin',
      level: 'finding',
      what: say('what go install has installed is not on PATH'),
      evidence: [say('{bin} has programs, and PATH has not {bin}', { bin })],
      fix: say('export PATH="$PATH:{bin}"   (in every shell: rondo env --write)', { bin }),
    });
  }
  return findings;
}

/** Whether GOROOT and the go command belong together, and what lies beside go is found too. */
function goroots({ goroot, ownGoroot, values, command = '', hasGofmt, join }: GoFacts): Finding[] {
  const named = values.get('GOROOT');
  if (named?.from === 'environment' || named?.from === 'go env -w') {
    const evidence = [settingLine('GOROOT', named), say('go is {command}', { command })];
    const finding = { level: 'finding', evidence, ...unsetting('GOROOT', values) } as const;
    if (goroot === undefined) return [{ id: 'go.goroot', what: say('GOROOT names no Go'), ...finding }];
    if (ownGoroot !== undefined && ownGoroot !== goroot) {
      const what = say(
        'GOROOT names another Go than the one on PATH, whose compiler may not be the one that go expects',
      );
      return [{ id: 'go.goroot-other', what, ...finding }];
    }
  }
  if (hasGofmt || goroot === undefined) return [];
  const bin = join(goroot, 'bin');
  return [
    {
      id: 'go.goroot-bin',
      level: 'note',
      what: say('go is on PATH, and gofmt, which belongs to it, is not'),
      evidence: [say('go is {command}', { command })],
      fix: say('export PATH="$PATH:{bin}"   (in every shell: rondo env --write)', { bin }),
    },
  ];
}

function settings({ values }: GoFacts): Finding[] {
  const value = (name: string): string => values.get(name)?.value ?? '';
  const findings: Finding[] = [];
  const add = (name: string, what: Text): void => {
    findings.push({
      id: `go.${name.toLowerCase()}`,
      level: 'finding',
      what,
      evidence: [setLine(name, values)],
      ...unsetting(name, values),
    });
  };
  if (value('GO111MODULE') === 'off')
    add('GO111MODULE', say('GO111MODULE=off: go uses neither go.mod nor any proxy'));
  if (value('GOSUMDB') === 'off')
    add('GOSUMDB', say('GOSUMDB=off: nothing proves that a module is the one that everybody else has'));
  for (const name of ['GOPRIVATE', 'GONOSUMDB', 'GONOPROXY'])
    if (/(^|,)\*(,|$)/.test(value(name))) add(name, say('{name}=* makes every module private', { name }));
  if (/(^|\s)-insecure/.test(value('GOFLAGS')))
    add('GOFLAGS', say('GOFLAGS has -insecure, which go does not know any more'));
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
        what: say('GOPROXY is no list of proxies'),
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
          ? say('GOPROXY=off: go downloads nothing')
          : say('GOPROXY=direct: every module comes from its own repository'),
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
      what: say(
        'the mirrors of GOPROXY stand in for each other after 404 alone: one that answers 503, or hangs, breaks the build',
      ),
      evidence: [setLine('GOPROXY', values)],
      fix: say('rondo exec -- go build ./...   (or for good: rondo init --set-go-env, and rondo serve)'),
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
        what: say('{name} in the environment hides what go env -w has written', { name }),
        evidence: [settingLine(name, used), settingLine(name, { value, from: 'go env -w' })],
        fix: say('unset {name}, or: go env -u {name}', { name }),
      },
    ];
  });
}

function setLine(name: string, values: GoFacts['values']): Text {
  return settingLine(name, values.get(name) ?? { value: '', from: 'default' });
}

function settingLine(name: string, { value, from }: GoValue): Text {
  const setting = `${name}=${withoutLogins(value)}`;
  switch (from) {
    case 'environment':
      return say('{setting} in the environment', { setting });
    case 'go env -w':
      return say('{setting} by go env -w', { setting });
    case 'GOROOT/go.env':
      return say('{setting} by GOROOT/go.env', { setting });
    case 'default':
      return say('{setting} by default', { setting });
  }
}

/** How a setting is taken back, where it was made. */
function unsetting(name: string, values: GoFacts['values']): Pick<Finding, 'fix' | 'safe'> {
  const from = values.get(name)?.from;
  if (from === 'environment') return { fix: `unset ${name}` };
  if (from !== 'go env -w') return {};
  return { fix: `go env -u ${name}`, safe: { unset: name } };
}
