import { ChecksumDatabase, type ChecksumDatabaseSnapshot } from './checksum-database.ts';
import type { Fault, FaultScope } from './mirror-fault.ts';
import type { MirrorOptions, MirrorRequest, MirrorWorld } from './mirror-server.ts';

/** T with the database in the form that crosses a process border. */
export type Portable<T extends MirrorWorld> = Omit<T, 'database'> & {
  readonly snapshot?: ChecksumDatabaseSnapshot;
};

/** What the test asks of a mirror process. */
export type MirrorCall =
  | { readonly call: 'start'; readonly options: Portable<MirrorOptions> }
  | { readonly call: 'set-fault'; readonly fault: Fault; readonly scope: FaultScope }
  | { readonly call: 'clear-faults' }
  | { readonly call: 'requests' }
  | { readonly call: 'reset-log' }
  | { readonly call: 'publish'; readonly world: Portable<MirrorWorld> };

/** A call on its way to the mirror process. */
export type MirrorCallMessage = { readonly id: number; readonly call: MirrorCall };

/** The answer to the call of the same `id`. */
export type MirrorCallResult = {
  readonly id: number;
  readonly error?: string;
  /** After `start`. */
  readonly started?: { readonly url: string; readonly port: number };
  /** After `requests`. */
  readonly requests?: MirrorRequest[];
};

/** Makes a world fit for another process. */
export function toPortable<T extends MirrorWorld>(world: T): Portable<T> {
  const { database, ...rest } = world;
  return { ...rest, ...(database && { snapshot: database.snapshot() }) };
}

/** The reverse of `toPortable`. */
export function fromPortable<T extends MirrorWorld>(
  portable: Portable<T>,
): Omit<T, 'database'> & MirrorWorld {
  const { snapshot, ...rest } = portable;
  const database = snapshot && ChecksumDatabase.restore(snapshot);
  return { ...rest, ...(database && { database }) } as Omit<T, 'database'> & MirrorWorld;
}
