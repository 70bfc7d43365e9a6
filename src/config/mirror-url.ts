import { RondoError } from '../errors/rondo-error.ts';
import { trimEndOf } from '../kit/trim-end.ts';
import { basicCredentials, type Credentials } from './credentials.ts';
import { quote } from './quote.ts';
import { say, type Text } from '../words/text.ts';

/** A mirror's base URL, and apart from it what must never be printed. */
export type MirrorUrl = { readonly url: URL; readonly credentials?: Credentials };

/**
 * Reads the base URL of a mirror: http, https or file, without query and fragment. Credentials become the
 * value of a Basic Authorization header; slashes at the end of the path are dropped, except for the root.
 * @throws RondoError E_BAD_MIRROR_URL, without the credentials.
 */
export function parseMirrorUrl(text: string): MirrorUrl {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:', 'file:'].includes(url.protocol)) {
    throw badUrl(text, say('is not an http, https or file URL'));
  }
  if (url.search !== '' || url.hash !== '') throw badUrl(text, say('has a query or a fragment'));
  if (url.protocol === 'file:' && url.host !== '') throw badUrl(text, say('has a host (write file:///path)'));
  const credentials = takeCredentials(url, text);
  url.pathname = trimEndOf(url.pathname, '/');
  return credentials === undefined ? { url } : { url, credentials };
}

function takeCredentials(url: URL, text: string): Credentials | undefined {
  if (url.username === '' && url.password === '') return undefined;
  let pair: string;
  try {
    pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  } catch {
    throw badUrl(text, say('has credentials with a broken escape'));
  }
  url.username = '';
  url.password = '';
  return basicCredentials(pair, 'url');
}

/** The URL of a mirror as people write it: without a slash at the end. */
export function writtenUrl(url: URL): string {
  return url.protocol === 'file:' ? url.href : url.href.replace(/\/$/, '');
}

/** The name of a mirror that nobody named: host, port and base path. */
export function defaultMirrorName(url: URL): string {
  return `${url.host}${url.pathname === '/' ? '' : url.pathname}`;
}

function badUrl(text: string, problem: Text): RondoError {
  return new RondoError(
    'E_BAD_MIRROR_URL',
    say('{replace} {problem}', { replace: quote(text.replace(/\?.*/s, '?…')), problem }),
    {
      hint: say('a mirror is written https://goproxy.cn, several of them with commas between'),
    },
  );
}
