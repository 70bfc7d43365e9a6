import { RondoError } from '../errors/rondo-error.ts';
import { quoted } from './quoted.ts';
import { say, type Text } from '../words/text.ts';

/** What comes after an entry: `,` goes on after 404 and 410, `|` after any error. */
export type Separator = ',' | '|';

/** One mirror of a GOPROXY list. */
export type GoproxyEntry = {
  /** http, https or file; a bare host has got its `https://`. May hold credentials: never print it as it is. */
  readonly url: string;
  /** `,` where nothing follows. */
  readonly separator: Separator;
};

/** A GOPROXY list. */
export type GoproxyList = {
  readonly entries: readonly GoproxyEntry[];
  /** The word that ended the list; entries behind it are ignored. */
  readonly end: 'direct' | 'off' | undefined;
  /** The separator between the last entry and `end`; `undefined` without either. */
  readonly endSeparator: Separator | undefined;
};

/** The most entries of a list: nobody has so many mirrors, and a list may be a stranger's. */
const MAX_ENTRIES = 64;

/**
 * Reads the value of GOPROXY as the go command does (modfetch.proxyList, newProxyRepo). Stricter only
 * where go would fail at the first request (an http URL without a host, a port that is none), and in the
 * number of entries: 64 at the most.
 * Throws RondoError E_BAD_MIRROR_URL for a list without entries or with too many, and for an entry that is
 * no URL; credentials in it are not repeated.
 */
export function parseGoproxyList(text: string): GoproxyList {
  const entries: GoproxyEntry[] = [];
  for (const match of text.matchAll(/([^,|]*)([,|]?)/g)) {
    const word = (match[1] ?? '').trim();
    if (word === '') continue;
    if (word === 'direct' || word === 'off') {
      return { entries, end: word, endSeparator: entries.at(-1)?.separator };
    }
    if (entries.length === MAX_ENTRIES) {
      throw new RondoError(
        'E_BAD_MIRROR_URL',
        say('the GOPROXY list has more than {MAX_ENTRIES} entries', { MAX_ENTRIES }),
      );
    }
    entries.push({ url: mirrorUrl(word), separator: match[2] === '|' ? '|' : ',' });
  }
  if (entries.length === 0) throw new RondoError('E_BAD_MIRROR_URL', say('the GOPROXY list has no entries'));
  return { entries, end: undefined, endSeparator: undefined };
}

/** What stands behind `direct` or `off`, where go stops reading: never asked. May hold credentials. */
export function wordsBehindEnd(text: string): string[] {
  const words = text
    .split(/[,|]/)
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const end = words.findIndex((word) => word === 'direct' || word === 'off');
  return end === -1 ? [] : words.slice(end + 1);
}

function mirrorUrl(word: string): string {
  // Single words are reserved for go itself; a word with :/ is a whole URL, an absolute path a mistake.
  const isBareHost = /[.:/]/.test(word) && !word.includes(':/') && !/^(?:\/|[A-Za-z]:\\)/.test(word);
  const url = isBareHost ? `https://${word}` : word;
  const problem = urlProblem(url);
  if (problem === undefined) return url;
  if (/^["'“”‘’]|["'“”‘’]$/.test(word)) {
    throw new RondoError(
      'E_BAD_MIRROR_URL',
      say('mirror URL has quotes: {withoutSecrets}', { withoutSecrets: quoted(withoutSecrets(word)) }),
      {
        hint: say('write it without quotes'),
      },
    );
  }
  const hint = url.startsWith('/')
    ? { hint: say('write {url}', { url: `file://${withoutSecrets(url)}` }) }
    : {};
  throw new RondoError(
    'E_BAD_MIRROR_URL',
    say('{problem}: {withoutSecrets}', { problem, withoutSecrets: quoted(withoutSecrets(url)) }),
    hint,
  );
}

// What URL takes and Go does not (net/url.validUserinfo; unescape and shouldEscape for a host, where an escape
// stands for no ASCII).
const USER = /^[0-9A-Za-z\-._:~!$&'()*+,;=%@]*$/;
const HOST = /^(?:[0-9A-Za-z\-._~!$&'()*+,;=:[\]<>"\u0080-\uffff]|%[89A-Fa-f])*$/;

function splitAtLast(text: string, separator: string): [before: string, after: string] {
  const at = text.lastIndexOf(separator);
  return at < 0 ? ['', text] : [text.slice(0, at), text.slice(at + 1)];
}

function urlProblem(url: string): Text | undefined {
  const scheme = /^([A-Za-z][0-9A-Za-z+.-]*):/.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) return say('mirror URL has no scheme');
  if (scheme !== 'http' && scheme !== 'https' && scheme !== 'file') {
    return say('mirror URL has an unknown scheme (it must be https, http or file)');
  }
  // Checked before URL, which drops tabs and newlines, turns backslashes round and lets broken escapes pass.
  // oxlint-disable-next-line eslint/no-control-regex -- control characters are what is looked for
  if (/[\0-\x1f\x7f\\]|%(?![0-9A-Fa-f]{2})/.test(url)) {
    return say('mirror URL has an invalid character or escape');
  }
  if (scheme === 'file') {
    return /^[A-Za-z]+:\/\/(?:\/[^?#]*)?$/.test(url)
      ? undefined
      : say('file mirror URL has more than a path (write file:///path)');
  }
  const authority = /^[A-Za-z]+:\/\/([^/?#]*)/.exec(url)?.[1] ?? '';
  const [user, host] = splitAtLast(authority, '@');
  if (host === '' || host.startsWith(':')) return say('mirror URL has no host');
  if (USER.test(user) && HOST.test(host) && URL.canParse(url)) return undefined;
  return say('mirror URL has an invalid host or port');
}

/** Without a regular expression that would look for the `@` behind each of a million slashes. */
function withoutSecrets(url: string): string {
  const user = url.indexOf('//');
  const end = url.lastIndexOf('@');
  const shown = user >= 0 && end >= user + 2 ? `${url.slice(0, user)}//xxxxx${url.slice(end)}` : url;
  return shown.replace(/\?.*/s, '?xxxxx');
}
