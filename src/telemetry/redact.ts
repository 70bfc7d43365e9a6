/** User name and password of a URL inside a text. */
const USERINFO = /([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#@]{1,512}@/gi;
/** What a header or query calls a secret, `access_token` and `X-Api-Key` too, with its value. */
const NAMED =
  /\b([\w-]{0,40}(?:authorization|token|passw(?:or)?d|secret|api[-_]?key|cookie|signature|credential))(["']?\s*[:=]\s*["']?)(?:(?:basic|bearer)\s+)?[^\s"'&,;]+/gi;

/** `text` without what looks like a secret, for lines that are written down. A second net: nothing secret should get here. */
export function redact(text: string): string {
  // As nearly all paths of modules: each would be gone through twice for nothing.
  if (!/[:=]/.test(text)) return text;
  return text.replace(USERINFO, '$1***@').replace(NAMED, '$1$2***');
}
