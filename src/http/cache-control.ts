import type { RemoteFile } from '../gomod/module-file.ts';

/** For what never changes. */
export const IMMUTABLE = 'public, max-age=31536000, immutable';
/** For errors and everything that was said of this moment only. */
export const NO_STORE = 'no-store';
const ONE_DAY = 'public, max-age=86400';
const ONE_MINUTE = 'public, max-age=60';

/**
 * Cache-Control of a whole file or one on its way, by the table of protocol.md ("What Rondo answers").
 * Mutable answers come as `bytes` with their own age; if one comes as a file after all, it may be kept for
 * a minute.
 */
export function cacheControlOfFile(file: RemoteFile): string {
  switch (file.kind) {
    case 'info':
    case 'mod':
    case 'zip':
      return IMMUTABLE;
    case 'sumdb-tile':
      return file.path.includes('.p/') ? ONE_DAY : IMMUTABLE;
    case 'sumdb-lookup':
      return ONE_DAY;
    case 'list':
    case 'latest':
    case 'query':
    case 'sumdb-latest':
    case 'sumdb-supported':
      return ONE_MINUTE;
  }
}

/** Cache-Control of an answer that says itself how long it holds, in seconds. */
export function cacheControlOfAge(maxAgeS: number | 'immutable'): string {
  if (maxAgeS === 'immutable') return IMMUTABLE;
  const seconds = Math.floor(maxAgeS);
  return seconds > 0 ? `public, max-age=${seconds}` : NO_STORE;
}
