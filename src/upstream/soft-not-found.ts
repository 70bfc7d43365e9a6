import { sanitiseLine } from './sanitise.ts';

/** Prose that says "not now" instead of "not there". Single words would match names of modules and branches. */
const PASSING_TROUBLE = [
  /\btimed[ -]?out\b/,
  /\b(?:i\/o|handshake|gateway|fetch|request|read|dial|connect|connection|network|upstream|query|origin) time-?out\b/,
  /\btime-?out (?:exceeded|while|awaiting|waiting|fetching|reading|occurred|error|expired)\b/,
  /^(?:not found:? )?(?:a )?time-?out\b/,
  /\bdeadline exceeded\b/,
  /\btemporar(?:il)?y (?:unavailable|failure|error|problem|outage|overloaded|down|out of|not available|disabled)\b/,
  /\b(?:please )?(?:try|retry) (?:again|later)\b/,
  /\bbad (?:upstream|gateway)\b/,
  /\bservice (?:is )?(?:temporarily )?unavailable\b/,
  /\btoo many requests\b/,
];

/**
 * Whether the body of a 404 or 410 says that it is a time-out or passing trouble, or is a web page: then it is a
 * failure of that mirror and no answer (protocol.md, "Hard and soft 404"). What real proxies quote is no evidence:
 * paths, URLs, versions and revisions may contain any word (`github.com/eapache/go-resiliency/timeout`).
 * `bodyStart` is hostile and bounded by the caller.
 */
export function isSoftNotFound(contentType: string, bodyStart: Buffer): boolean {
  if (looksLikeHtml(bodyStart)) return true;
  if (isHtmlType(contentType) && bodyStart.length > 0 && /^\s*</.test(bodyStart.toString('latin1', 0, 64)))
    return true;
  const prose = withoutNames(sanitiseLine(bodyStart.toString('utf8'), bodyStart.length));
  return PASSING_TROUBLE.some((pattern) => pattern.test(prose));
}

/** Whether a Content-Type is that of a web page. */
export function isHtmlType(contentType: string): boolean {
  return /^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(contentType);
}

/** Whether these bytes begin a web page; the Content-Type of a mirror proves nothing either way. */
export function looksLikeHtml(bodyStart: Buffer): boolean {
  const start = bodyStart
    .subarray(0, 512)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  return /^(?:<!--[^]{0,256}?-->\s*)?<(?:!doctype\s+html|html|head|body|title|script|meta)\b/i.test(start);
}

/** Drops whatever names something: tokens with a slash or an at sign, and the word after `unknown revision` and its like. */
function withoutNames(text: string): string {
  return text
    .toLowerCase()
    .replace(/\bunknown revision \S+/g, ' ')
    .replace(/\b(?:module|branch|tag|version|revision|query|package) "?[^\s"]+"?:/g, ' ')
    .split(' ')
    .filter((token) => token === 'i/o' || !/[/@]/.test(token))
    .join(' ')
    .replace(/ +/g, ' ')
    .trim();
}
