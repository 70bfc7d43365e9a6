import { messageOf, RondoError } from '../errors/rondo-error.ts';

const WORDS: Readonly<Record<string, { says: string; hint: string }>> = {
  ENOSPC: { says: 'the disk is full', hint: 'free some space on the disk of the cache folder' },
  EDQUOT: { says: 'the disk quota is used up', hint: 'free some space on the disk of the cache folder' },
  EFBIG: { says: 'the file is larger than this process may write', hint: 'raise the limit: ulimit -f' },
  EROFS: { says: 'the file system is read-only', hint: 'choose another folder with --cache-dir' },
  EACCES: { says: 'permission denied', hint: 'make the cache folder writable for this user' },
  EPERM: { says: 'not permitted', hint: 'make the cache folder writable for this user' },
  ENOTDIR: { says: 'a file stands where a folder is needed', hint: 'choose another folder with --cache-dir' },
  EEXIST: { says: 'a file stands where a folder is needed', hint: 'choose another folder with --cache-dir' },
  EMFILE: { says: 'too many open files', hint: 'raise the limit: ulimit -n' },
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
export function explain(thrown: unknown): { says: string; hint: string | undefined } {
  const errno = errnoOf(thrown);
  if (errno === undefined) return { says: messageOf(thrown), hint: undefined };
  const known = WORDS[errno];
  return known === undefined
    ? { says: errno, hint: undefined }
    : { says: `${known.says} (${errno})`, hint: known.hint };
}

/**
 * A failure of the copy as RondoError E_STORE: `cannot <task>: <why>`. A RondoError passes untouched.
 * The message may reach clients, so it names no path.
 */
export function storeError(task: string, thrown: unknown): RondoError {
  if (thrown instanceof RondoError) return thrown;
  const { says, hint } = explain(thrown);
  return new RondoError('E_STORE', `cannot ${task}: ${says}`, {
    cause: thrown,
    ...(hint === undefined ? {} : { hint }),
  });
}
