import * as z from 'zod';
import type { Provenance, StoreKey } from './store.ts';

/** Provenance records are in a folder of their own, so that a walk finds them by the keys of the files. */
const FOLDER = 'files/';

/** What a provenance record must look like; the folder is writable by other programs. */
const schema = z.object({
  verified: z.enum(['database', 'first-use', 'none']),
  h1: z.string().max(200).optional(),
  etag: z.string().max(200),
  mirror: z.string().max(500).optional(),
  written: z.literal(true).optional(),
  at: z.number(),
});

/** The name of the record that says where the file `key` came from. */
export function provenanceName(key: StoreKey): string {
  return `${FOLDER}${key}`;
}

/** The key of the file that a record speaks of; `undefined` for records of other kinds. */
export function keyOfProvenance(recordName: string): StoreKey | undefined {
  return recordName.startsWith(FOLDER) ? recordName.slice(FOLDER.length) : undefined;
}

/** What a record says; `undefined` where there is none, or it is none. */
export function parseProvenance(record: unknown): Provenance | undefined {
  const { data } = schema.safeParse(record);
  if (data === undefined) return undefined;
  const { verified, etag, at, h1, mirror, written } = data;
  return {
    verified,
    etag,
    at,
    ...(h1 === undefined ? {} : { h1 }),
    ...(mirror === undefined ? {} : { mirror }),
    ...(written === undefined ? {} : { written }),
  };
}

/** Whether Rondo wrote the file itself. Records of before `written` was kept have a mirror then. */
export function isOwn({ written, mirror }: Provenance): boolean {
  return written === true || mirror !== undefined;
}

/** What is left of a provenance when Rondo has given the file up: what its hash was, and no word of who wrote it. */
export function withoutFile({ written: _written, mirror: _mirror, ...rest }: Provenance): Provenance {
  return rest;
}
