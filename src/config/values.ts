import * as z from 'zod';
import { formatDuration, parseDuration } from '../kit/duration.ts';
import { formatExactSize, parseSize } from '../kit/size.ts';
import { formatAddress, parseHost, type Address } from '../kit/address.ts';
import { isValidPath } from '../gomod/module-path.ts';
import { trimEndOf } from '../kit/trim-end.ts';

/** One kind of value: how its text is read, written and described. */
export type Value<T> = {
  /** Reads the text; a message completes the sentence `<key> = "<text>" …`. */
  readonly schema: z.ZodType<T, string>;
  /** What may be written, for the reference: `a duration between 10ms and 5m`. */
  readonly form: string;
  /** The text that is read back as this value. */
  format(value: T): string;
};

/** What is wrong with a text. */
class Problem {
  readonly words: string;
  constructor(words: string) {
    this.words = words;
  }
}

function value<T>(
  form: string,
  read: (text: string) => T | Problem,
  format: (value: T) => string = String,
): Value<T> {
  const schema = z.string().transform((text, context): T => {
    const result = read(text.trim());
    if (!(result instanceof Problem)) return result;
    context.addIssue({ code: 'custom', message: result.words });
    return z.NEVER;
  });
  return { schema, form, format };
}

/** A value of which all that can be wrong is that it has not its form. */
function simple<T>(
  form: string,
  read: (text: string) => T | undefined,
  format?: (value: T) => string,
): Value<T> {
  return value<T>(form, (given) => read(given) ?? new Problem(`must be ${form}`), format);
}

/** `true` or `false`. */
export const flag: Value<boolean> = simple<boolean>('true or false', (given) =>
  given === 'true' || given === 'false' ? given === 'true' : undefined,
);

/** Any text that is not empty; what reads it later gives it the form that is described here. */
export function textAs(form: string): Value<string> {
  return value<string>(form, (given) => (given === '' ? new Problem('must not be empty') : given));
}

/** A token that cannot be guessed: printable characters without spaces. */
export const secretToken: Value<string> = simple<string>('a token of 16 to 512 characters', (given) =>
  /^[!-~]{16,512}$/.test(given) ? given : undefined,
);

/** A duration in milliseconds, between `min` and `max` (texts). */
export function duration(min = '1ms', max = '30d'): Value<number> {
  const [minMs, maxMs] = [parseDuration(min) ?? 0, parseDuration(max) ?? 0];
  const limits = `between ${min} and ${max}`;
  const read = (given: string): number | Problem => {
    const ms = parseDuration(given);
    if (ms === undefined) return new Problem('is not a duration (write 500ms, 5s or 2m)');
    return ms < minMs || ms > maxMs ? new Problem(`must be ${limits}`) : ms;
  };
  return value<number>(`a duration ${limits}`, read, formatDuration);
}

/** A duration in milliseconds from 0 to an hour, or the word `whole`. */
export const durationOrWhole: Value<number | 'whole'> = value<number | 'whole'>(
  'a duration of at most 1h, or whole',
  (given) => {
    if (given === 'whole') return 'whole' as const;
    const ms = parseDuration(given);
    if (ms === undefined) return new Problem('is neither a duration (write 5s) nor whole');
    return ms <= 3_600_000 ? ms : new Problem('must be at most 1h, or whole');
  },
  (given) => (given === 'whole' ? given : formatDuration(given)),
);

/** A size in bytes, between `min` and `max` (texts). */
export function size(min: string, max: string): Value<number> {
  const [minBytes, maxBytes] = [parseSize(min) ?? 0, parseSize(max) ?? 0];
  const limits = `between ${min} and ${max}`;
  const read = (given: string): number | Problem => {
    const bytes = parseSize(given);
    if (bytes === undefined) return new Problem('is not a size (write 512KiB or 64MiB)');
    return bytes < minBytes || bytes > maxBytes ? new Problem(`must be ${limits}`) : bytes;
  };
  return value<number>(`a size ${limits}`, read, formatExactSize);
}

/** A whole number between `min` and `max`. */
export function integer(min: number, max: number): Value<number> {
  return simple<number>(`a whole number from ${min} to ${max}`, (given) => {
    const number = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
    return number >= min && number <= max ? number : undefined;
  });
}

/** A decimal number between `min` and `max`. */
export function decimal(min: number, max: number): Value<number> {
  const read = (given: string): number | undefined => {
    const number = /^\d{1,15}(?:\.\d{1,15})?$/.test(given) ? Number(given) : Number.NaN;
    return number >= min && number <= max ? number : undefined;
  };
  // Not String, which writes 1e-7.
  const format = (number: number): string =>
    String(number).includes('e') ? number.toFixed(15).replace(/\.?0+$/, '') : String(number);
  return simple<number>(`a number from ${min} to ${max}`, read, format);
}

/** One of `words`. */
export function oneOf<const T extends string>(...words: readonly T[]): Value<T> {
  return simple<T>(`one of ${words.join(', ')}`, (given) => words.find((word) => word === given));
}

/** Some of `words`, each once, separated by commas. */
export function someOf<const T extends string>(words: readonly T[]): Value<readonly T[]> {
  const read = (given: string): readonly T[] | undefined => {
    const texts = given.split(',').map((each) => each.trim());
    const known = words.filter((word) => texts.includes(word));
    return known.length === texts.length ? known : undefined;
  };
  return simple<readonly T[]>(`some of ${words.join(', ')}, separated by commas`, read, (given) =>
    given.join(','),
  );
}

/** Requests in a time, as nginx writes a rate; the value is a minute's. */
export const rate: Value<number> = simple<number>(
  'a rate such as 10/s or 300/m',
  (given) => {
    const [, count = '0', unit] = /^(\d{1,7})\/([sm])$/.exec(given) ?? [];
    const perMinute = Number(count) * (unit === 's' ? 60 : 1);
    return perMinute > 0 ? perMinute : undefined;
  },
  (perMinute) => (perMinute % 60 === 0 ? `${perMinute / 60}/s` : `${perMinute}/m`),
);

/** A path below a base URL, that starts with `/`: printable ASCII without query, fragment or `..`. */
export const urlPath: Value<string> = simple<string>('a path such as /golang.org/x/text/@v/list', (given) =>
  isUrlPath(given) ? given : undefined,
);

/** `''`, or a path that starts with `/`; a slash at its end is dropped. */
export const basePath: Value<string> = simple<string>('empty or a path such as /goproxy', (given) => {
  const path = trimEndOf(given, '/');
  // It becomes part of a line that is pasted into a shell.
  return path === '' || (isUrlPath(path) && /^[\w.~/-]*$/.test(path)) ? path : undefined;
});

function isUrlPath(given: string): boolean {
  return /^\/[!-~]*$/.test(given) && !/[?#\\]/.test(given) && !given.split('/').includes('..');
}

/** A host to listen at or to ask, as a URL would write it, without brackets. */
export const hostText: Value<string> = simple<string>('an address or a name, without a port', parseHost);

/** `host:port`, `[::1]:port`; the host stands without brackets in the result. */
export const listenAddress: Value<Address> = value<Address>(
  'host:port (write 127.0.0.1:7070)',
  (given) => {
    const [, hostGiven = '', portGiven = ''] = /^(\[[^[\]]*:[^[\]]*\]|[^:[\]]*):(\d{1,5})$/.exec(given) ?? [];
    const [host, port] = [parseHost(hostGiven), Number(portGiven)];
    if (host === undefined || port > 65_535) return new Problem('is not host:port (write 127.0.0.1:7070)');
    return { host, port };
  },
  formatAddress,
);

/** Comma-separated patterns as in GOPRIVATE (`*`, `corp.example.com`, `*.example.com/team`). */
export const patterns: Value<string> = simple<string>(
  'patterns as in GOPRIVATE, separated by commas',
  (given) => {
    const plain = given
      .split(',')
      .map((pattern) => pattern.trim())
      .join(',');
    // A module path has no scheme: such a pattern would match nothing, silently.
    return given !== '' && /^[!-~]+$/.test(plain) && !plain.includes('://') ? plain : undefined;
  },
);

/** Where `sync` brings modules: a path, or a URL without a login, which `config show` would print. */
export const syncPlace: Value<string> = simple<string>(
  'a folder, FILE.tar.zst, or the URL of another Rondo',
  (given) => {
    if (given === '' || !/^[a-z][a-z\d+.-]+:/i.test(given)) return given === '' ? undefined : given;
    const url = URL.parse(given);
    const isKnown = url !== null && ['http:', 'https:', 'file:'].includes(url.protocol);
    return isKnown && url.username === '' && url.password === '' ? given : undefined;
  },
);

/** Where something is sent by HTTP: a URL without a login, which `config show` would print. */
export const serverUrl: Value<string> = simple<string>('an http or https URL without a login', (given) => {
  const url = URL.parse(given);
  const isRight =
    url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  return isRight ? given : undefined;
});

/** A module path as Go takes one. */
export const modulePath: Value<string> = simple<string>('a module path', (given) =>
  isValidPath(given) ? given : undefined,
);

/** The name of an environment variable. */
export const variableName: Value<string> = simple<string>('the name of an environment variable', (given) =>
  /^[A-Za-z_][A-Za-z0-9_]{0,100}$/.test(given) ? given : undefined,
);
