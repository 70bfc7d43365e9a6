import type { Sentence } from '../words/sentences.ts';
import type * as values from './values.ts';

/**
 * One key of the configuration. The tables of keys (keys.ts, section-keys.ts) are the single source of names, types, defaults, limits,
 * messages, environment names and flags; config.ts holds the types that it is checked against.
 */
export type Key<T> = {
  /** As written in the file, without its section. */
  readonly name: string;
  readonly value: values.Value<T>;
  /** Text of the default, read like any other value. Undefined: the key is unset then. */
  readonly default: string | undefined;
  /** One line for people: its English, by which its Chinese is found. */
  readonly about: Sentence;
  /** The command-line flag that sets it, as commander writes one: `--cache-dir <folder>`. */
  readonly flag?: string;
  /** A file-system path: `~` is the user's home; relative to the file that names it, else to the working folder. */
  readonly path?: true | 'unless a URL';
  /** A project's file may set it though nobody has trusted the file. */
  readonly untrusted?: true;
  /** A running server keeps the value that it was started with. */
  readonly restart?: true;
  /** Neither messages nor `config show` have its value: never, or where it is a URL with a query, in which there may be a key. */
  readonly secret?: true | 'a query';
};

/** A key for every property of one part of the configuration. */
export type SectionKeys<S> = { readonly [P in keyof S]-?: Key<Exclude<S[P], undefined>> };

/** What a key may be besides. */
export type KeyOptions = Pick<Key<unknown>, 'flag' | 'path' | 'untrusted' | 'restart' | 'secret'>;

/** One key, its text of the default undefined where it has none. */
export function key<T>(
  name: string,
  value: values.Value<T>,
  defaultText: string | undefined,
  about: Sentence,
  options: KeyOptions = {},
): Key<T> {
  return { name, value, default: defaultText, about, ...options };
}

/** For keys that a project's file may set though nobody has trusted it. */
export const UNTRUSTED: KeyOptions = { untrusted: true };

/** For keys that need a restart. */
export const RESTART: KeyOptions = { restart: true };

/** `cache.dir`, or the bare name before the first section: how messages and origins name a key. */
export function keyPath(section: string, name: string): string {
  return section === '' ? name : `${section}.${name}`;
}

/** The environment variable of a key: `RONDO_CACHE_DIR`, `RONDO_ERRORS_AS_404`. */
export function environmentName(path: string): string {
  return `RONDO_${path.replace('.', '_').toUpperCase()}`;
}

/** Whether `text` is not to be shown. */
export function isSecret({ secret }: Key<unknown>, text: string): boolean {
  return secret === true || (secret === 'a query' && /[?#]/.test(text));
}

/** The default of a key that has one. */
export function defaultOf<T>(key: Key<T>): T {
  return key.value.schema.parse(key.default);
}
