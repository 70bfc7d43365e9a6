/**
 * Decodes the percent-encoding of a request path once. `undefined` unless both the text and what it
 * decodes to are printable ASCII: a control character, NUL or a byte above 0x7e never gets further, and
 * neither does a broken escape (`%`, `%zz`).
 */
export function percentDecode(text: string): string | undefined {
  if (/[^\x21-\x7e]|%(?![0-9A-Fa-f]{2})/.test(text)) return undefined;
  const decoded = text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return /[^\x20-\x7e]/.test(decoded) ? undefined : decoded;
}

/**
 * Encodes printable ASCII for a URL path as the go command does: slashes stay, `!` becomes `%21`
 * (modfetch.pathEscape, which is url.PathEscape but for the slash).
 */
export function percentEncodePath(text: string): string {
  return text.replace(
    /[^0-9A-Za-z\-_.~$&+:=@/]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
