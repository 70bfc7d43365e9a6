import { InvalidArgumentError } from 'commander';
import { defaultOf } from '../config/key.ts';
import { KEYS } from '../config/keys.ts';
import { SECTIONS } from '../config/section-keys.ts';
import { hostText } from '../config/values.ts';
import type { CliContext } from './context.ts';
import type { Flags } from './flags.ts';
import { EXIT } from './exit-code.ts';
import { VERSION } from './version.ts';

/** An option as commander takes it. */
export type CommandOption = {
  /** `--port <number>`. */
  readonly syntax: string;
  readonly about: string;
  /** Of one that may be given more than once, `earlier` is what came before. */
  readonly parse?: (text: string, earlier: unknown) => unknown;
};

/** Runs a command; resolves with the exit code. */
export type CommandRun = (words: readonly string[], flags: Flags, context: CliContext) => Promise<number>;

/** One command, or a group of them. */
export type CommandSpec = {
  readonly name: string;
  readonly about: string;
  /** Whole lines to type. */
  readonly examples: readonly string[];
  /** As commander writes it: `<command...>`. */
  readonly argument?: { readonly syntax: string; readonly about: string };
  readonly options?: readonly CommandOption[];
  /** What stands behind the first word belongs to that word. */
  readonly passThrough?: true;
} & ({ readonly run: CommandRun } | { readonly commands: readonly CommandSpec[] });

const CONFIG: CommandOption = { syntax: '--config <file>', about: 'read this .goproxy and no other' };
const JSON_OUTPUT: CommandOption = { syntax: '--json', about: 'print JSON' };
const MANNERS: readonly CommandOption[] = [
  { syntax: '--verbose', about: 'show stack traces of errors' },
  { syntax: '--no-color', about: 'no colour' },
];

/** What every command takes that loads the configuration. */
const CONFIGURED: readonly CommandOption[] = [
  CONFIG,
  keyOption('cache.dir'),
  {
    syntax: '--set <key=value>',
    about: 'set a key of the configuration, but for the mirrors; may be repeated',
    parse: (text, earlier) => [...(Array.isArray(earlier) ? (earlier as unknown[]) : []), text],
  },
];
const DEFAULT = defaultOf(SECTIONS.server.listen);
const ADDRESS: readonly CommandOption[] = [
  {
    syntax: '--port <number>',
    about: `port to listen at (default: ${DEFAULT.port}; 0: any free one)`,
    parse: port,
  },
  { syntax: '--host <host>', about: `address to listen at (default: ${DEFAULT.host})`, parse: host },
];
const ADDRESS_OF_SERVER: readonly CommandOption[] = [
  {
    syntax: '--port <number>',
    about: `port of the running server (default: ${DEFAULT.port})`,
    parse: port,
  },
  {
    syntax: '--host <host>',
    about: `address of the running server (default: ${DEFAULT.host})`,
    parse: host,
  },
];
const TLS: readonly CommandOption[] = [
  keyOption('server.tls'),
  keyOption('server.tls_cert'),
  keyOption('server.tls_key'),
];
const OFFLINE: CommandOption = { syntax: '--offline', about: 'answer from the copy alone' };

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
    examples: ['rondo exec -- go build ./...'],
    argument: { syntax: '<command...>', about: 'the command and its arguments, after --' },
    passThrough: true,
    options: [...CONFIGURED, OFFLINE, ...MANNERS],
    run: async (words, flags, context) => (await import('./exec.ts')).exec(words, flags, context),
  },
  {
    name: 'config',
    about: 'show and check the configuration',
    examples: ['rondo config show --origin'],
    commands: CONFIG_COMMANDS,
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
  {
    name: 'mirrors',
    about: 'show how the mirrors stand',
    examples: ['rondo mirrors --watch'],
    options: [
      ...ADDRESS_OF_SERVER,
      ...CONFIGURED,
      { syntax: '--watch', about: 'show it again every two seconds until Ctrl-C' },
      JSON_OUTPUT,
      ...MANNERS,
    ],
    run: async (_words, flags, context) => (await import('./mirrors.ts')).mirrors(flags, context),
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

/** The option of a key that has a flag of its own (keys.ts). */
function keyOption(path: string): CommandOption {
  const key = KEYS.get(path);
  if (key?.flag === undefined) throw new TypeError(`${path} has no flag`);
  return { syntax: key.flag, about: key.about };
}

function port(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= 65_535) return number;
  throw new InvalidArgumentError('It is a number from 0 to 65535.');
}

function host(text: string): string {
  const parsed = hostText.schema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`It is ${hostText.form}.`);
}
