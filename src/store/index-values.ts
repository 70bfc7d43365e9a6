import type { Candidate, KnownFile } from './index-database.ts';
import { type CopyTotals, type IndexChange, type IndexRow, isVersionFile, sizeOfEtag } from './index-row.ts';
import { isOwn } from './provenance.ts';
import type { Provenance, StoreKey } from './store.ts';

/** Named parameters of a statement. */
export type Values = Record<string, string | number | null>;

/** The values of a file that Rondo has put. */
export function putValues(key: StoreKey, put: Extract<IndexChange, { kind: 'put' }>): Values {
  return {
    ...valuesOf(key, put.sizeBytes, put.etag, put.atS),
    ...provenanceValues(put.provenance ?? {}),
    written: isVersionFile(key) ? 1 : 0,
  };
}

/** The values of a file whose provenance was written down. */
export function provedValues(key: StoreKey, provenance: Provenance): Values {
  const { etag, at } = provenance;
  return {
    ...valuesOf(key, sizeOfEtag(etag) ?? 0, etag, at / 1000),
    ...provenanceValues(provenance),
    written: isOwn(provenance) && isVersionFile(key) ? 1 : 0,
  };
}

/** The values of a row. */
export function rowValues(row: IndexRow): Values {
  return {
    ...valuesOf(row.key, row.sizeBytes, row.etag, row.lastRequestS),
    ...provenanceValues(row),
    written: row.written ? 1 : 0,
  };
}

function valuesOf(key: StoreKey, sizeBytes: number, etag: string, lastS: number): Values {
  return { key, size: sizeBytes, etag, last: whole(lastS) ?? 0 };
}

function provenanceValues(known: Partial<Pick<Provenance, 'mirror' | 'h1' | 'verified' | 'at'>>): Values {
  const { mirror, h1, verified, at } = known;
  return { mirror: mirror ?? null, h1: h1 ?? null, verified: verified ?? null, at: whole(at) ?? null };
}

/** A time as the tables take it: records may have been written by anybody, and one bad value would spoil its batch. */
function whole(value: number | undefined): number | undefined {
  const floor = Math.floor(value ?? Number.NaN);
  return Number.isSafeInteger(floor) ? floor : undefined;
}

/** Which file a row of the database speaks of. */
export function knownFrom(row: Record<string, unknown>): KnownFile {
  return { key: String(row['key']), etag: String(row['etag']) };
}

/** A row of the database as one that may be given up. */
export function candidateFrom(row: Record<string, unknown>): Candidate {
  return { ...knownFrom(row), sizeBytes: Number(row['size']), lastRequestS: Number(row['last']) };
}

/** A row of the database. */
export function rowFrom(row: Record<string, unknown>): IndexRow {
  const { size, last, written, mirror, h1, verified, at } = row;
  return {
    ...knownFrom(row),
    sizeBytes: Number(size),
    lastRequestS: Number(last),
    written: written === 1,
    ...(typeof mirror === 'string' ? { mirror } : {}),
    ...(typeof h1 === 'string' ? { h1 } : {}),
    ...(verified === 'database' || verified === 'first-use' || verified === 'none' ? { verified } : {}),
    ...(typeof at === 'number' ? { at } : {}),
  };
}

/** The sums of the database. */
export function totalsFrom(rows: readonly Record<string, unknown>[]): CopyTotals {
  const own = amountOf(rows.find((row) => row['written'] === 1));
  const others = amountOf(rows.find((row) => row['written'] === 0));
  return { files: own.files + others.files, bytes: own.bytes + others.bytes, own };
}

function amountOf(row: Record<string, unknown> | undefined): { files: number; bytes: number } {
  return { files: Number(row?.['files'] ?? 0), bytes: Number(row?.['bytes'] ?? 0) };
}
