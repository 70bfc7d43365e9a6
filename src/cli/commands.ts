import { CACHE_COMMANDS } from './cache-commands.ts';
import {
  ADDRESS,
  CONFIGURED,
  duration,
  EXIT_CODES,
  jobs,
  JSON_OUTPUT,
  MANNERS,
  OFFLINE,
  oneOf,
  TLS,
} from './command-options.ts';
import type { CommandSpec } from './command-spec.ts';
import { EXIT } from './exit-code.ts';
import { MIRRORS_COMMAND } from './mirrors-commands.ts';
import { SHELLS } from './shell-lines.ts';
import { VERSION } from './version.ts';

const CONFIG_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'show',
    about: 'print every value that is in force',
    examples: ['rondo config show --origin'],
    options: [
      { syntax: '--origin', about: 'and where each of them came from' },
      JSON_OUTPUT,
      ...ADDRESS,
      ...TLS,
      ...CONFIGURED,
      ...MANNERS,
    ],
    run: async (_words, flags, context) => (await import('./config-show.ts')).showConfig(flags, context),
  },
  {
    name: 'check',
    about: 'find all mistakes of a configuration file',
    examples: ['rondo config check .goproxy'],
    argument: { syntax: '<file>', about: 'the file, wherever it lies' },
    options: [JSON_OUTPUT, ...MANNERS],
    run: async (words, flags, context) =>
      (await import('./config-check.ts')).checkConfig(words, flags, context),
  },
  {
    name: 'trust',
    about: "let a project's .goproxy set every key, until it changes",
    examples: ['rondo config trust'],
    argument: { syntax: '[file]', about: 'the file (default: the nearest .goproxy, from here upwards)' },
    options: MANNERS,
    run: async (words, _flags, context) => (await import('./config-trust.ts')).trustConfig(words, context),
  },
  {
    name: 'docs',
    about: 'print the reference of all keys, as Markdown',
    examples: ['rondo config docs'],
    run: async (_words, _flags, context) => (await import('./config-docs.ts')).printConfigDocs(context),
  },
];

/** The shells that `rondo completion` has scripts for. */
export const COMPLETION_SHELLS: readonly string[] = ['bash', 'zsh', 'fish', 'powershell'];

const TOOLCHAINS_DIR = {
  syntax: '--dir <folder>',
  about: 'where toolchains lie (default: your own folder for them)',
};

const TOOLCHAIN_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'install',
    about: 'fetch a Go, verify it by the checksum database, and unpack it',
    examples: [
      'rondo toolchain install 1.26.8',
      'rondo toolchain install 1.26.8 --os darwin --arch arm64 --dir ./go',
    ],
    exitCodes: EXIT_CODES,
    argument: { syntax: '<version>', about: 'as Go names it: 1.26.8, 1.27rc1' },
    options: [
      { syntax: '--os <name>', about: "an operating system by Go's name (default: this one)" },
      { syntax: '--arch <name>', about: "an architecture by Go's name (default: this one)" },
      TOOLCHAINS_DIR,
      OFFLINE,
      JSON_OUTPUT,
      ...CONFIGURED,
      ...MANNERS,
    ],
    run: async (words, flags, context) =>
      (await import('./toolchain-install.ts')).toolchainInstall(words, flags, context),
  },
  {
    name: 'ls',
    about: 'list the toolchains that are installed',
    examples: ['rondo toolchain ls'],
    options: [TOOLCHAINS_DIR, JSON_OUTPUT, ...MANNERS],
    run: async (_words, flags, context) => (await import('./toolchain-ls.ts')).toolchainLs(flags, context),
  },
];

/**
 * All commands of Rondo: the help, the parser and the completion are made of this table. Each command's code
 * is loaded when it is run, so that help and usage errors come at once.
 */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'serve',
    about: 'run the proxy until Ctrl-C',
    examples: ['rondo serve --port 7070'],
    options: [...ADDRESS, ...TLS, ...CONFIGURED, OFFLINE, ...MANNERS],
    run: async (_words, flags, context) => (await import('./serve.ts')).serve(flags, context),
  },
  {
    name: 'exec',
    about: 'run a command behind a private proxy',
    examples: ['rondo exec -- go build ./...', 'rondo exec --prefetch -- go test ./...'],
    argument: { syntax: '<command...>', about: 'the command and its arguments, after --' },
    passThrough: true,
    options: [
      { syntax: '--prefetch', about: 'read go.sum and fetch ahead what it names, while the command starts' },
      ...CONFIGURED,
      OFFLINE,
      ...MANNERS,
    ],
    run: async (words, flags, context) => (await import('./exec.ts')).exec(words, flags, context),
  },
  {
    name: 'sync',
    about: 'bring every module of a project into the copy, a folder or a bundle',
    examples: ['rondo sync', 'rondo sync --dry-run', 'rondo sync ./api ./web --target bundle.tar.zst'],
    exitCodes: EXIT_CODES,
    argument: {
      syntax: '[project...]',
      about: 'folders with a go.mod or go.work, or those files (default: the nearest, from here upwards)',
    },
    options: [
      { syntax: '--target <target>', about: 'also write a folder for file://, or a bundle FILE.tar.zst' },
      { syntax: '--dry-run', about: 'say what the copy lacks, and fetch nothing' },
      { syntax: '--vendor', about: 'write the vendor folder from it, and have go prove that it is whole' },
      { syntax: '--toolchain <version>', about: 'and this version of Go itself, for this machine' },
      { syntax: '--every <duration>', about: 'again and again, until Ctrl-C', parse: duration },
      { syntax: '--jobs <number>', about: 'how many files at once (default: 16)', parse: jobs },
      JSON_OUTPUT,
      ...CONFIGURED,
      ...MANNERS,
    ],
    run: async (words, flags, context) => (await import('./sync.ts')).sync(words, flags, context),
  },
  {
    name: 'doctor',
    about: 'find out what is wrong: Go, its settings, this project, every mirror',
    examples: ['rondo doctor', 'rondo doctor goproxy.cn', 'rondo doctor --fix'],
    exitCodes: ['0  all is well', '1  there are findings', '2  a mistake in the command line', '130  Ctrl-C'],
    argument: { syntax: '[mirror]', about: 'one mirror by its name, phase by phase (default: everything)' },
    options: [
      { syntax: '--fix', about: 'mend what can be mended without harm; asks first' },
      { syntax: '--yes', about: 'with --fix: do not ask' },
      JSON_OUTPUT,
      ...CONFIGURED,
      ...MANNERS,
    ],
    run: async (words, flags, context) => (await import('./doctor.ts')).doctor(words, flags, context),
  },
  {
    name: 'why',
    about: 'compare what mirrors, its repository, the checksum database and go.sum have of one version',
    examples: ['rondo why github.com/spf13/cobra@v1.8.0'],
    exitCodes: EXIT_CODES,
    argument: { syntax: '<module@version>', about: 'a version in full' },
    options: [
      { syntax: '--no-direct', about: 'do not ask its own repository' },
      JSON_OUTPUT,
      ...CONFIGURED,
      ...MANNERS,
    ],
    run: async (words, flags, context) => (await import('./why.ts')).why(words, flags, context),
  },
  {
    name: 'toolchain',
    about: 'install Go itself, from the same mirrors',
    examples: ['rondo toolchain install 1.26.8'],
    commands: TOOLCHAIN_COMMANDS,
  },
  {
    name: 'env',
    about: 'print the lines with which a shell finds Go',
    examples: ['eval "$(rondo env)"', 'rondo env --write', 'rondo env --shell fish | source'],
    options: [
      {
        syntax: '--shell <name>',
        about: `${SHELLS.join(', ')} (default: that of SHELL)`,
        parse: oneOf(SHELLS),
        values: SHELLS,
      },
      { syntax: '--write', about: "write them into the shell's start file, between markers" },
      { syntax: '--undo', about: 'take them out of it again' },
      TOOLCHAINS_DIR,
      ...MANNERS,
    ],
    run: async (_words, flags, context) => (await import('./env.ts')).env(flags, context),
  },
  {
    name: 'config',
    about: 'show and check the configuration',
    examples: ['rondo config show --origin'],
    commands: CONFIG_COMMANDS,
  },
  {
    name: 'cache',
    about: 'work on the copy: prove it, list it, clear it, fill it and pass it on',
    examples: ['rondo cache verify --repair'],
    commands: CACHE_COMMANDS,
  },
  {
    name: 'verify',
    about: 'compare go.sum with the copy, without a network',
    examples: ['rondo verify', 'rondo verify go.sum go.work.sum'],
    exitCodes: EXIT_CODES,
    argument: {
      syntax: '[go.sum...]',
      about: 'the files, or folders of projects (default: the nearest go.sum, from here upwards)',
    },
    options: [JSON_OUTPUT, ...CONFIGURED, ...MANNERS],
    run: async (words, flags, context) => (await import('./verify.ts')).verify(words, flags, context),
  },
  {
    name: 'init',
    about: 'measure mirrors and write a .goproxy',
    examples: ['rondo init', 'rondo init --yes && rondo serve'],
    options: [
      { syntax: '--config <file>', about: 'write this file (default: .goproxy in this folder)' },
      { syntax: '--force', about: 'replace a file that is there; the old one is kept beside it' },
      { syntax: '--yes', about: 'ask nothing, and do only what flags say' },
      { syntax: '--add-public', about: 'add the public mirrors that work to a chain that you have chosen' },
      { syntax: '--chain-only', about: 'ask the mirrors of the chain in force and no others' },
      { syntax: '--set-go-env', about: 'run go env -w, so that go uses Rondo' },
      JSON_OUTPUT,
      ...MANNERS,
    ],
    run: async (_words, flags, context) => (await import('./init.ts')).init(flags, context),
  },
  MIRRORS_COMMAND,
  {
    name: 'completion',
    about: 'print a script that completes commands at Tab',
    examples: [
      'source <(rondo completion bash)',
      'rondo completion zsh > "${fpath[1]}/_rondo"',
      'rondo completion fish > ~/.config/fish/completions/rondo.fish',
      'rondo completion powershell | Out-String | Invoke-Expression',
    ],
    argument: { syntax: '<shell>', about: 'bash, zsh, fish or powershell', values: COMPLETION_SHELLS },
    run: async (words) => (await import('./completion.ts')).completion(words),
  },
  {
    name: 'version',
    about: 'print the version',
    examples: ['rondo version'],
    options: [JSON_OUTPUT],
    run: (_words, { json }, context) => {
      context.data(
        json === true ? `${JSON.stringify({ name: 'rondo', version: VERSION })}\n` : `rondo ${VERSION}\n`,
      );
      return Promise.resolve(EXIT.ok);
    },
  },
];
