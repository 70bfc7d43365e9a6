import { jsonLine } from './json-text.ts';
import { ALERTS_COMMAND } from './alerts-commands.ts';
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
  TLS,
} from './command-options.ts';
import type { CommandSpec } from './command-spec.ts';
import { EXIT } from './exit-code.ts';
import { CONFIG_COMMANDS } from './config-commands.ts';
import { MIRRORS_COMMAND, REPORT_COMMAND } from './mirrors-commands.ts';
import { ENV_COMMAND, TOOLCHAIN_COMMAND } from './toolchain-commands.ts';
import { VERSION } from './version.ts';
import { listed, say } from '../words/text.ts';

/** The shells that `rondo completion` has scripts for. */
export const COMPLETION_SHELLS: readonly string[] = ['bash', 'zsh', 'fish', 'powershell'];

/**
 * All commands of Rondo: the help, the parser and the completion are made of this table. Each command's code
 * is loaded when it is run, so that help and usage errors come at once.
 */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'serve',
    about: say('run the proxy until Ctrl-C'),
    examples: ['rondo serve --port 7070'],
    options: [...ADDRESS, ...TLS, ...CONFIGURED, OFFLINE, ...MANNERS],
    run: async (_words, flags, context) => (await import('./serve.ts')).serve(flags, context),
  },
  {
    name: 'exec',
    about: say('run a command behind a private proxy'),
    examples: ['rondo exec -- go build ./...', 'rondo exec --prefetch -- go test ./...'],
    argument: { syntax: '<command...>', about: say('the command and its arguments, after --') },
    passThrough: true,
    options: [
      {
        syntax: '--prefetch',
        about: say('read go.sum and fetch ahead what it names, while the command starts'),
      },
      ...CONFIGURED,
      OFFLINE,
      ...MANNERS,
    ],
    run: async (words, flags, context) => (await import('./exec.ts')).exec(words, flags, context),
  },
  {
    name: 'sync',
    about: say('bring every module of a project into the copy, a folder or a bundle'),
    examples: ['rondo sync', 'rondo sync --dry-run', 'rondo sync ./api ./web --target bundle.tar.zst'],
    exitCodes: EXIT_CODES,
    argument: {
      syntax: '[project...]',
      about: say(
        'folders with a go.mod or go.work, or those files (default: the nearest, from here upwards)',
      ),
    },
    options: [
      {
        syntax: '--target <target>',
        about: say(
          'also write a folder for file://, a bundle FILE.tar.zst, the Rondo at a URL, or the target of that name',
        ),
      },
      { syntax: '--dry-run', about: say('say what the copy lacks, and fetch nothing') },
      {
        syntax: '--vendor',
        about: say('write the vendor folder from it, and have go prove that it is whole'),
      },
      { syntax: '--toolchain <version>', about: say('and this version of Go itself, for this machine') },
      { syntax: '--every <duration>', about: say('again and again, until Ctrl-C'), parse: duration },
      { syntax: '--jobs <number>', about: say('how many files at once (default: 16)'), parse: jobs },
      JSON_OUTPUT,
      ...CONFIGURED,
      ...MANNERS,
    ],
    run: async (words, flags, context) => (await import('./sync.ts')).sync(words, flags, context),
  },
  {
    name: 'doctor',
    about: say('find out what is wrong: Go, its settings, this project, every mirror'),
    examples: ['rondo doctor', 'rondo doctor goproxy.cn', 'rondo doctor --fix'],
    exitCodes: {
      codes: [
        [0, say('all is well')],
        [1, say('there are findings')],
        [2, say('a mistake in the command line')],
        [4, say('something is not what it ought to be')],
        [130, say('Ctrl-C')],
      ],
    },
    argument: {
      syntax: '[mirror]',
      about: say('one mirror by its name, phase by phase (default: everything)'),
    },
    options: [
      { syntax: '--fix', about: say('mend what can be mended without harm; asks first') },
      { syntax: '--yes', about: say('with --fix: do not ask') },
      { syntax: '--no-direct', about: say('do not ask repositories themselves') },
      JSON_OUTPUT,
      ...CONFIGURED,
      ...MANNERS,
    ],
    run: async (words, flags, context) => (await import('./doctor.ts')).doctor(words, flags, context),
  },
  {
    name: 'why',
    about: say('compare what mirrors, its repository, the checksum database and go.sum have of one version'),
    examples: ['rondo why github.com/spf13/cobra@v1.8.0', 'rondo why github.com/spf13/cobra'],
    exitCodes: EXIT_CODES,
    argument: {
      syntax: '<module[@version]>',
      about: say('a version in full; without one: which versions everybody lists'),
    },
    options: [
      { syntax: '--no-direct', about: say('do not ask its own repository') },
      JSON_OUTPUT,
      ...CONFIGURED,
      ...MANNERS,
    ],
    run: async (words, flags, context) => (await import('./why.ts')).why(words, flags, context),
  },
  TOOLCHAIN_COMMAND,
  ENV_COMMAND,
  {
    name: 'config',
    about: say('show and check the configuration'),
    examples: ['rondo config show --origin'],
    commands: CONFIG_COMMANDS,
  },
  {
    name: 'cache',
    about: say('work on the copy: prove it, list it, clear it, fill it and pass it on'),
    examples: ['rondo cache verify --repair'],
    commands: CACHE_COMMANDS,
  },
  {
    name: 'verify',
    about: say('compare go.sum with the copy, without a network'),
    examples: ['rondo verify', 'rondo verify go.sum go.work.sum'],
    exitCodes: EXIT_CODES,
    argument: {
      syntax: '[go.sum...]',
      about: say('the files, or folders of projects (default: the nearest go.sum, from here upwards)'),
    },
    options: [JSON_OUTPUT, ...CONFIGURED, ...MANNERS],
    run: async (words, flags, context) => (await import('./verify.ts')).verify(words, flags, context),
  },
  {
    name: 'init',
    about: say('measure mirrors and write a .goproxy'),
    examples: ['rondo init', 'rondo init --yes && rondo serve'],
    options: [
      { syntax: '--config <file>', about: say('write this file (default: .goproxy in this folder)') },
      { syntax: '--force', about: say('replace a file that is there; the old one is kept beside it') },
      { syntax: '--yes', about: say('ask nothing, and do only what flags say') },
      {
        syntax: '--add-public',
        about: say('add the public mirrors that work to a chain that you have chosen'),
      },
      { syntax: '--chain-only', about: say('ask the mirrors of the chain in force and no others') },
      { syntax: '--set-go-env', about: say('run go env -w, so that go uses Rondo') },
      JSON_OUTPUT,
      ...MANNERS,
    ],
    run: async (_words, flags, context) => (await import('./init.ts')).init(flags, context),
  },
  MIRRORS_COMMAND,
  REPORT_COMMAND,
  ALERTS_COMMAND,
  {
    name: 'completion',
    about: say('print a script that completes commands at Tab'),
    examples: [
      'source <(rondo completion bash)',
      'rondo completion zsh > "${fpath[1]}/_rondo"',
      'rondo completion fish > ~/.config/fish/completions/rondo.fish',
      'rondo completion powershell | Out-String | Invoke-Expression',
    ],
    argument: {
      syntax: '<shell>',
      about: say('one of {list}', { list: listed(COMPLETION_SHELLS) }),
      values: COMPLETION_SHELLS,
    },
    options: MANNERS,
    run: async (words, _flags, context) => (await import('./completion.ts')).completion(words, context),
  },
  {
    name: 'version',
    about: say('print the version'),
    examples: ['rondo version'],
    options: [JSON_OUTPUT, ...MANNERS],
    run: (_words, { json }, context) => {
      context.data(
        json === true ? jsonLine({ version: 1, name: 'rondo', rondo: VERSION }) : `rondo ${VERSION}\n`,
      );
      return Promise.resolve(EXIT.ok);
    },
  },
];

/** `rondo` itself, as the root of all commands. */
export const RONDO: CommandSpec = {
  name: 'rondo',
  about: say('A Go module proxy that never lets a bad mirror break a build.'),
  examples: ['rondo exec -- go build ./...'],
  options: MANNERS,
  commands: COMMANDS,
};
