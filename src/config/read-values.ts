import { knownWords } from '../words/known-words.ts';
import type { Sentence } from '../words/sentences.ts';
import { isAbsolute, join, resolve } from 'node:path';
import { RondoError } from '../errors/rondo-error.ts';
import type { Origin } from './config.ts';
import { environmentName, isSecret, keyPath, type Key, type SectionKeys } from './key.ts';
import type { Layer } from './layer.ts';
import { hide, quote } from './quote.ts';
import { raise, type Report } from './report.ts';
import { say } from '../words/text.ts';

/** A text for a key, and where it stands. */
export type Sourced = {
  readonly text: string;
  readonly origin: Origin;
  /** Folder that a relative path in it starts from. */
  readonly base: string;
  /** No message shows the text: nobody vouches for it. */
  readonly hidden?: boolean;
};

/** Answers with the text for a key path such as `cache.dir`. */
export type Source = (path: string) => Sourced | undefined;

/** What the command line says of a key, and the flag that says it (`--cache-dir`, `--set cache.dir`). */
export type FlagText = { readonly text: string; readonly flag: string };

/** Flags, by key path. */
export function flagSource(flags: ReadonlyMap<string, FlagText>, cwd: string): Source {
  return (path) => {
    const found = flags.get(path);
    return found === undefined ? undefined : { text: found.text, origin: `flag ${found.flag}`, base: cwd };
  };
}

/** `RONDO_…` variables; an empty one is unset, as for the go command. `proxy` has none: its variables are GOPROXY_OVERRIDE and GOPROXY. */
export function environmentSource(env: Readonly<Record<string, string | undefined>>, cwd: string): Source {
  return (path) => {
    const name = environmentName(path);
    const text = path === 'proxy' ? '' : (env[name] ?? '');
    return text === '' ? undefined : { text, origin: `environment ${name}`, base: cwd };
  };
}

/** One configuration file, without its mirrors. */
export function layerSource({ file, values, trusted }: Layer): Source {
  return (path) => {
    const found = values.get(path);
    if (found === undefined) return undefined;
    const origin: Origin = `file ${file}:${found.line}`;
    return { text: found.text, origin, base: join(file, '..'), hidden: !trusted };
  };
}

/** How sections are read. */
export type Reader = {
  /** In order of precedence. */
  readonly sources: readonly Source[];
  /** For `~` in paths. */
  readonly home: string;
  /** Filled as values are read. */
  readonly origins: Map<string, Origin>;
  /** Whether keys that no source has get their default; without one they are left out. */
  readonly defaults: boolean;
  /** Told of values that are none; a key with such a value is left out. */
  readonly report?: Report;
};

/** What values.ts says of a text that is not of its form; the most exact ones first. */
const PROBLEMS: readonly Sentence[] = [
  'must not be empty',
  'must be at most 1h, or whole',
  'must be between {min} and {max}',
  'must be one of {list}',
  'must be a whole number from {min} to {max}',
  'must be a number from {min} to {max}',
  'must be {form}',
  'is not a duration (write 500ms, 5s or 2m)',
  'is neither a duration (write 5s) nor whole',
  'is not a size (write 512KiB or 64MiB)',
  'is not host:port (write 127.0.0.1:7070)',
  'is not valid',
];

/**
 * Reads all keys of one section: the first source that has a key wins, then the default.
 * A text that is no value is reported as RondoError E_CONFIG that names the place, the key and what is wrong.
 */
export function readSection<S>(
  section: string,
  keys: SectionKeys<S>,
  { sources, home, origins, defaults, report = raise }: Reader,
): S {
  const values: Record<string, unknown> = {};
  for (const [property, key] of Object.entries<Key<unknown>>(keys)) {
    const path = keyPath(section, key.name);
    const sourced = firstOf(sources, path) ?? (defaults ? defaultText(key, home) : undefined);
    if (sourced === undefined) continue;
    const value = readValue(path, key, sourced, home);
    if (value instanceof RondoError) {
      report(value);
      continue;
    }
    values[property] = value;
    origins.set(path, sourced.origin);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- SectionKeys<S> has a key of the right type for every property of S, and the loop has read them all, or reported.
  return values as S;
}

function firstOf(sources: readonly Source[], path: string): Sourced | undefined {
  for (const source of sources) {
    const sourced = source(path);
    if (sourced !== undefined) return sourced;
  }
  return undefined;
}

function defaultText(key: Key<unknown>, home: string): Sourced | undefined {
  return key.default === undefined ? undefined : { text: key.default, origin: 'default', base: home };
}

function readValue(path: string, key: Key<unknown>, sourced: Sourced, home: string): unknown {
  const { text, origin, base, hidden } = sourced;
  const parsed = key.value.schema.safeParse(text);
  if (!parsed.success) {
    const problem = knownWords(parsed.error.issues[0]?.message ?? 'is not valid', PROBLEMS);
    return new RondoError(
      'E_CONFIG',
      say('{place} = {value} {problem}', {
        place: place(origin, path),
        value: (hidden || isSecret(key, text) ? hide : quote)(text),
        problem,
      }),
    );
  }
  if (key.path === undefined || typeof parsed.data !== 'string') return parsed.data;
  if (key.path === 'unless a URL' && /^[a-z][a-z\d+.-]+:/i.test(parsed.data)) return parsed.data;
  const named = /\$\{?\w|%\w+%/.exec(parsed.data);
  if (named !== null) {
    return new RondoError(
      'E_CONFIG',
      say('{place} = {value} names a variable, and none is looked up here', {
        place: place(origin, path),
        value: (hidden || isSecret(key, text) ? hide : quote)(text),
      }),
      { hint: say('write ~ for your home, or the whole path') },
    );
  }
  return absolute(parsed.data, base, home);
}

function place(origin: Origin, path: string): string {
  const named = /^(?:flag|environment) (.*)$/.exec(origin)?.[1];
  return named ?? `${origin.replace(/^file /, '')}: ${path}`;
}

function absolute(text: string, base: string, home: string): string {
  if (text === '~' || /^~[/\\]/.test(text)) return resolve(home, text.slice(2));
  return isAbsolute(text) ? resolve(text) : resolve(base, text);
}
