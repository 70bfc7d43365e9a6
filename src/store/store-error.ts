import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { say, type Text } from '../words/text.ts';

/** Whose folder fails: the copy's, or another that a command was given. */
export type FolderOf = 'copy' | 'user';

type Remedy = 'space' | 'place' | 'rights' | 'fileSize' | 'openFiles';

const WORDS: Readonly<Record<string, { says: Text; remedy: Remedy }>> = {
  ENOSPC: { says: say('the disk is full'), remedy: 'space' },
  EDQUOT: { says: say('the disk quota is used up'), remedy: 'space' },
  EFBIG: { says: say('the file is larger than this process may write'), remedy: 'fileSize' },
  EROFS: { says: say('the file system is read-only'), remedy: 'place' },
  EACCES: { says: say('permission denied'), remedy: 'rights' },
  EPERM: { says: say('not permitted'), remedy: 'rights' },
  ENOTDIR: { says: say('a file stands where a folder is needed'), remedy: 'place' },
  EEXIST: { says: say('a file stands where a folder is needed'), remedy: 'place' },
  EMFILE: { says: say('too many open files'), remedy: 'openFiles' },
};

const LIMITS = {
  fileSize: say('raise the limit: {command}', { command: 'ulimit -f' }),
  openFiles: say('raise the limit: {command}', { command: 'ulimit -n' }),
} as const;

const HINTS: Readonly<Record<FolderOf, Readonly<Record<Remedy, Text>>>> = {
  copy: {
    ...LIMITS,
    space: say('free some space on the disk of the cache folder'),
    place: say('choose another folder with --cache-dir'),
    rights: say('make the cache folder writable for this user'),
  },
  user: {
    ...LIMITS,
    space: say('free some space on the disk of that folder, or name another'),
    place: say('name another folder'),
    rights: say('give this user the rights to that folder, or name another'),
  },
};

/** The errno name of a failed system call, e.g. `ENOSPC`; `undefined` for anything else. */
export function errnoOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}

/** Whether a failed system call says that there is no such file. */
export function saysAbsent(thrown: unknown): boolean {
  const errno = errnoOf(thrown);
  return errno === 'ENOENT' || errno === 'ENOTDIR' || errno === 'EISDIR' || errno === 'ENAMETOOLONG';
}

/** What a failed system call means, in words without paths of this machine, and what helps. */
export function explain(
  thrown: unknown,
  whose: FolderOf = 'copy',
): { says: Text | string; hint: Text | undefined } {
  const errno = errnoOf(thrown);
  if (errno === undefined) return { says: messageOf(thrown), hint: undefined };
  const known = WORDS[errno];
  return known === undefined
    ? { says: errno, hint: undefined }
    : { says: say('{says} ({errno})', { says: known.says, errno }), hint: HINTS[whose][known.remedy] };
}

/**
 * A failure of the copy, or of a folder that a command was given, as RondoError E_STORE: `cannot <task>: <why>`. A RondoError passes untouched.
 * The message may reach clients, so it names no path.
 */
export function storeError(task: Text, thrown: unknown, whose: FolderOf = 'copy'): RondoError {
  if (thrown instanceof RondoError) return thrown;
  const { says, hint } = explain(thrown, whose);
  return new RondoError('E_STORE', say('cannot {task}: {says}', { task, says }), {
    cause: thrown,
    ...(hint === undefined ? {} : { hint }),
  });
}
