import { trimEndOf } from '../kit/trim-end.ts';

/**
 * The path of a request target: without query and fragment, and without the scheme and host of the
 * absolute form (RFC 9112, 3.2.2), which may hold credentials. From the client: hostile.
 */
export function pathOfTarget(target: string): string {
  const end = target.search(/[?#]/);
  const path = end === -1 ? target : target.slice(0, end);
  return path.startsWith('/') ? path : path.replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]*/, '');
}

/** The host and port of a target in absolute form, without credentials; undefined for every other form. */
export function authorityOfTarget(target: string): string | undefined {
  return /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#@]*)/.exec(target)?.[1];
}

/** `basePath` with one slash before it and none after it; empty for none. */
export function normalBasePath(basePath: string): string {
  const trimmed = trimEndOf(basePath, '/').replace(/^\/+/, '');
  return trimmed === '' ? '' : `/${trimmed}`;
}

/** The path below `basePath` (normal), or undefined where `path` is not below it. */
export function belowBase(path: string, basePath: string): string | undefined {
  if (basePath === '') return path;
  if (path === basePath) return '/';
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : undefined;
}
