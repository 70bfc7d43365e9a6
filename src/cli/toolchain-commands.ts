import { CONFIGURED, EXIT_CODES, JSON_OUTPUT, MANNERS, OFFLINE, oneOf } from './command-options.ts';
import type { CommandSpec } from './command-spec.ts';
import { SHELLS } from './shell-lines.ts';
import { listed, say } from '../words/text.ts';

const TOOLCHAINS_DIR = {
  syntax: '--dir <folder>',
  about: say('where toolchains lie (default: your own folder for them)'),
};

const TOOLCHAIN_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'install',
    about: say('fetch a Go, verify it by the checksum database, and unpack it'),
    examples: [
      'rondo toolchain install 1.26.8',
      'rondo toolchain install 1.26.8 --os darwin --arch arm64 --dir ./go',
    ],
    exitCodes: EXIT_CODES,
    argument: { syntax: '<version>', about: say('as Go names it: 1.26.8, 1.27rc1') },
    options: [
      { syntax: '--os <name>', about: say("an operating system by Go's name (default: this one)") },
      { syntax: '--arch <name>', about: say("an architecture by Go's name (default: this one)") },
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
  examples: ['rondo toolchain install 1.26.8'],
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
      parse: oneOf(SHELLS),
      values: SHELLS,
    },
    { syntax: '--write', about: say("write them into the shell's start file, between markers") },
    { syntax: '--yes', about: say('with --write: do not ask') },
    { syntax: '--undo', about: say('take them out of it again') },
    TOOLCHAINS_DIR,
    ...MANNERS,
  ],
  run: async (_words, flags, context) => (await import('./env.ts')).env(flags, context),
};
