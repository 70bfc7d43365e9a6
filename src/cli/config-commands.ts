import { ADDRESS, CONFIGURED, JSON_OUTPUT, MANNERS, TLS } from './command-options.ts';
import type { CommandSpec } from './command-spec.ts';
import { say } from '../words/text.ts';

/** The commands of `rondo config`. */
export const CONFIG_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'show',
    about: say('print every value that is in force'),
    examples: ['rondo config show --origin'],
    options: [
      { syntax: '--origin', about: say('and where each of them came from') },
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
    about: say('find all mistakes of a configuration file'),
    examples: ['rondo config check .goproxy'],
    argument: { syntax: '<file>', about: say('the file, wherever it lies') },
    options: [JSON_OUTPUT, ...MANNERS],
    run: async (words, flags, context) =>
      (await import('./config-check.ts')).checkConfig(words, flags, context),
  },
  {
    name: 'trust',
    about: say("let a project's .goproxy set every key, until it changes"),
    examples: ['rondo config trust'],
    argument: { syntax: '[file]', about: say('the file (default: the nearest .goproxy, from here upwards)') },
    options: MANNERS,
    run: async (words, _flags, context) => (await import('./config-trust.ts')).trustConfig(words, context),
  },
  {
    name: 'docs',
    about: say('print the reference of all keys, as Markdown'),
    examples: ['rondo config docs'],
    options: MANNERS,
    run: async (_words, _flags, context) => (await import('./config-docs.ts')).printConfigDocs(context),
  },
];
