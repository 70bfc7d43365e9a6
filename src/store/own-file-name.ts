import { randomBytes } from 'node:crypto';
import { errnoOf } from './store-error.ts';

/**
 * Everything unfinished that Rondo writes begins with this, so that a sweep can tell it from files of
 * `go` and of people. It ends in none of the suffixes that `go` looks for in a download cache.
 */
const OWN_PREFIX = '.rondo-';

/** Tells this process from an earlier one with the same id: in a container every start may be pid 1. */
const PROCESS_TOKEN = randomBytes(6).toString('hex');

const OWN_NAME = /^\.rondo-(\d{1,10})-([0-9a-f]{12})-(\d+)$/;

let count = 0;

/** A new name for an unfinished file: `.rondo-<pid>-<process token>-<counter>`. Never given twice. */
export function ownFileName(): string {
  count += 1;
  return `${OWN_PREFIX}${process.pid}-${PROCESS_TOKEN}-${count}`;
}

/** Who wrote an unfinished file; `undefined` for a name that is not Rondo's own. */
export function ownerOf(name: string): { pid: number; token: string } | undefined {
  const match = OWN_NAME.exec(name);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { pid: Number(match[1]), token: match[2] };
}

/** Whether the writer of an unfinished file may still be at work. */
export function ownerMayRun(
  owner: { pid: number; token: string },
  processRuns: (pid: number) => boolean,
): boolean {
  if (owner.pid === process.pid) return owner.token === PROCESS_TOKEN;
  return processRuns(owner.pid);
}

/** Whether a process with this id runs here, by signal 0; one that we may not signal runs. */
export function processRuns(pid: number): boolean {
  // 0 and negative numbers would ask about whole process groups.
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) !== 'ESRCH';
  }
}
