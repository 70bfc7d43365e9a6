import { InvalidArgumentError } from 'commander';
import { defaultOf } from '../config/key.ts';
import { KEYS } from '../config/keys.ts';
import { SECTIONS } from '../config/section-keys.ts';
import { hostText } from '../config/values.ts';
import { parseDuration } from '../kit/duration.ts';
import { parseSize } from '../kit/size.ts';
import { LANGUAGES } from '../words/language.ts';
import type { CommandOption } from './command-spec.ts';

const CONFIG: CommandOption = { syntax: '--config <file>', about: 'read this .goproxy and no other' };
/** Of everything that reads. */
export const JSON_OUTPUT: CommandOption = { syntax: '--json', about: 'print JSON' };
/** How errors are shown. */
export const MANNERS: readonly CommandOption[] = [
  { syntax: '--verbose', about: 'show stack traces of errors' },
  { syntax: '--no-color', about: 'no colour' },
  {
    syntax: '--lang <language>',
    about: 'speak this language: en or zh (default: that of LANG)',
    parse: oneOf(LANGUAGES),
    values: LANGUAGES,
  },
];

/** How a command over the copy ends. */
export const EXIT_CODES: readonly string[] = [
  '0  all is well, or was mended',
  '1  something is missing, cannot be proven, or matches nothing',
  '2  a mistake in the command line or the configuration, or the disk',
  '3  no mirror had it',
  '4  something is not what it ought to be',
  '130  Ctrl-C',
  'An error is on stderr; with --json, too, stdout is empty then.',
];

/** What every command takes that loads the configuration. */
export const CONFIGURED: readonly CommandOption[] = [
  CONFIG,
  keyOption('cache.dir'),
  {
    syntax: '--set <key=value>',
    about: 'set a key of the configuration, but for the mirrors; may be repeated',
    parse: each,
    repeats: true,
  },
];
const DEFAULT = defaultOf(SECTIONS.server.listen);
/** Where a server listens. */
export const ADDRESS: readonly CommandOption[] = [
  {
    syntax: '--port <number>',
    about: `port to listen at (default: ${DEFAULT.port}; 0: any free one)`,
    parse: port,
  },
  { syntax: '--host <host>', about: `address to listen at (default: ${DEFAULT.host})`, parse: host },
];
/** Where a running server is asked. */
export const ADDRESS_OF_SERVER: readonly CommandOption[] = [
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
/** How a server speaks TLS. */
export const TLS: readonly CommandOption[] = [
  keyOption('server.tls'),
  keyOption('server.tls_cert'),
  keyOption('server.tls_key'),
];
/** No mirror is asked. */
export const OFFLINE: CommandOption = { syntax: '--offline', about: 'answer from the copy alone' };

/** Of an option that may be repeated: all that was given. */
export function each(text: string, earlier: unknown): unknown {
  return [...(Array.isArray(earlier) ? (earlier as unknown[]) : []), text];
}

const MAX_DURATION_MS = 7 * 24 * 3_600_000;

/** What `cache gc` is given instead of a key that bounds the copy. */
type Bound = 'maxBytes' | 'minFreeBytes';

/**
 * Of an option that stands for such a key, within its limits; and 0. Only 0 needs no unit: `5` may well be meant for
 * 5 GiB, and 5 bytes empty the copy.
 */
export function sizeOf(bound: Bound): (text: string) => number {
  const { schema, form } = SECTIONS.cache[bound].value;
  return (text) => {
    if (parseSize(text) === 0) return 0;
    const parsed = schema.safeParse(text);
    if (parsed.success && /[a-z]/i.test(text)) return parsed.data;
    throw new InvalidArgumentError(`It is 0, or ${form} with its unit, like 10GiB.`);
  };
}

/** Of an option that is a duration, milliseconds. */
export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms <= MAX_DURATION_MS) return ms;
  throw new InvalidArgumentError('It is a duration of at most 7d, for example 1h.');
}

/** Of an option that is one of a few words. */
export function oneOf(words: readonly string[]): (text: string) => string {
  return (text) => {
    if (words.includes(text)) return text;
    throw new InvalidArgumentError(`It is one of ${words.join(', ')}.`);
  };
}

const MAX_JOBS = 256;

/** Of an option that says how many at once. */
export function jobs(text: string): number {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= MAX_JOBS) return number;
  throw new InvalidArgumentError(`It is a number from 1 to ${MAX_JOBS}.`);
}

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
