/** Longest piece of somebody else's text that goes into a message, in characters. */
const MAX_QUOTED_LENGTH = 80;

/**
 * Somebody else's text made safe for a one-line message: in double quotes, at most 80 characters,
 * printable ASCII only (anything else becomes `?`). Never throws.
 */
export function quoted(text: string): string {
  const cut = text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}...` : text;
  return `"${cut.replace(/[^\x20-\x7e]/g, '?').replaceAll('"', "'")}"`;
}
