import type { RemoteFile } from '../gomod/module-file.ts';

/**
 * Files that a mirror answers alike: what it takes to the first byte of one says nothing of another class. Zips may
 * have to be made first, lists are asked of the origin, the database is another server.
 */
export type FileClass = 'small' | 'mutable' | 'zip' | 'database';

/** All of them. */
export const FILE_CLASSES: readonly FileClass[] = ['small', 'mutable', 'zip', 'database'];

/** The class of a kind of file. */
export function fileClassOf(kind: RemoteFile['kind']): FileClass {
  switch (kind) {
    case 'info':
    case 'mod':
      return 'small';
    case 'list':
    case 'latest':
    case 'query':
      return 'mutable';
    case 'zip':
      return 'zip';
    case 'sumdb-latest':
    case 'sumdb-lookup':
    case 'sumdb-supported':
    case 'sumdb-tile':
      return 'database';
  }
}

/**
 * Whether a mirror that does not have such a file yet fetches and makes it first, which may honestly take most of a
 * minute: what belongs to one version.
 */
export function isMadeFirst(fileClass: FileClass): boolean {
  return fileClass === 'small' || fileClass === 'zip';
}
