import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a browser asks, and for a page of another origin than this Rondo's (W3C Fetch Metadata; RFC 6454). Such a page
 * cannot read the answer, but its question alone would have mirrors asked, and the time it takes would tell what
 * the copy holds. No page can change these headers, and what is no browser, like go, sends neither.
 */
export function isAskedByForeignPage(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  // `same-site` is another port of this machine, or another name below the same domain: anybody's all the same.
  if (site !== undefined) return site !== 'none' && site !== 'same-origin';
  const { origin, host } = headers;
  if (origin === undefined) return false;
  const authority = authorityOf(origin);
  return authority === undefined || authority !== host?.toLowerCase();
}

/** Whether a person follows a link, in a tab of its own: the page with the link sees nothing of what comes. */
export function isFollowedLink(headers: IncomingHttpHeaders): boolean {
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

/** Of an Origin header, from the client; `null` and what is no web origin have none. */
function authorityOf(origin: string): string | undefined {
  return /^https?:\/\/([^/]+)$/i.exec(origin)?.[1]?.toLowerCase();
}
