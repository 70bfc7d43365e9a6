import { environmentName, keyPath, type Key } from './key.ts';
import { MIRROR, TARGET, TOP_LEVEL } from './keys.ts';
import { SECTIONS, type SectionName } from './section-keys.ts';

const HEAD = `# Configuration

Every number of Rondo is a key. A key is set by, in this order, a flag, a variable of the environment, a \`.goproxy\`
file, or its default. \`rondo config show --origin\` prints what is in force and where each value came from;
\`rondo config check FILE\` finds the mistakes of a file; \`rondo init\` writes a first one. This page is written by
\`rondo config docs\`.

## The chain of mirrors

The mirrors are a list as in GOPROXY. The first of these that is set wins whole:

1. \`GOPROXY_OVERRIDE\` in the environment, for one shell
2. \`GOPROXY\` in the environment
3. \`proxy\` and the mirrors with a URL of the file that \`--config\` names; without it of the nearest \`.goproxy\`, from
   the working folder upwards to your home; without that of your own
4. what \`go env -w GOPROXY=…\` wrote, or a \`$GOROOT/go.env\` that is not Go's own
5. the built-in list of public mirrors, followed by Go's own default

An entry that is Rondo itself is skipped. Where go's setting names only Rondo, because its line was pasted there, the
chain that \`rondo serve\` ran with before is used; if none was kept, \`rondo init\` asks for one. \`GOPRIVATE\`,
\`GONOPROXY\`, \`GONOSUMDB\`, \`GOSUMDB\` and \`GOINSECURE\` are read as go reads them, and hold whatever gives the chain.

## Files

Your own file is \`rondo/.goproxy\` in your configuration folder: \`$XDG_CONFIG_HOME\` or \`~/.config\`, on macOS
\`~/Library/Application Support\`, on Windows \`%AppData%\`. A project's file is laid over it, key by key. The syntax is INI: \`key = value\`, a \`;\` or \`#\` begins a comment, \`~\` is your home, and a
relative path starts at the file. Durations are written \`500ms\`, \`5s\`, \`1m30s\`, \`24h\` or \`7d\`, sizes \`512KiB\`,
\`64MiB\` or \`20GiB\`. A key that does not exist is an error.

Every key with a fixed name can be set for one command, too: \`--set cache.hold=10s\`; some have a flag of their own. But
\`server.listen\` is set by \`--host\` and \`--port\`, and \`proxy\` by the variables above. An empty variable counts as none.

## Trust

A project's \`.goproxy\` comes with a checkout. Until you have read it and run \`rondo config trust\`, it may only set the
keys that are marked below with *yes* under *untrusted*: mirrors (https, not on this machine), weights, time limits and
retries. The other keys are ignored with a warning that names them, and neither private paths nor credentials from your
netrc go to its mirrors. Of what these give, only what the checksum database proves is written into the copy. When the
file changes, it is not trusted any more. A file that belongs to another user is ignored.

## While it runs

A running \`rondo serve\` reads its configuration again when a file of it changes or appears (yours, the project's, the
one that \`--config\` names, the list of trusted files, go's own environment file, netrc, the files of credentials), on
SIGHUP, and on \`curl --json '{}' http://127.0.0.1:7070/-/api/reload\`. All that has changed counts
from the next request on; a request that is under way keeps what it began with, and mirrors keep their health as long as
their URL stays. A key that is marked below with *yes* under *restart* keeps its value until Rondo is started again, and
so does \`GOSUMDB\`; Rondo says so if you change one. The environment is that of the start. Where anything is wrong nothing
changes: the log says which line it is, and \`rondo_config_last_reload_success\` is 0.

## Credentials

The credentials of a mirror come from, in this order:

1. its section: \`login_env\` or \`token_env\` name a variable, \`login_file\` or \`token_file\` a file
2. its URL: \`https://user:password@goproxy.example.com\`
3. netrc, as for go itself: the file that \`NETRC\` names, else \`~/.netrc\` (\`%USERPROFILE%\\_netrc\` on Windows); for
   https only, and unless \`GOAUTH\` names other methods alone

A login is one line \`user:password\`, sent as Basic authorization, a token is sent as Bearer. They go to the mirror's own
origin and to no host that it redirects to, and are neither printed nor logged. Other methods of \`GOAUTH\` are not run.
`;

const ABOUT: Readonly<Record<'' | SectionName, string>> = {
  '': 'Keys before the first section.',
  server: 'Where Rondo listens.',
  cache: 'The copy of what was fetched.',
  selection: 'Which mirror is asked.',
  timeouts: 'How long one attempt may take.',
  retry: 'What follows an attempt that failed.',
  hedge: 'When a second mirror is asked beside one that is slow to answer.',
  race: 'When a body is slow, and another mirror is asked for it beside the first: once a file.',
  breaker: 'When a mirror is left alone, and for how long.',
  probe: 'The health check of each mirror.',
  early:
    'The small files (.mod and .info) that go is sure to ask for next are asked of the mirrors before it does. Never zips.',
  connections: 'The connections to one mirror.',
  verify: 'The check against the checksum database.',
  limits: 'What clients may send and ask for.',
  alerts: 'Who is told of what is wrong, and when; nobody, unless there is a webhook or a command.',
  log: 'What is written to stderr.',
  telemetry:
    "Traces, which are off until `traces` names a collector; they have the paths of what is asked for, private ones too. OpenTelemetry's own variables (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_SERVICE_NAME`, `OTEL_TRACES_SAMPLER`, …) count where neither flag nor `RONDO_…` variable says otherwise. A request goes on with the trace of its client, but whether it is sent is Rondo's own choice unless `sampled_by_client` says otherwise, as a sampler `parentbased_…` does: everybody can write a header. Mirrors of your own network go on with it: by `propagate = own` those at loopback and private addresses, at names without a dot and at `localhost`, `*.local`, `*.internal` and `*.home.arpa`. Strangers would learn from it which requests belong together.",
};

const ABOUT_MIRRORS = `The section \`[mirror "goproxy.cn"]\` tunes the mirror that has its \`url\`; without one, the mirror
that \`proxy\` has under that name, which is host and path. With a URL that \`proxy\` does not have it adds a mirror to the
chain of its own file.
`;

const ABOUT_TARGETS = `\`rondo sync --target prod\` takes the place that the section \`[target "prod"]\` names: a folder for \`file://\`, a
bundle \`FILE.tar.zst\`, or the URL of another Rondo. \`--target\` takes a word without a slash for such a name, unless it
ends in \`.tar.zst\`; a folder beside you is written \`./prod\`. A name is 1 to 100 letters, digits and \`. _ -\`.
`;

/** The reference of all keys, in Markdown: docs/reference/configuration.md. Pure. */
export function configurationPage(): string {
  const about: Readonly<Record<string, string>> = ABOUT;
  const sections = Object.entries<Keys>(SECTIONS).map(
    ([name, keys]) => `## [${name}]\n\n${about[name] ?? ''}\n\n${table(name, keys)}`,
  );
  return [
    HEAD,
    `## Short form\n\n${ABOUT['']}\n\n${table('', TOP_LEVEL)}`,
    `## [mirror "name"]\n\n${ABOUT_MIRRORS}\n${table('mirror', MIRROR)}`,
    `## [target "name"]\n\n${ABOUT_TARGETS}\n${table('target', TARGET)}`,
    ...sections,
  ].join('\n');
}

type Keys = Readonly<Record<string, Key<unknown>>>;

function table(section: string, keys: Keys): string {
  const rows = Object.values(keys).map((key) => row(section, key));
  const head = ['key', 'what', 'value', 'default', 'variable', 'flag', 'untrusted', 'restart'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function row(section: string, key: Key<unknown>): string[] {
  const path = keyPath(section, key.name);
  return [
    code(key.name),
    escaped(key.about),
    escaped(key.value.form),
    key.default === undefined ? '' : key.default === '' ? 'empty' : code(key.default),
    variable(section, path),
    key.flag === undefined ? '' : code(key.flag),
    key.untrusted === true ? 'yes' : '',
    key.restart === true ? 'yes' : '',
  ];
}

function variable(section: string, path: string): string {
  if (path === 'proxy') return '`GOPROXY_OVERRIDE`, `GOPROXY`';
  return section === 'mirror' || section === 'target' ? '' : code(environmentName(path));
}

function code(text: string): string {
  return `\`${text}\``;
}

function escaped(text: string): string {
  return text.replace(/[|<>*_]/g, '\\$&');
}
