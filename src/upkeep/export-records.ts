import { RondoError } from '../errors/rondo-error.ts';
import { hashTilePath, TILE_HEIGHT, type HashTile } from '../gomod/hash-tile.ts';
import { recordHash, storedHashIndex, subtreeIndexes } from '../gomod/log-hashes.ts';
import type { SumdbFile } from '../gomod/module-file.ts';
import { parseLookupKey } from '../gomod/parse-store-key.ts';
import { storeKey } from '../gomod/store-key.ts';
import { planTiles } from '../gomod/tile-proof.ts';
import { runAtOnce } from '../kit/at-once.ts';
import type { PlainFolder } from '../store/plain-folder.ts';
import { ownEdge } from '../verify/own-edge.ts';
import { formatLookup, parseLookup } from '../verify/prove-record.ts';
import { readServed } from '../verify/seal-state.ts';
import { openHead, type SignedHead } from '../verify/tree-heads.ts';
import { openLocally, sealedTree, type LocalDatabase } from './local-database.ts';
import { saidOf, type Said } from './said.ts';
import type { CopyWork } from './work.ts';
import { say } from '../words/text.ts';

/** A version that is exported. */
export type ExportedVersion = { readonly module: string; readonly version: string };

/** A version whose record a client of the folder could not have proven, and why. */
export type UnsealedRecord = ExportedVersion & { readonly database: string; readonly why: Said };

/** What was written of the checksum databases. */
export type RecordsExport = {
  readonly records: number;
  /** The size of the tree under which they are, by database. */
  readonly trees: Readonly<Record<string, number>>;
  readonly unsealed: readonly UnsealedRecord[];
};

/**
 * Writes what a client of `GOPROXY=file://…` asks of the checksum databases: for each version its record under one
 * signed tree, the one that the copy is sealed in, with the tiles that prove it there, each exactly as wide as that tree
 * has it, since a file is all or nothing. Records that the folder has from before are put under the same tree: two
 * trees would need a proof of their own. Nothing is fetched: what the copy cannot prove is named.
 * @throws the signal's reason; RondoError E_STORE where the folder cannot be written
 */
export async function exportRecords(
  versions: readonly ExportedVersion[],
  folder: PlainFolder,
  work: CopyWork,
): Promise<RecordsExport> {
  const report = { records: 0, trees: {} as Record<string, number>, unsealed: [] as UnsealedRecord[] };
  for (const [at, { name, key }] of work.databases.entries()) {
    const database = openLocally(key, work);
    const wanted = await lookupsOf(name, versions, folder);
    // Content is verified by the first database; of the others there is what clients have asked for.
    const result = await exportDatabase(database, wanted, at === 0, folder, work);
    report.records += result.records;
    report.unsealed.push(...result.unsealed);
    if (result.records > 0 && result.size !== undefined) report.trees[name] = result.size;
  }
  return report;
}

const LOCAL = { local: true, via: undefined } as const;

type LookupFile = Extract<SumdbFile, { kind: 'sumdb-lookup' }>;

/** Those of the versions, and those that the folder has already. */
async function lookupsOf(
  db: string,
  versions: readonly ExportedVersion[],
  folder: PlainFolder,
): Promise<LookupFile[]> {
  const wanted = new Map<string, LookupFile>();
  for (const { module, version } of versions) {
    const file: LookupFile = { kind: 'sumdb-lookup', db, module, version };
    wanted.set(storeKey(file), file);
  }
  for await (const key of folder.keys(`sumdb/${db}/lookup`)) {
    const file = parseLookupKey(key, db);
    if (file !== undefined) wanted.set(key, file);
  }
  return [...wanted.values()];
}

async function exportDatabase(
  database: LocalDatabase,
  wanted: readonly LookupFile[],
  isNeeded: boolean,
  folder: PlainFolder,
  work: CopyWork,
): Promise<{ records: number; size: number | undefined; unsealed: UnsealedRecord[] }> {
  const unsealed: UnsealedRecord[] = [];
  const db = database.key.name;
  const signed = await sealedTree(database);
  const tooNew = signed && (await isOlderThanFolder(signed, database, folder));
  const why = signed === undefined ? say('the copy knows no signed tree') : tooNew;
  let records = 0;
  await runAtOnce(
    wanted,
    work.atOnce,
    async (file) => {
      const problem = why ?? (signed && (await exportRecord(file, signed, database, folder, work)));
      if (problem === undefined) records += 1;
      else if (isNeeded)
        unsealed.push({ module: file.module, version: file.version, database: db, why: problem });
    },
    work.signal,
  );
  if (records > 0 && signed !== undefined) {
    await exportServedTrees(signed, database, folder);
    await put(`sumdb/${db}/latest`, Buffer.from(signed.note), folder);
    await put(`sumdb/${db}/supported`, Buffer.alloc(0), folder);
  }
  return { records, size: signed?.head.size, unsealed };
}

/** Records under two trees would contradict each other for a client that cannot ask for the proof between them. */
async function isOlderThanFolder(
  signed: SignedHead,
  { key }: LocalDatabase,
  folder: PlainFolder,
): Promise<Said | undefined> {
  const note = await folder.latestTree(key.name);
  const opened = note === undefined ? undefined : openHead(note.toString('utf8'), key);
  if (opened?.kind !== 'signed' || opened.signed.head.size <= signed.head.size) return undefined;
  return say('the folder has records under a newer tree');
}

/**
 * What proves the trees that clients may bring along: those that this copy has given, and those of what was imported.
 * Each also by the edge that it has itself, in exactly that width. As far as the copy has it.
 */
async function exportServedTrees(
  { head }: SignedHead,
  { key, ops, prover }: LocalDatabase,
  folder: PlainFolder,
): Promise<void> {
  for (const size of await readServed(ops)) {
    if (size > head.size) continue;
    const indexes = subtreeIndexes(0, size);
    const proof = await prover.prove(head, indexes, LOCAL).catch(unlessBug);
    const plan = planTiles(head, indexes, TILE_HEIGHT);
    if (proof === undefined || plan === undefined) continue;
    for (const tile of plan.tiles) await putTile(key.name, tile, proof.tile(tile)?.bytes, folder);
    for (const { tile, bytes } of ownEdge(size, head, proof)) await putTile(key.name, tile, bytes, folder);
  }
}

function unlessBug(error: unknown): undefined {
  if (!(error instanceof RondoError) || error.kind === 'bug') throw error;
}

/** Writes one record with the tiles that prove it; what keeps it from being one, in words. */
async function exportRecord(
  file: LookupFile,
  signed: SignedHead,
  database: LocalDatabase,
  folder: PlainFolder,
  work: CopyWork,
): Promise<Said | undefined> {
  try {
    const cached = await database.ops.readCache(file);
    if (cached === undefined) return say('its record is not in the copy');
    const record = parseLookup(cached.bytes, file.module, file.version);
    const index = storedHashIndex(0, record.id);
    const plan = planTiles(signed.head, [index], TILE_HEIGHT);
    if (plan === undefined) return say('its record is of a newer tree');
    const proof = await database.prover.prove(signed.head, [index], LOCAL);
    if (proof.hashes[0]?.equals(recordHash(record.text)) !== true)
      return say('its record is not in the signed tree');
    // The proof first: a record that is there can be proven.
    for (const tile of plan.tiles) await putTile(file.db, tile, proof.tile(tile)?.bytes, folder);
    await put(storeKey(file), Buffer.from(formatLookup({ ...record, note: signed.note })), folder);
    return undefined;
  } catch (error) {
    work.signal.throwIfAborted();
    if (!(error instanceof RondoError) || error.kind === 'storage') throw error;
    return saidOf(error);
  }
}

async function putTile(
  db: string,
  tile: HashTile,
  bytes: Buffer | undefined,
  folder: PlainFolder,
): Promise<void> {
  if (bytes === undefined)
    throw new RondoError(
      'E_BUG',
      say('{hashTilePath} is not in its own proof', { hashTilePath: hashTilePath(tile) }),
    );
  await put(`sumdb/${db}/${hashTilePath(tile)}`, bytes, folder);
}

/** Only if it is not there already: many records share their tiles. */
async function put(key: string, bytes: Buffer, folder: PlainFolder): Promise<void> {
  if ((await folder.get(key))?.bytes?.equals(bytes) !== true) await folder.put(key, { bytes });
}
