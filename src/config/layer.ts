import { parseGoproxyList } from '../gomod/goproxy-list.ts';
import { saidBy, RondoError } from '../errors/rondo-error.ts';
import { addressOf, isLinkLocal, isLoopback } from '../kit/address.ts';
import type { IniEntry } from './ini-file.ts';
import { keyPath, type Key } from './key.ts';
import { MIRROR, TARGET, TOP_LEVEL } from './keys.ts';
import { SECTIONS } from './section-keys.ts';
import { defaultMirrorName, parseMirrorUrl } from './mirror-url.ts';
import { nearest } from './nearest.ts';
import { hide, printable, quote, type Quoting } from './quote.ts';
import { raise, type Report } from './report.ts';
import { render } from '../words/render.ts';
import { listed as inRow, say, type Text } from '../words/text.ts';

/** A text of the file with its line. */
export type LayerText = { readonly text: string; readonly line: number };

/** What one configuration file has to say, its names checked, its values not yet read. */
export type Layer = {
  readonly file: string;
  /** False for a project's file that nobody has trusted. */
  readonly trusted: boolean;
  /** By key path: `proxy`, `cache.dir`. */
  readonly values: ReadonlyMap<string, LayerText>;
  /** By the mirror's name, then by key. */
  readonly mirrors: Named;
  /** As mirrors: by the target's name. */
  readonly targets: Named;
  /** The `proxy` of an untrusted file, where it may not give that one. It is not among the values. */
  readonly refused: RefusedProxy | undefined;
  /** What an untrusted file has and may not set. */
  readonly ignored: readonly IgnoredKey[];
};

/** Sections that have a name, by it, then by key. */
export type Named = ReadonlyMap<string, ReadonlyMap<string, LayerText>>;

/** A key by its path, and what it was to be. */
export type IgnoredKey = { readonly path: string; readonly text: string };

/** Where a list stands that an untrusted file may not give, and why not. */
export type RefusedProxy = { readonly line: number; readonly problem: Text | string };

/** Names of keys by section (`''`: before the first one). */
const NAMES: ReadonlyMap<string, ReadonlyMap<string, Key<unknown>>> = new Map(
  Object.entries({ '': TOP_LEVEL, ...SECTIONS, mirror: MIRROR, target: TARGET }).map(([section, keys]) => [
    section,
    new Map(Object.values<Key<unknown>>(keys).map((key) => [key.name, key])),
  ]),
);

/**
 * Sorts the entries of a file by key. In an untrusted file only what keys.ts marks as `untrusted` counts
 * (spec config.md: it is somebody else's word); the other known keys are ignored, and no message quotes it. An unknown section or key,
 * trusted or not, is reported as RondoError E_CONFIG with the nearest name.
 */
export function createLayer(
  entries: readonly IniEntry[],
  file: string,
  trusted: boolean,
  report: Report = raise,
): Layer {
  const values = new Map<string, LayerText>();
  const named = {
    mirror: new Map<string, Map<string, LayerText>>(),
    target: new Map<string, Map<string, LayerText>>(),
  };
  const ignored: IgnoredKey[] = [];
  let refused: RefusedProxy | undefined;
  let listed: ReadonlySet<string> | undefined;
  for (const entry of entries) {
    const path = entryPath(entry);
    const key = knownKey(entry);
    if (key === undefined) {
      report(unknownKey(entry, file, trusted ? quote : hide));
      continue;
    }
    if (!trusted && key.untrusted !== true) {
      // proxy stands before the first section.
      listed ??= hrefsOf(values.get('proxy')?.text ?? '');
      if (!repeatsProxy(entry, listed)) ignored.push({ path, text: entry.text });
      continue;
    }
    const problem = trusted || path !== 'proxy' ? undefined : untrustedProxyProblem(entry.text);
    if (problem !== undefined) {
      refused = { line: entry.line, problem };
      continue;
    }
    const text = { text: entry.text, line: entry.line };
    if (entry.section !== 'mirror' && entry.section !== 'target') {
      values.set(path, text);
      continue;
    }
    const ofKind = named[entry.section];
    const name = entry.name ?? '';
    ofKind.set(name, (ofKind.get(name) ?? new Map<string, LayerText>()).set(entry.key, text));
  }
  return { file, trusted, values, mirrors: named.mirror, targets: named.target, refused, ignored };
}

/** An untrusted file without these of its keys, which are ignored like those that it may not set at all. */
export function ignoring(layer: Layer, paths: ReadonlySet<string>): Layer {
  const own = [...layer.values].flatMap(([path, { text }]) => (paths.has(path) ? [{ path, text }] : []));
  const values = new Map([...layer.values].filter(([path]) => !paths.has(path)));
  return { ...layer, values, ignored: [...layer.ignored, ...own] };
}

/** More than there are keys. */
const MAX_NAMES = 150;

/**
 * For people: which keys of an untrusted file are ignored, and the command that changes it. As many lines as
 * it takes for all names to be read; but a hostile file does not get to fill the screen.
 */
export function ignoredWarnings({ file, ignored }: Layer): Text[] {
  const more = ignored.length - MAX_NAMES;
  const names = [
    ...ignored.slice(0, MAX_NAMES).map(({ path }) => path),
    ...(more > 0 ? [say('and {more} more', { more })] : []),
  ];
  const lines: (Text | string)[][] = [];
  let length = Infinity;
  for (const name of names) {
    const own = render(name).length;
    if (length + own > 180) {
      lines.push([name]);
      length = own;
    } else {
      lines.at(-1)?.push(name);
      length += ', '.length + own;
    }
  }
  return lines.map((keys) =>
    say('{file} is not trusted: ignored {keys} (`rondo config trust` takes all of it)', {
      file,
      keys: inRow(keys),
    }),
  );
}

/** Whether a mirror's `url` only says what `proxy` says already, under the name that the mirror has there. */
function repeatsProxy({ section, name, key, text }: IniEntry, listed: ReadonlySet<string>): boolean {
  if (section !== 'mirror' || key !== 'url' || listed.size === 0) return false;
  try {
    const { url } = parseMirrorUrl(text);
    return defaultMirrorName(url) === name && listed.has(url.href);
  } catch {
    return false;
  }
}

/** The mirrors of a list by their URLs; none of what is no list. */
function hrefsOf(proxy: string): ReadonlySet<string> {
  try {
    return new Set(parseGoproxyList(proxy).entries.map(({ url }) => parseMirrorUrl(url).url.href));
  } catch {
    return new Set();
  }
}

function entryPath(entry: IniEntry): string {
  const section = entry.name === undefined ? entry.section : `${entry.section}.${entry.name}`;
  return printable(keyPath(section, entry.key), 100);
}

function findKey(entry: IniEntry): Key<unknown> | undefined {
  if ((entry.name !== undefined) !== NAMED.has(entry.section)) return undefined;
  return NAMES.get(entry.section)?.get(entry.key);
}

/** Sections of which there may be several, each with a name. */
const NAMED: ReadonlySet<string> = new Set(['mirror', 'target']);

/** A name that `--target` can have: neither a path nor a bundle. */
const TARGET_NAME = /^(?!.*\.tar\.zst$)[A-Za-z0-9][\w.-]{0,99}$/i;

/** Undefined for a name that no key has, and for one of a mirror or target whose own name would break messages, or cannot be meant. */
function knownKey(entry: IniEntry): Key<unknown> | undefined {
  const names = entry.section === 'target' ? TARGET_NAME : /^[!-~]{1,100}$/;
  const isNamed = entry.name === undefined || names.test(entry.name);
  return isNamed ? findKey(entry) : undefined;
}

function unknownKey(entry: IniEntry, file: string, quoting: Quoting): RondoError {
  const where = `${file}:${entry.line}`;
  if (findKey(entry) !== undefined)
    return new RondoError(
      'E_CONFIG',
      entry.section === 'target'
        ? say("{where}: a target's name is 1 to 100 letters, digits and . _ -", { where })
        : say("{where}: a mirror's name is 1 to 100 printable characters", { where }),
    );
  const names = NAMES.get(entry.section);
  const section = names === undefined ? `[${bare(quoting(entry.section))}]` : `[${entry.section}]`;
  if (names === undefined) {
    const suggestion = nearest(
      entry.section,
      [...NAMES.keys()].filter((name) => name !== ''),
    );
    const known = [...NAMES.keys()].filter((name) => name !== '').map((name) => `[${name}]`);
    return unknown(
      say('{where}: there is no section {section}', { where, section }),
      suggestion && `[${suggestion}]`,
      say('the sections are {names}', { names: inRow(known) }),
    );
  }
  if (NAMED.has(entry.section)) return unknownNamedKey(entry, where, names, quoting);
  if (entry.name !== undefined)
    return new RondoError('E_CONFIG', say('{where}: {section} takes no name', { where, section }));
  const elsewhere = [...NAMES].find(([, keys]) => keys.has(entry.key))?.[0];
  const suggestion =
    nearest(entry.key, names.keys()) ?? (elsewhere === undefined ? undefined : `[${elsewhere}] ${entry.key}`);
  const key = quoting(entry.key);
  const known = inRow([...names.keys()]);
  return entry.section === ''
    ? unknown(
        say('{where}: there is no key {key} before the first section', { where, key }),
        suggestion,
        say('the keys before the first section are {names}', { names: known }),
      )
    : unknown(
        say('{where}: there is no key {key} in {section}', { where, key, section }),
        suggestion,
        say('the keys in {section} are {names}', { section, names: known }),
      );
}

/** Without the quotes. */
function bare(quoted: string): string {
  return quoted.slice(1, -1);
}

function unknownNamedKey(
  entry: IniEntry,
  where: string,
  names: ReadonlyMap<string, unknown>,
  quoting: Quoting,
): RondoError {
  if (entry.name === undefined) {
    return entry.section === 'target'
      ? new RondoError('E_CONFIG', say('{where}: [target] has no name', { where }), {
          hint: say('write [target "prod"]'),
        })
      : new RondoError('E_CONFIG', say('{where}: [mirror] has no name', { where }), {
          hint: say('write [mirror "goproxy.cn"]'),
        });
  }
  const { section } = entry;
  return unknown(
    say('{where}: there is no key {key} in {section}', {
      where,
      key: quoting(entry.key),
      section: `[${section}]`,
    }),
    nearest(entry.key, names.keys()),
    say('the keys of a {section} are {names}', { section, names: inRow([...names.keys()]) }),
  );
}

function unknown(message: Text, suggestion: string | undefined, otherwise: Text): RondoError {
  const hint = suggestion ? say('did you mean {names}?', { names: suggestion }) : otherwise;
  return new RondoError('E_CONFIG', message, { hint });
}

/** Why an untrusted file may not give this list, or undefined: it could reach into the user's machine or be read on the way. */
function untrustedProxyProblem(text: string): Text | string | undefined {
  let list;
  try {
    list = parseGoproxyList(text);
  } catch (error) {
    return saidBy(error);
  }
  if (list.entries.length === 0) return say('it names no mirror: Rondo would be passed by');
  for (const { url: entry } of list.entries) {
    const url = URL.parse(entry);
    if (url?.protocol !== 'https:') return say('{entry} is not https', { entry: quote(entry) });
    const { host } = addressOf(url);
    if (isLoopback(host) || isLinkLocal(host))
      return say('{entry} is on this machine or link', { entry: quote(entry) });
  }
  return undefined;
}
