import { defaultOf } from '../config/key.ts';
import { KEYS } from '../config/keys.ts';
import { SECTIONS } from '../config/section-keys.ts';
import { hostText } from '../config/values.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { parseDuration } from '../kit/duration.ts';
import { parseSize } from '../kit/size.ts';
import { LANGUAGES } from '../words/language.ts';
import { listed, say, type Text } from '../words/text.ts';
import type { CommandOption, ExitCodes } from './command-spec.ts';
import { meantBy } from './meant-by.ts';

const CONFIG: CommandOption = { syntax: '--config <file>', about: say('read this .goproxy and no other') };
/** Of everything that reads. */
export const JSON_OUTPUT: CommandOption = { syntax: '--json', about: say('print JSON') };
/** Of people who know the country's code, or the name of the language. */
const CHINESE: ReadonlyMap<string, string> = new Map(
  ['cn', 'chinese', '中文', '简体中文'].map((word) => [word, 'zh']),
);

/** How errors are shown. */
export const MANNERS: readonly CommandOption[] = [
  { syntax: '--verbose', about: say('show stack traces of errors') },
  { syntax: '--no-color', about: say('no colour') },
  {
    syntax: '--lang <language>',
    about: say('speak this language: en or zh (default: that of LANG)'),
    parse: oneOf(LANGUAGES, CHINESE),
    values: LANGUAGES,
  },
];

/** How a command over the copy ends. */
export const EXIT_CODES: ExitCodes = {
  codes: [
    [0, say('all is well, or was mended')],
    [1, say('something is missing, cannot be proven, or matches nothing')],
    [2, say('a mistake in the command line or the configuration, or the disk')],
    [3, say('no mirror had it')],
    [4, say('something is not what it ought to be')],
    [130, say('Ctrl-C')],
  ],
  note: say('An error is on stderr; with --json, too, stdout is empty then.'),
};

/** What every command takes that loads the configuration. */
export const CONFIGURED: readonly CommandOption[] = [
  CONFIG,
  keyOption('cache.dir', say('folder of the copy; trusted as it is, so import one that was sent')),
  {
    syntax: '--set <key=value>',
    about: say('set a key of the configuration, but for the mirrors; may be repeated'),
    parse: each,
    repeats: true,
  },
];
const DEFAULT = defaultOf(SECTIONS.server.listen);
/** Where a server listens. */
export const ADDRESS: readonly CommandOption[] = [
  {
    syntax: '--port <number>',
    about: say('port to listen at (default: {port}; 0: any free one)', DEFAULT),
    parse: port,
  },
  { syntax: '--host <host>', about: say('address to listen at (default: {host})', DEFAULT), parse: host },
];
/** Where a running server is asked. */
export const ADDRESS_OF_SERVER: readonly CommandOption[] = [
  {
    syntax: '--port <number>',
    about: say('port of the running server (default: {port})', DEFAULT),
    parse: port,
  },
  {
    syntax: '--host <host>',
    about: say('address of the running server (default: {host})', DEFAULT),
    parse: host,
  },
];
/** How a server speaks TLS. */
export const TLS: readonly CommandOption[] = [
  keyOption('server.tls', say('serve HTTPS')),
  keyOption('server.tls_cert', say('its certificate and chain, PEM; read again on change')),
  keyOption('server.tls_key', say('the private key of the certificate, PEM')),
];
/** No mirror is asked. */
export const OFFLINE: CommandOption = { syntax: '--offline', about: say('answer from the copy alone') };

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
  const { schema } = SECTIONS.cache[bound].value;
  return (text) => {
    if (parseSize(text) === 0) return 0;
    const parsed = schema.safeParse(text);
    if (parsed.success && /[a-z]/i.test(text)) return parsed.data;
    throw unfit(
      bound === 'maxBytes'
        ? say('It is 0, or a size from 1MiB to 1024TiB with its unit, like 10GiB')
        : say('It is 0, or a size from 0B to 1024TiB with its unit, like 10GiB'),
    );
  };
}

/** Of an option that is a duration, milliseconds. */
export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms <= MAX_DURATION_MS) return ms;
  throw unfit(say('It is a duration of at most 7d, for example 1h'));
}

const MAX_SINCE_MS = 90 * 24 * 3_600_000;

/** Of `report`, milliseconds: as long as the history is kept. */
export function since(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0 && ms <= MAX_SINCE_MS) return ms;
  throw unfit(say('It is a duration of at most 90d, for example 7d'));
}

/** Of an option that is one of a few words; `slips` are those that do not look like the one that they mean. */
export function oneOf(
  words: readonly string[],
  slips: ReadonlyMap<string, string> = new Map(),
): (text: string) => string {
  return (text) => {
    if (words.includes(text)) return text;
    const meant = slips.get(text.toLowerCase()) ?? meantBy(text, words);
    throw unfit(
      say('It is one of {list}', { list: listed(words) }),
      meant === undefined ? undefined : say('did you mean {meant}?', { meant }),
    );
  };
}

const MAX_JOBS = 256;

/** Of an option that says how many at once. */
export function jobs(text: string): number {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= MAX_JOBS) return number;
  throw unfit(say('It is a number from {min} to {max}', { min: 1, max: MAX_JOBS }));
}

/** What a value ought to be; usage-error.ts puts the option and the value before it. */
function unfit(form: Text, hint?: Text): RondoError {
  return new RondoError('E_USAGE', form, hint === undefined ? {} : { hint });
}

/** The option of a key that has a flag of its own (keys.ts); `about` says what the key's own line does. */
function keyOption(path: string, about: Text): CommandOption {
  const key = KEYS.get(path);
  if (key?.flag === undefined) throw new TypeError(`${path} has no flag`);
  return { syntax: key.flag, about };
}

function port(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= 65_535) return number;
  throw unfit(say('It is a number from {min} to {max}', { min: 0, max: 65_535 }));
}

function host(text: string): string {
  const parsed = hostText.schema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw unfit(say('It is an address or a name, without a port'));
}
