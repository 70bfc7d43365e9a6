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
  readonly mirrors: readonly { readonly name: string; readonly url: string; readonly note: string }[];
  /** The platform's folder for the copy, where it is another than keys.ts shows. */
  readonly cacheDir?: string;
};

const INTRODUCTION = `; Configuration of Rondo. Only what stands here without a ; in front of it is set: every other line shows a
; key with its default, and to change one, take the ; away. \`rondo config docs\` describes all of them,
; \`rondo config check FILE\` says whether a file is right.
`;

const ABOUT_MIRRORS = `; One section a mirror tunes what proxy names, by URL or by name. Without its URL in proxy it is added to the
; chain. Credentials do not belong into this file: see \`rondo config docs\`.
`;

const ABOUT_TARGETS = '; Where `rondo sync --target prod` brings the modules of a project.\n';

/**
 * The text of a commented \`.goproxy\`: the chain is set, every other key of keys.ts stands there as a comment
 * with its default, or with the form of its value in <> where it has none. With all defaults uncommented the
 * file says the same. Pure.
 * @throws RondoError E_BAD_MIRROR_URL for a mirror that has none.
 */
export function renderInitFile({ proxy, mirrors, cacheDir }: InitFile): string {
  const { proxy: chain, ...short } = TOP_LEVEL;
  const sections = Object.entries<Readonly<Record<string, Key<unknown>>>>(SECTIONS).map(([name, keys]) => {
    const lines = Object.values(keys).map((key) =>
      keyLine(key, name === 'cache' && key.name === 'dir' ? (cacheDir ?? key.default) : key.default),
    );
    return `[${name}]\n${lines.join('\n')}\n`;
  });
  return [
    INTRODUCTION,
    `; ${chain.about}\n${iniLine(chain.name, proxy)}\n`,
    `${Object.values<Key<unknown>>(short)
      .map((key) => keyLine(key, key.default))
      .join('\n')}\n`,
    ABOUT_MIRRORS,
    ...mirrors.map(mirrorSection),
    ...sections,
    `${ABOUT_TARGETS}[target "prod"]\n${keyLine(TARGET.to, undefined)}\n`,
  ].join('\n');
}

function keyLine(key: Key<unknown>, value: string | undefined): string {
  return iniLine(`;${key.name}`, value ?? `<${key.value.form}>`, key.about);
}

function mirrorSection({ name, url: text, note }: InitFile['mirrors'][number]): string {
  const { url } = parseMirrorUrl(text);
  const { url: urlKey, ...others } = MIRROR;
  // By the name that it has in proxy, so that each key can be used without the others.
  const ownName = defaultMirrorName(url);
  return [
    `; ${printable(name === ownName ? note : `${name}: ${note}`)}`,
    `[mirror "${ownName}"]`,
    keyLine(urlKey, writtenUrl(url)),
    ...Object.values<Key<unknown>>(others).map((key) => keyLine(key, key.default)),
    '',
  ].join('\n');
}
