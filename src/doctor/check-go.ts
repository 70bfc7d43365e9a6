import { EXAMPLE_VERSION } from '../gomod/toolchain.ts';
import { many, say, type Text } from '../words/text.ts';
import { checkGoproxy, type Silent } from './check-goproxy.ts';
import type { Finding } from './finding.ts';
import { setLine, settingLine, unsetting, type GoValues } from './go-setting.ts';

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
  readonly values: GoValues;
  /** What `go env -w` has written, whether it counts or the environment hides it. */
  readonly written: ReadonlyMap<string, string>;
  readonly silent: Silent;
  /** Toolchains that Rondo has installed for this machine, the newest first: `1.26.8`. */
  readonly installed: readonly string[];
  /** How folders are put together here. */
  readonly join: (...parts: string[]) => string;
};

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
        ? `rondo toolchain install ${EXAMPLE_VERSION} && eval "$(rondo env)"`
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

function settings({ values, silent }: GoFacts): Finding[] {
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
  findings.push(...checkGoproxy(values, silent));
  return findings;
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
