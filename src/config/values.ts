import { z } from 'zod';
import { formatDuration, parseDuration } from '../kit/duration.ts';
import { formatSize, parseSize } from '../kit/size.ts';
import type { ListenAddress } from './config.ts';

/** Reads one kind of value from its text. A message completes the sentence `<key> = "<text>" …`. */
export type Value<T> = z.ZodType<T, string>;

/** What is wrong with a text. */
class Problem {
  readonly words: string;
  constructor(words: string) {
    this.words = words;
  }
}

function value<T>(read: (text: string) => T | Problem): Value<T> {
  return z.string().transform((text, context): T => {
    const result = read(text.trim());
    if (!(result instanceof Problem)) return result;
    context.addIssue({ code: 'custom', message: result.words });
    return z.NEVER;
  });
}

/** `true` or `false`. */
export const flag: Value<boolean> = value<boolean>((text) =>
  text === 'true' || text === 'false' ? text === 'true' : new Problem('must be true or false'),
);

/** Any text that is not empty. */
export const text: Value<string> = value<string>((given) =>
  given === '' ? new Problem('must not be empty') : given,
);

/** A duration in milliseconds, between `min` and `max` (texts). */
export function duration(min = '1ms', max = '30d'): Value<number> {
  const [minMs, maxMs] = [parseDuration(min) ?? 0, parseDuration(max) ?? 0];
  return value<number>((given) => {
    const ms = parseDuration(given);
    if (ms === undefined) return new Problem('is not a duration (write 500ms, 5s or 2m)');
    if (ms < minMs || ms > maxMs) {
      return new Problem(`must be between ${formatDuration(minMs)} and ${formatDuration(maxMs)}`);
    }
    return ms;
  });
}

/** A duration in milliseconds from 0 to an hour, or the word `whole`. */
export const durationOrWhole: Value<number | 'whole'> = value<number | 'whole'>((given) => {
  if (given === 'whole') return 'whole' as const;
  const ms = parseDuration(given);
  if (ms === undefined) return new Problem('is neither a duration (write 5s) nor whole');
  return ms <= 3_600_000 ? ms : new Problem('must be at most 1h, or whole');
});

/** A size in bytes, between `min` and `max` (texts). */
export function size(min: string, max: string): Value<number> {
  const [minBytes, maxBytes] = [parseSize(min) ?? 0, parseSize(max) ?? 0];
  return value<number>((given) => {
    const bytes = parseSize(given);
    if (bytes === undefined) return new Problem('is not a size (write 512KiB or 64MiB)');
    if (bytes < minBytes || bytes > maxBytes) {
      return new Problem(`must be between ${formatSize(minBytes)} and ${formatSize(maxBytes)}`);
    }
    return bytes;
  });
}

/** A whole number between `min` and `max`. */
export function integer(min: number, max: number): Value<number> {
  return value<number>((given) => {
    const number = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
    return number >= min && number <= max
      ? number
      : new Problem(`must be a whole number from ${min} to ${max}`);
  });
}

/** A decimal number between `min` and `max`. */
export function decimal(min: number, max: number): Value<number> {
  return value<number>((given) => {
    const number = /^\d{1,15}(?:\.\d{1,15})?$/.test(given) ? Number(given) : Number.NaN;
    return number >= min && number <= max ? number : new Problem(`must be a number from ${min} to ${max}`);
  });
}

/** One of `words`. */
export function oneOf<const T extends string>(...words: readonly T[]): Value<T> {
  return value<T>((given) => {
    const word = words.find((candidate) => candidate === given);
    return word ?? new Problem(`must be one of ${words.join(', ')}`);
  });
}

/** A path below a base URL, that starts with `/`: printable ASCII without query, fragment or `..`. */
export const urlPath: Value<string> = value<string>((given) =>
  isUrlPath(given) ? given : new Problem('must be a path such as /golang.org/x/text/@v/list'),
);

/** `''`, or a path that starts with `/`; a slash at its end is dropped. */
export const basePath: Value<string> = value<string>((given) => {
  const path = given.replace(/\/+$/, '');
  return path === '' || isUrlPath(path) ? path : new Problem('must be empty or a path such as /goproxy');
});

function isUrlPath(given: string): boolean {
  return /^\/[!-~]*$/.test(given) && !/[?#\\]/.test(given) && !given.split('/').includes('..');
}

/** `host:port`, `[::1]:port`; the host stands without brackets in the result. */
export const listenAddress: Value<ListenAddress> = value<ListenAddress>((given) => {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+)):(\d{1,5})$/i.exec(given);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535) return new Problem('is not host:port (write 127.0.0.1:7070)');
  return { host, port };
});

/** Comma-separated patterns as in GOPRIVATE (`*`, `corp.example.com`, `*.example.com/team`). */
export const patterns: Value<string> = value<string>((given) =>
  given !== '' && /^[!-~]+$/.test(given.replace(/\s*,\s*/g, ','))
    ? given.replace(/\s*,\s*/g, ',')
    : new Problem('must be patterns as in GOPRIVATE, separated by commas'),
);
