/**
 * Text that somebody else may have written (a project's `.goproxy`, an environment variable), made safe
 * for a terminal: one line, control and direction characters replaced, cut at `maxLength` characters.
 */
export function printable(text: string, maxLength = 200): string {
  const clean = redactCredentials(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\u{FFFD}');
  return clean.length <= maxLength ? clean : `${clean.slice(0, maxLength - 1)}…`;
}

/** A value in quotes for a message: printable, at most 80 characters. */
export function quote(text: string): string {
  return `"${printable(text, 80)}"`;
}

/** How values stand in messages: with `quote`, or not at all. */
export type Quoting = (text: string) => string;

/** In place of what nobody vouches for: what a stranger's file is, or shows, may be a secret of the user's. */
export const hide: Quoting = () => '"…"';

/** The text with `user:password@` after a `//` replaced by `***@`: for everything that may be shown. */
export function redactCredentials(text: string): string {
  return text.replace(/\/\/[^/,|\s]*@/g, '//***@');
}
