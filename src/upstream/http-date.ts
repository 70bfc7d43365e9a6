/**
 * Milliseconds of Unix time of an HTTP date, undefined for anything else. Only the one form that may be sent today
 * (IMF-fixdate, RFC 9110, section 5.6.7): Date.parse alone would take nearly anything.
 */
export function parseHttpDate(value: string): number | undefined {
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(value)) return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
}
