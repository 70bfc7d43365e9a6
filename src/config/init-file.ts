import { knownWords } from '../words/known-words.ts';
import { render, type Table } from '../words/render.ts';
import type { Sentence } from '../words/sentences.ts';
import { say, type Text } from '../words/text.ts';
import { defaultMirrorName, parseMirrorUrl, writtenUrl } from './mirror-url.ts';
import { iniLine } from './ini-text.ts';
import type { Key } from './key.ts';
import { MIRROR, TARGET, TOP_LEVEL } from './keys.ts';
import { SECTIONS } from './section-keys.ts';
import { printable } from './quote.ts';

/** What `rondo init` found out, for the file that it writes. */
export type InitFile = {
  /** The chain, as in GOPROXY. */
  readonly proxy: string;
  /** The mirrors that were measured, with what was measured in words. */
  readonly mirrors: readonly { readonly name: string; readonly url: string; readonly note: Text | string }[];
  /** The platform's folder for the copy, where it is another than keys.ts shows. */
  readonly cacheDir?: string;
  /** Of the language of the comments; undefined for English. */
  readonly table?: Table | undefined;
};

const INTRODUCTION: readonly Text[] = [
  say('Configuration of Rondo. Only what stands here without a ; in front of it is set.'),
  say('Every other line shows a key with its default; to change one, take the ; away.'),
  say('`rondo config docs` describes all keys, `rondo config check FILE` says whether a file is right.'),
];

const ABOUT_MIRRORS: readonly Text[] = [
  say('One section a mirror tunes what proxy names, by URL or by name.'),
  say('A section whose URL is not in proxy adds its mirror to the chain.'),
  say('Credentials do not belong into this file: see `rondo config docs`.'),
];

const ABOUT_TARGETS: readonly Text[] = [
  say('Where `rondo sync --target prod` brings the modules of a project.'),
];

/** Forms of values that have no default to show (values.ts). */
const FORMS: readonly Sentence[] = [
  'a file',
  'a path such as /golang.org/x/text/@v/list',
  'patterns as in GOPRIVATE, separated by commas',
  'a folder, FILE.tar.zst, or the URL of another Rondo',
  'the name of an environment variable',
  'a token of 16 to 512 characters',
  'an http or https URL without a login',
  'a program',
  'a rate such as 10/s or 300/m',
  'a whole number from {min} to {max}',
];

/**
 * The text of a commented \`.goproxy\`: the chain is set, every other key of keys.ts stands there as a comment
 * with its default, or with the form of its value in <> where it has none. With all defaults uncommented the
 * file says the same. Pure.
 * @throws RondoError E_BAD_MIRROR_URL for a mirror that has none.
 */
export function renderInitFile({ proxy, mirrors, cacheDir, table }: InitFile): string {
  const { proxy: chain, ...short } = TOP_LEVEL;
  const sections = Object.entries<Readonly<Record<string, Key<unknown>>>>(SECTIONS).map(([name, keys]) => {
    const lines = Object.values(keys).map((key) => {
      const isCopy = name === 'cache' && key.name === 'dir';
      return keyLine(key, isCopy ? (cacheDir ?? key.default) : key.default, table);
    });
    return `[${name}]\n${lines.join('\n')}\n`;
  });
  return [
    comments(INTRODUCTION, table),
    `${comments([aboutOf(chain)], table)}${iniLine(chain.name, proxy)}\n`,
    `${Object.values<Key<unknown>>(short)
      .map((key) => keyLine(key, key.default, table))
      .join('\n')}\n`,
    comments(ABOUT_MIRRORS, table),
    ...mirrors.map((mirror) => mirrorSection(mirror, table)),
    ...sections,
    `${comments(ABOUT_TARGETS, table)}[target "prod"]\n${keyLine(TARGET.to, undefined, table)}\n`,
  ].join('\n');
}

/** Each a line. */
function comments(texts: readonly (Text | string)[], table: Table | undefined): string {
  return texts.map((text) => `; ${printable(render(text, table))}\n`).join('');
}

function aboutOf({ about }: Key<unknown>): Text {
  return { sentence: about, values: {} };
}

function keyLine(key: Key<unknown>, value: string | undefined, table: Table | undefined): string {
  const shown = value ?? `<${render(knownWords(key.value.form, FORMS), table)}>`;
  return iniLine(`;${key.name}`, shown, render(aboutOf(key), table));
}

function mirrorSection(
  { name, url: text, note }: InitFile['mirrors'][number],
  table: Table | undefined,
): string {
  const { url } = parseMirrorUrl(text);
  const { url: urlKey, ...others } = MIRROR;
  // By the name that it has in proxy, so that each key can be used without the others.
  const ownName = defaultMirrorName(url);
  return [
    comments([name === ownName ? note : say('{name}: {what}', { name, what: note })], table).trimEnd(),
    `[mirror "${ownName}"]`,
    keyLine(urlKey, writtenUrl(url), table),
    ...Object.values<Key<unknown>>(others).map((key) => keyLine(key, key.default, table)),
    '',
  ].join('\n');
}
