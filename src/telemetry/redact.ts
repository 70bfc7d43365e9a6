/** User name and password of a URL inside a text. */
const USERINFO = /([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#@]{1,512}@/gi;
/** What a header or query calls a secret, with its value. */
const NAMED =
  /\b(authorization|token|password|secret)(["']?\s*[:=]\s*["']?)(?:(?:basic|bearer)\s+)?[^\s"'&,;]+/gi;

/** `text` without what looks like a secret, for lines that are written down. A second net: nothing secret should get here. */
export function redact(text: string): string {
  return text.replace(USERINFO, '$1***@').replace(NAMED, '$1$2***');
}
