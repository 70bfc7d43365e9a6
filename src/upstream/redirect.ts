/** Redirects that are followed (net/http's statuses for GET and HEAD), and how many (as the go command). */
const STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 10;

/** Where to go next, or why not. */
export type RedirectStep =
  | { readonly kind: 'follow'; readonly url: URL; readonly sameOrigin: boolean }
  | { readonly kind: 'refuse'; readonly why: string };

/** Whether a status is a redirect that is followed. */
export function isRedirect(status: number): boolean {
  return STATUSES.has(status);
}

/**
 * Judges a redirect. `location` is the mirror's header: hostile. Never from https to http (the go command refuses
 * it, cmd/go/internal/web), only to http and https, not with a user in the URL, and at most `max` in a row;
 * `followed` is how many there were before this one. Addresses are judged later, when they are known.
 */
export function nextRedirect(
  from: URL,
  location: string | undefined,
  followed: number,
  max: number = MAX_REDIRECTS,
): RedirectStep {
  if (location === undefined || location === '') return { kind: 'refuse', why: 'redirect without Location' };
  if (followed >= max) return { kind: 'refuse', why: `stopped after ${max} redirects` };
  const url = URL.canParse(location, from) ? new URL(location, from) : undefined;
  if (url === undefined) return { kind: 'refuse', why: 'redirect to what is no URL' };
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return { kind: 'refuse', why: `redirect to ${url.protocol}//` };
  }
  if (from.protocol === 'https:' && url.protocol === 'http:') {
    return { kind: 'refuse', why: 'redirect from https to http' };
  }
  if (url.username !== '' || url.password !== '')
    return { kind: 'refuse', why: 'redirect to a URL with credentials' };
  return { kind: 'follow', url, sameOrigin: url.origin === from.origin };
}
