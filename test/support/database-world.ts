import { ChecksumDatabase } from './checksum-database.ts';
import type { DatabaseLie } from './database-lies.ts';
import {
  memoryDatabaseOps,
  type DatabaseMemory,
  type DatabaseSource,
  type MemoryDatabaseOps,
} from './memory-database-ops.ts';
import { RondoError } from '../../src/errors/rondo-error.ts';
import type { SumdbFile } from '../../src/gomod/module-file.ts';
import { parseVerifierKey } from '../../src/gomod/verifier-key.ts';
import { createDatabaseClient, type DatabaseClient } from '../../src/verify/database-client.ts';
import type { Reach } from '../../src/verify/database-ops.ts';

/** The database of these worlds. */
export const DB = 'sum.rondo.test';
/** A hash of its records. */
export const H1 = 'h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
/** Another one. */
export const FORGED = 'h1:AAAAQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
/** As far as there is anybody to ask. */
export const REACH: Reach = { local: false, via: undefined };
/** No further than the copy. */
export const LOCAL: Reach = { local: true, via: undefined };

/** The lookup of the `n`th record. */
export function lookup(n: number): Extract<SumdbFile, { kind: 'sumdb-lookup' }> {
  return { kind: 'sumdb-lookup', db: DB, module: `example.com/m${n}`, version: 'v1.0.0' };
}

/** The tile of this path. */
export function tile(path: string): Extract<SumdbFile, { kind: 'sumdb-tile' }> {
  return { kind: 'sumdb-tile', db: DB, path, data: path.includes('/data/') };
}

/** Appends the next `count` records. */
export function grow(database: ChecksumDatabase, count: number, h1: string = H1): ChecksumDatabase {
  const from = database.size;
  for (let n = from; n < from + count; n += 1) database.add(`example.com/m${n}`, 'v1.0.0', h1, H1);
  return database;
}

/** 600 records: two levels of tiles, both with a partial one. */
export const HONEST: ChecksumDatabase = grow(new ChecksumDatabase(DB), 600);

/** HONEST, passed on by somebody who is not. */
export function lying(...lies: readonly DatabaseLie[]): ChecksumDatabase {
  const liar = HONEST.copy();
  liar.lie(...lies);
  return liar;
}

/** 700 records of the same key, of which the first 300 are others. */
export function fork(): ChecksumDatabase {
  return grow(grow(new ChecksumDatabase(DB), 300, FORGED), 400);
}

let processes = 0;

/** A client of HONEST's key, and its effects. */
export type DatabaseWorld = { readonly client: DatabaseClient; readonly ops: MemoryDatabaseOps };

/** A new client that asks `sources` in their order; with `memory` of an earlier one, as after a restart. */
export function world(
  sources: Readonly<Record<string, DatabaseSource>>,
  memory?: DatabaseMemory,
): DatabaseWorld {
  const ops = memoryDatabaseOps(DB, sources, memory);
  return {
    client: createDatabaseClient(parseVerifierKey(HONEST.key), `process ${(processes += 1)}`, ops),
    ops,
  };
}

/** The code of what a promise rejects with, `ok` if it does not. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'ok',
    (error: unknown) => (error instanceof RondoError ? error.code : String(error)),
  );
}

/** What a lookup gave: go.sum lines, with a `?` where they are not proven, or the code of its error. */
export async function saidOf(client: DatabaseClient, n: number, reach: Reach = REACH): Promise<string> {
  try {
    const found = await client.lookup(lookup(n), reach);
    return found.kind === 'absent' ? found.words : `${found.record.text}${found.proven ? '' : '?'}`;
  } catch (error) {
    return error instanceof RondoError ? error.code : String(error);
  }
}

/** The go.sum lines of the `n`th record. */
export function truth(n: number): string {
  return `example.com/m${n} v1.0.0 ${H1}\nexample.com/m${n} v1.0.0/go.mod ${H1}\n`;
}
