import { CONFIGURED, EXIT_CODES, JSON_OUTPUT, MANNERS, OFFLINE, oneOf } from './command-options.ts';
import type { CommandSpec } from './command-spec.ts';
import { GO_ARCHITECTURES, GO_SYSTEMS } from '../gomod/go-platforms.ts';
import { EXAMPLE_VERSION } from '../gomod/toolchain.ts';
import { LIKE_SH, SHELLS } from './shell-lines.ts';
import { listed, say } from '../words/text.ts';

const TOOLCHAINS_DIR = {
  syntax: '--dir <folder>',
  about: say('where toolchains lie (default: your own folder for them)'),
};

/** What others call what Go calls something else. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['macos', 'darwin'],
  ['osx', 'darwin'],
  ['win32', 'windows'],
  ['x64', 'amd64'],
  ['x86_64', 'amd64'],
  ['x86', '386'],
  ['i386', '386'],
  ['i686', '386'],
  ['aarch64', 'arm64'],
  ['mipsel', 'mipsle'],
]);

const TOOLCHAIN_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'install',
    about: say('fetch a Go, verify it by the checksum database, and unpack it'),
    examples: [
      `rondo toolchain install ${EXAMPLE_VERSION}`,
      `rondo toolchain install ${EXAMPLE_VERSION} --os darwin --arch arm64 --dir ./go`,
    ],
    exitCodes: EXIT_CODES,
    argument: {
      syntax: '<version>',
      about: say('as Go names it: {version}, 1.27rc1', { version: EXAMPLE_VERSION }),
    },
    options: [
      {
        syntax: '--os <name>',
        about: say("an operating system by Go's name (default: this one)"),
        parse: oneOf(GO_SYSTEMS, OTHER_NAMES),
        values: GO_SYSTEMS,
      },
      {
        syntax: '--arch <name>',
        about: say("an architecture by Go's name (default: this one)"),
        parse: oneOf(GO_ARCHITECTURES, OTHER_NAMES),
        values: GO_ARCHITECTURES,
      },
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
    about: say('list the toolchains that are installed'),
    examples: ['rondo toolchain ls'],
    options: [TOOLCHAINS_DIR, JSON_OUTPUT, ...MANNERS],
    run: async (_words, flags, context) => (await import('./toolchain-ls.ts')).toolchainLs(flags, context),
  },
];

/** `rondo toolchain`: Go itself. */
export const TOOLCHAIN_COMMAND: CommandSpec = {
  name: 'toolchain',
  about: say('install Go itself, from the same mirrors'),
  examples: [`rondo toolchain install ${EXAMPLE_VERSION}`],
  commands: TOOLCHAIN_COMMANDS,
};

/** `rondo env`: the lines with which a shell finds it. */
export const ENV_COMMAND: CommandSpec = {
  name: 'env',
  about: say('print the lines with which a shell finds Go'),
  examples: ['eval "$(rondo env)"', 'rondo env --write', 'rondo env --shell fish | source'],
  options: [
    {
      syntax: '--shell <name>',
      about: say('{shells} (default: that of SHELL)', { shells: listed(SHELLS) }),
      parse: oneOf(SHELLS, new Map(LIKE_SH.map((name) => [name, 'sh']))),
      values: SHELLS,
    },
    { syntax: '--write', about: say("write them into the shell's start file, between markers") },
    {
      syntax: '--yes',
      about: say('with --write or --undo: do not ask; --undo needs it where nobody can be asked'),
    },
    { syntax: '--undo', about: say('take them out of it again') },
    TOOLCHAINS_DIR,
    ...MANNERS,
  ],
  run: async (_words, flags, context) => (await import('./env.ts')).env(flags, context),
};
