import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { errnoOf } from './store-error.ts';

/**
 * Everything unfinished that Rondo writes begins with this, so that a sweep can tell it from files of
 * `go` and of people. It ends in none of the suffixes that `go` looks for in a download cache.
 */
const OWN_PREFIX = '.rondo-';

/** Tells this process from an earlier one with the same id: in a container every start may be pid 1. */
const PROCESS_TOKEN = randomBytes(6).toString('hex');

const OWN_NAME = /^\.rondo-(\d{1,10})(?:-([0-9a-f]{8}))?-([0-9a-f]{12})-(\d+)$/;

/** Who wrote an unfinished file. */
export type FileOwner = {
  readonly pid: number;
  readonly token: string;
  /** Where that number is a process; undefined where nobody knew. */
  readonly place: string | undefined;
};

let count = 0;
let place: string | undefined | null = null;

/** A new name for an unfinished file: `.rondo-<pid>-<place>-<process token>-<counter>`. Never given twice. */
export function ownFileName(): string {
  count += 1;
  const here = ownPlace();
  return `${OWN_PREFIX}${process.pid}-${here === undefined ? '' : `${here}-`}${PROCESS_TOKEN}-${count}`;
}

/** Who wrote an unfinished file; `undefined` for a name that is not Rondo's own. */
export function ownerOf(name: string): FileOwner | undefined {
  const match = OWN_NAME.exec(name);
  if (match?.[1] === undefined || match[3] === undefined) return undefined;
  return { pid: Number(match[1]), token: match[3], place: match[2] };
}

/** Whether the writer of an unfinished file was certainly started where this process was: the same numbers are the same processes. */
export function isFromHere(owner: FileOwner): boolean {
  return owner.place !== undefined && owner.place === ownPlace();
}

/**
 * One start of one machine, and on that one space of process numbers, which each container has for itself (Linux,
 * pid_namespaces(7)). Undefined where the system does not tell.
 */
function ownPlace(): string | undefined {
  if (place !== null) return place;
  try {
    const parts = [
      hostname(),
      readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'),
      readlinkSync('/proc/self/ns/pid'),
    ];
    place = createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 8);
  } catch {
    place = undefined;
  }
  return place;
}

/** Whether the writer of an unfinished file may still be at work. */
export function ownerMayRun(
  owner: Pick<FileOwner, 'pid' | 'token'>,
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
