import type { RestRequest } from '../upstream/attempt.ts';

/** The beginning of a file that is here already, from transfers that broke, and what its rest may be asked by. */
export type ResumePoint = {
  /** How many bytes are here. */
  readonly bytes: number;
  /** The mirror that was the last to give some of them. */
  readonly mirror: string;
  /** Whether that mirror is asked before all others; `alone`: only where no other may be asked. */
  readonly first: 'yes' | 'alone' | 'no';
  /** What it vouches for these bytes with; without one it may have another file by now. */
  readonly validator?: string;
  /** The length that the file should have: absent where the rest may not come from a file that is only supposed to be the same. */
  readonly totalBytes?: number;
};

/** What the mirror `name` is asked for: the rest, where it can be joined to what is here; undefined: all of it. */
export function restFrom(name: string, point: ResumePoint | undefined): RestRequest | undefined {
  if (point === undefined) return undefined;
  const { bytes: fromBytes, mirror, validator, totalBytes } = point;
  const length = totalBytes === undefined ? {} : { totalBytes };
  if (name === mirror && validator !== undefined) return { fromBytes, validator, ...length };
  return totalBytes === undefined ? undefined : { fromBytes, totalBytes };
}
