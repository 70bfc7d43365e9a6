import { RondoError } from '../errors/rondo-error.ts';
import {
  hashTileOf,
  hashTilePath,
  recordsUpTo,
  tileAbove,
  TILE_HEIGHT,
  type HashTile,
} from '../gomod/hash-tile.ts';
import { HASH_BYTES, recordHash, storedHashIndex } from '../gomod/log-hashes.ts';
import type { SumdbFile } from '../gomod/module-file.ts';
import { parseLookupKey } from '../gomod/parse-store-key.ts';
import { parseTilePath } from '../gomod/tile-path.ts';
import { checkTiles, planTiles } from '../gomod/tile-proof.ts';
import { runAtOnce } from '../kit/at-once.ts';
import type { StoreKey } from '../store/store.ts';
import { parseLookup } from '../verify/prove-record.ts';
import { readCachedTile } from '../verify/prove-tiles.ts';
import { readSeal } from '../verify/seal-state.ts';
import type { SignedHead } from '../verify/tree-heads.ts';
import { openLocally, sealedTree, type LocalDatabase } from './local-database.ts';
import { saidOf, type Said } from './said.ts';
import type { CopyWork } from './work.ts';
import { say } from '../words/text.ts';

/** A file of a checksum database in the copy that is not well. */
export type RecordFinding = {
  readonly key: StoreKey;
  readonly kind: 'record' | 'tile';
  /** Of a record. */
  readonly module?: string;
  readonly version?: string;
  /** `unproven`: what would prove the record is not in the copy. `missing`: a tile that the sealed tree needs. */
  readonly state: 'wrong' | 'unproven' | 'missing';
  readonly why: Said;
};

/** A finding, and the validator of the file that it is about, if it is there. */
export type RecordFound = { readonly finding: RecordFinding; readonly etag?: string };

/** The keys of the records that the copy has kept of its databases, and that are not there. Throws as store.missing. */
export async function missingRecords({ store, databases, signal }: CopyWork): Promise<MissingRecord[]> {
  const missing: MissingRecord[] = [];
  for (const { name } of databases) {
    for await (const key of store.missing(`sumdb/${name}/lookup`)) {
      signal.throwIfAborted();
      const file = parseLookupKey(key, name);
      if (file !== undefined) missing.push({ key, module: file.module, version: file.version });
    }
  }
  return missing.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** A record that was kept, and is not there. */
export type MissingRecord = {
  readonly key: StoreKey;
  readonly module: string;
  readonly version: string;
};

/** What of the checksum databases was looked at. */
export type RecordsCheck = { readonly files: number; readonly found: readonly RecordFound[] };

/**
 * Holds every record and every tile of the checksum databases in the copy against the signed tree that it is sealed in.
 * A tile that this tree does not need, and whose proof is not there, is no finding: it proves itself to whoever uses
 * it. Where all records are sealed, a tile that one of them needs is missing if it is not there. Nothing is fetched or
 * changed.
 * @throws RondoError E_STORE; the signal's reason
 */
export async function verifyRecords(work: CopyWork): Promise<RecordsCheck> {
  const found: RecordFound[] = [];
  let files = 0;
  for (const { name, key: verifierKey } of work.databases) {
    const database = openLocally(verifierKey, work);
    const signed = await sealedTree(database);
    const lacking = new Set<StoreKey>();
    await runAtOnce(
      work.store.keys(`sumdb/${name}`),
      work.atOnce,
      async (key) => {
        // Before it is read: one that somebody puts there after that is not the one that was judged.
        const etag = (await work.store.get(key))?.etag;
        const finding = await verifyOne(key, database, signed, (tile) => {
          lacking.add(`sumdb/${name}/${hashTilePath(tile)}`);
        });
        if (finding === 'other') return;
        files += 1;
        if (finding !== undefined && etag !== undefined) found.push({ finding, etag });
      },
      work.signal,
    );
    // Else it may never have been there.
    if (!(await isAllSealed(database))) continue;
    const why = say('the sealed tree needs it, and it is not there');
    // One that is there and too short is wrong.
    const told = new Set(found.map(({ finding }) => finding.key));
    for (const key of lacking.difference(told)) {
      found.push({ finding: { key, kind: 'tile', state: 'missing', why } });
    }
  }
  return { files, found: found.toSorted((a, b) => (a.finding.key < b.finding.key ? -1 : 1)) };
}

type Result = RecordFinding | undefined | 'other';

async function verifyOne(
  key: StoreKey,
  database: LocalDatabase,
  signed: SignedHead | undefined,
  lacks: (tile: HashTile) => void,
): Promise<Result> {
  const db = database.key.name;
  const file = parseLookupKey(key, db);
  if (file !== undefined) return verifyRecord(key, file, database, signed, lacks);
  const parsed = parseTilePath(key.slice(`sumdb/${db}/`.length));
  const tile = parsed && hashTileOf(parsed);
  return tile?.height === TILE_HEIGHT ? verifyTile(key, tile, database, signed) : 'other';
}

async function verifyRecord(
  key: StoreKey,
  file: Extract<SumdbFile, { kind: 'sumdb-lookup' }>,
  database: LocalDatabase,
  signed: SignedHead | undefined,
  lacks: (tile: HashTile) => void,
): Promise<Result> {
  const { ops, prover } = database;
  const { module, version } = file;
  const finding = (state: RecordFinding['state'], why: Said): RecordFinding => ({
    key,
    kind: 'record',
    module,
    version,
    state,
    why,
  });
  const cached = await ops.readCache(file);
  // Removed since the walk.
  if (cached === undefined) return undefined;
  let index: number | undefined;
  try {
    const { id, text } = parseLookup(cached.bytes, module, version);
    index = id;
    if (signed === undefined || id >= signed.head.size) {
      return cached.proven ? undefined : finding('unproven', say('the copy has no signed tree with it'));
    }
    const proof = await prover.prove(signed.head, [storedHashIndex(0, id)], { local: true, via: undefined });
    if (proof.hashes[0]?.equals(recordHash(text)) === true) return undefined;
    return finding('wrong', say('the signed tree has another record in its place'));
  } catch (error) {
    if (!(error instanceof RondoError)) throw error;
    if (error.code === 'E_BAD_CONTENT') return finding('wrong', saidOf(error));
    if (signed !== undefined && index !== undefined) {
      for (const tile of await lackingTiles(index, signed, database)) lacks(tile);
    }
    // It was proven when it was kept.
    return cached.proven ? undefined : finding('unproven', saidOf(error));
  }
}

/** Which tiles of the record's proof the copy has not, in no width. */
async function lackingTiles(
  id: number,
  { head }: SignedHead,
  { key: { name }, ops }: LocalDatabase,
): Promise<HashTile[]> {
  const plan = planTiles(head, [storedHashIndex(0, id)], TILE_HEIGHT);
  const held = await Promise.all((plan?.tiles ?? []).map((tile) => readCachedTile(name, ops, tile)));
  return (plan?.tiles ?? []).filter((_, index) => held[index] === undefined);
}

/** No process has kept anything of the database since the copy was sealed. */
async function isAllSealed({ key, ops }: LocalDatabase): Promise<boolean> {
  const { head, open } = await readSeal(key, ops);
  return head !== undefined && open.length === 0;
}

async function verifyTile(
  key: StoreKey,
  tile: HashTile,
  { key: { name }, ops }: LocalDatabase,
  signed: SignedHead | undefined,
): Promise<Result> {
  const path = key.slice(`sumdb/${name}/`.length);
  const cached = await ops.readCache({ kind: 'sumdb-tile', db: name, path, data: false });
  if (cached === undefined) return undefined;
  const wrong = (why: Said): RecordFinding => ({ key, kind: 'tile', state: 'wrong', why });
  const { bytes } = cached;
  if (bytes.length !== tile.width * HASH_BYTES)
    return wrong(say('it has {count} bytes', { count: bytes.length }));
  if (signed === undefined || recordsUpTo(tile) > signed.head.size) return undefined;
  const wide = tileAbove(tile, 0, signed.head.size);
  const last = storedHashIndex(TILE_HEIGHT * tile.level, tile.index * 2 ** TILE_HEIGHT + tile.width - 1);
  const plan = planTiles(signed.head, [last], TILE_HEIGHT);
  if (wide === undefined || plan === undefined) return undefined;
  const held = await Promise.all(plan.tiles.map((each) => readCachedTile(name, ops, each)));
  const candidates = held.flatMap((each) => (each === undefined ? [] : [[each]]));
  // What would prove it is not in the copy.
  if (candidates.length < held.length) return undefined;
  const own = plan.tiles.findIndex(({ level, index }) => level === tile.level && index === tile.index);
  const check = checkTiles(plan, candidates);
  if (check.kind === 'proven') {
    const right = held[own]?.subarray(0, bytes.length);
    return right?.equals(bytes) === true ? undefined : wrong(say('the signed tree has another one'));
  }
  if (!check.tiles.includes(own) || tile.width !== wide.width) return undefined;
  // Which of the edge's tiles it is, only all of them together could tell.
  return wrong(
    own < plan.edges
      ? say('it is on an edge that does not fit the signed tree')
      : say('the signed tree has another one'),
  );
}
