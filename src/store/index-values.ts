import type { Candidate, KnownFile } from './index-database.ts';
import {
  type Amount,
  type CopyTotals,
  type IndexChange,
  type IndexRow,
  type Keeping,
  keepingOf,
  sizeOfEtag,
} from './index-row.ts';
import { isOwn } from './provenance.ts';
import type { Provenance, StoreKey } from './store.ts';

/** What the column `written` has: 0 for what is not Rondo's to give up. */
export const WRITTEN: Readonly<Record<Keeping, number>> = { files: 1, answers: 2, records: 3 };

/** Named parameters of a statement. */
export type Values = Record<string, string | number | null>;

/** The values of a file that Rondo has put. */
export function putValues(key: StoreKey, put: Extract<IndexChange, { kind: 'put' }>): Values {
  const keeping = keepingOf(key);
  return {
    ...valuesOf(key, put.sizeBytes, put.etag, put.atS),
    ...provenanceValues(put.provenance ?? {}),
    // go puts checksum records there, too: one is Rondo's by what is written down of it.
    written: keeping === 'records' && put.provenance === undefined ? 0 : writtenAs(keeping),
  };
}

/** The values of a file whose provenance was written down. */
export function provedValues(key: StoreKey, provenance: Provenance): Values {
  const { etag, at } = provenance;
  const keeping = keepingOf(key);
  return {
    ...valuesOf(key, sizeOfEtag(etag) ?? 0, etag, at / 1000),
    ...provenanceValues(provenance),
    written: keeping === 'files' && !isOwn(provenance) ? 0 : writtenAs(keeping),
  };
}

/** The values of a row. */
export function rowValues(row: IndexRow): Values {
  return {
    ...valuesOf(row.key, row.sizeBytes, row.etag, row.lastRequestS),
    ...provenanceValues(row),
    written: writtenAs(row.written ? 'files' : row.beside),
  };
}

function writtenAs(keeping: Keeping | undefined): number {
  return keeping === undefined ? 0 : WRITTEN[keeping];
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
export function candidateFrom(row: Record<string, unknown>): Omit<Candidate, 'isNeeded'> {
  return { ...knownFrom(row), sizeBytes: Number(row['size']), lastRequestS: Number(row['last']) };
}

/** A row of the database. */
export function rowFrom(row: Record<string, unknown>): IndexRow {
  const { size, last, written, mirror, h1, verified, at } = row;
  return {
    ...knownFrom(row),
    sizeBytes: Number(size),
    lastRequestS: Number(last),
    written: written === WRITTEN.files,
    ...(written === WRITTEN.answers ? { beside: 'answers' } : {}),
    ...(written === WRITTEN.records ? { beside: 'records' } : {}),
    ...(typeof mirror === 'string' ? { mirror } : {}),
    ...(typeof h1 === 'string' ? { h1 } : {}),
    ...(verified === 'database' || verified === 'first-use' || verified === 'none' ? { verified } : {}),
    ...(typeof at === 'number' ? { at } : {}),
  };
}

/** The sums of the database. */
export function totalsFrom(rows: readonly Record<string, unknown>[]): CopyTotals {
  const own = amountFrom(rows, WRITTEN.files);
  const all = [own, amountFrom(rows, 0), amountFrom(rows, WRITTEN.records)];
  const sum = (of: keyof Amount): number => all.reduce((total, amount) => total + amount[of], 0);
  return { files: sum('files'), bytes: sum('bytes'), own };
}

/** One of the sums, by what `written` is. */
export function amountFrom(rows: readonly Record<string, unknown>[], written: number): Amount {
  return amountOf(rows.find((row) => row['written'] === written));
}

function amountOf(row: Record<string, unknown> | undefined): Amount {
  return { files: Number(row?.['files'] ?? 0), bytes: Number(row?.['bytes'] ?? 0) };
}
