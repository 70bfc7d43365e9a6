import { LRUCache } from 'lru-cache';
import { saidBy, RondoError } from '../errors/rondo-error.ts';
import { fullWidth, hashTilePath, TILE_HEIGHT, type HashTile } from '../gomod/hash-tile.ts';
import { HASH_BYTES } from '../gomod/log-hashes.ts';
import type { SumdbFile } from '../gomod/module-file.ts';
import { checkTiles, planTiles, plannedHashes, type TilePlan } from '../gomod/tile-proof.ts';
import type { TreeHead } from '../gomod/tree-head.ts';
import { ownBytes } from '../kit/own-bytes.ts';
import type { DatabaseOps, Reach, RemoteAnswer } from './database-ops.ts';
import { say } from '../words/text.ts';

/** Stored hashes of a tree that its tiles have proven. */
export type Proof = {
  readonly hashes: readonly Buffer[];
  /** The bytes of a tile that the proof needed, as wide as the tree has it. */
  tile(tile: HashTile): ProvenTile | undefined;
  /** Other hashes of the same tiles; `undefined` where they need more. */
  also(indexes: readonly number[]): readonly Buffer[] | undefined;
  /**
   * The tree is one that is believed: now its tiles are kept, and who gave other ones is charged. Resolves
   * when they are written.
   */
  keep(): Promise<void>;
  /** The same, and makes sure that the cache has each tile in exactly the width that the tree has: as a file, not in memory. */
  hold(): Promise<void>;
};

/** Proves stored hashes by tiles of height 8. */
export type TileProver = {
  /**
   * `believed` is a tree that was merged already: what is in memory needs no second proof in it.
   * @throws RondoError E_CHECKSUM_DB_UNREACHABLE where a tile is not to be had; E_CHECKSUM_UNPROVEN where what
   * everybody gives contradicts the tree; E_OFFLINE where the cache has not enough and `local` is set.
   */
  prove(head: TreeHead, indexes: readonly number[], reach: Reach, believed?: 'believed'): Promise<Proof>;
};

/** A tile that is proven, and who gave it: nobody for what was in the cache. */
type ProvenTile = { readonly bytes: Buffer; readonly source?: string };
/** One content of one tile, and who gave it: nobody for what was in the cache. */
type Candidate = { readonly bytes: Buffer; readonly sources: Set<string>; readonly cached: boolean };
type Gathered = { readonly candidates: Candidate[][]; readonly errors: (Error | undefined)[] };

/** Proven tiles in memory: 1000 full ones. A build needs a few hundred. */
const MEMORY_BYTES = 8 * 1024 * 1024;
const NOTHING_TO_KEEP = { keep: () => Promise.resolve(), hold: () => Promise.resolve() };
/** As many mirrors as that may lie about one tile. */
const MAX_ROUNDS = 12;

/** A prover of the trees of database `db`. All trees that are kept must be of one timeline. */
export function createTileProver(db: string, ops: DatabaseOps): TileProver {
  const known = new LRUCache<string, Buffer>({
    maxSize: MEMORY_BYTES,
    sizeCalculation: ({ length }) => length,
  });
  const gather = createGathering(db, ops, known);
  return {
    async prove(head, indexes, reach, believed) {
      if (head.size === 0) return proofOf(undefined, [], NOTHING_TO_KEEP);
      const plan = planTiles(head, indexes, TILE_HEIGHT);
      if (plan === undefined)
        throw new RondoError('E_BUG', say('{db}: a hash beyond the tree is asked for', { db }));
      const remembered = believed && fromMemory(plan, known);
      if (remembered !== undefined) return remembered;
      const gathered: Gathered = { candidates: plan.tiles.map(() => []), errors: [] };
      let wanted: readonly number[] = [...plan.tiles.keys()];
      for (let round = 0; ; round += 1) {
        const heard = await Promise.all(wanted.map((at) => gather(plan, at, gathered, reach)));
        const bytes = gathered.candidates.map((list) => list.map((each) => each.bytes));
        const check = checkTiles(plan, bytes);
        if (check.kind === 'proven') {
          const chosen = check.chosen.map((nth, at) => gathered.candidates[at]?.[nth]);
          const tiles = chosen.map((each) => each && provenTile(each));
          const keeping = {
            keep: () => keep(db, ops, known, plan, gathered, chosen),
            hold: () => hold(db, ops, plan, tiles),
          };
          return proofOf(plan, tiles, keeping);
        }
        wanted = check.tiles;
        if (!heard.includes(true) || round === MAX_ROUNDS) throw failure(db, plan, wanted, gathered, reach);
      }
    },
  };
}

/** The tiles that have the hashes, where all of those were proven before. */
function fromMemory(plan: TilePlan, known: LRUCache<string, Buffer>): Proof | undefined {
  const needed = new Set(plan.places.map(({ at }) => at));
  const tiles = plan.tiles.map((tile, at) => {
    const bytes = needed.has(at) ? known.get(hashTilePath(tile)) : undefined;
    return bytes && { bytes };
  });
  if ([...needed].some((at) => tiles[at] === undefined)) return undefined;
  return proofOf(plan, tiles, NOTHING_TO_KEEP);
}

function proofOf(
  plan: TilePlan | undefined,
  tiles: readonly (ProvenTile | undefined)[],
  keeping: Pick<Proof, 'keep' | 'hold'>,
): Proof {
  const byPath = new Map(plan?.tiles.map((tile, at) => [hashTilePath(tile), tiles[at]]));
  const bytes = tiles.map((tile) => tile?.bytes);
  return {
    hashes: plan === undefined ? [] : plannedHashes(plan, bytes),
    tile: (tile) => byPath.get(hashTilePath(tile)),
    also(indexes) {
      const other = plan && planTiles(plan.head, indexes, TILE_HEIGHT);
      const found = other?.tiles.map((tile) => byPath.get(hashTilePath(tile))?.bytes);
      if (other === undefined || found === undefined || found.includes(undefined)) return undefined;
      return plannedHashes(other, found);
    },
    keep: keeping.keep,
    async hold() {
      await keeping.keep();
      await keeping.hold();
    },
  };
}

/** Adds one more candidate to a tile of a plan; whether anybody was heard who had not been heard before. */
function createGathering(db: string, ops: DatabaseOps, known: LRUCache<string, Buffer>) {
  const reading = new Map<string, Promise<RemoteAnswer>>();
  const readRemote = (tile: HashTile, avoid: ReadonlySet<string>, reach: Reach): Promise<RemoteAnswer> => {
    const path = hashTilePath(tile);
    const running = avoid.size === 0 ? reading.get(path) : undefined;
    if (running !== undefined) return running;
    const flawOf = (bytes: Buffer): string | undefined =>
      bytes.length === tile.width * HASH_BYTES ? undefined : `a tile of ${bytes.length} bytes`;
    const file: SumdbFile = { kind: 'sumdb-tile', db, path, data: false };
    const read = ops.readRemote(file, { avoid, flawOf, via: reach.via });
    if (avoid.size > 0) return read;
    reading.set(path, read);
    void read.finally(() => reading.delete(path));
    return read;
  };
  return async (plan: TilePlan, at: number, gathered: Gathered, reach: Reach): Promise<boolean> => {
    const tile = plan.tiles[at];
    const list = gathered.candidates[at];
    if (tile === undefined || list === undefined) return false;
    if (list.length === 0 && gathered.errors[at] === undefined) {
      const held = known.get(hashTilePath(tile)) ?? (await readCachedTile(db, ops, tile));
      if (held !== undefined) {
        list.push({ bytes: held, sources: new Set(), cached: true });
        return true;
      }
    }
    if (reach.local) return false;
    const avoid = new Set(list.flatMap(({ sources }) => [...sources]));
    let answer = await readRemote(tile, avoid, reach);
    const full = fullWidth(TILE_HEIGHT);
    if (answer.kind !== 'found' && tile.width < full) {
      // Some keep a partial tile only until it is complete (sumdb.Client.readTile).
      const whole = await readRemote({ ...tile, width: full }, avoid, reach);
      if (whole.kind === 'found') answer = whole;
    }
    if (answer.kind !== 'found') {
      gathered.errors[at] = answer.kind === 'failed' ? answer.error : new Error(answer.words);
      return false;
    }
    const bytes = answer.bytes.subarray(0, tile.width * HASH_BYTES);
    const same = list.find((each) => each.bytes.equals(bytes));
    if (same === undefined) list.push({ bytes, sources: new Set([answer.source]), cached: false });
    else same.sources.add(answer.source);
    return true;
  };
}

function provenTile({ bytes, sources }: Candidate): ProvenTile {
  const [source] = sources;
  return source === undefined ? { bytes } : { bytes, source };
}

async function hold(
  db: string,
  ops: DatabaseOps,
  plan: TilePlan,
  tiles: readonly (ProvenTile | undefined)[],
): Promise<void> {
  for (const [at, tile] of plan.tiles.entries()) {
    const proven = tiles[at];
    const file = { kind: 'sumdb-tile', db, path: hashTilePath(tile), data: false } as const;
    if (proven === undefined || (await ops.readCache(file))?.bytes.equals(proven.bytes) === true) continue;
    await ops.writeCache(file, proven.bytes, proven.source);
  }
}

/** The tile from the cache, or cut from the narrowest wider one there; not proven. Never rejects. */
export async function readCachedTile(
  db: string,
  ops: DatabaseOps,
  tile: HashTile,
): Promise<Buffer | undefined> {
  const read = async (each: HashTile): Promise<Buffer | undefined> => {
    const file = { kind: 'sumdb-tile', db, path: hashTilePath(each), data: false } as const;
    const held = await ops.readCache(file);
    return held?.bytes.length === each.width * HASH_BYTES ? held.bytes : undefined;
  };
  const exact = await read(tile);
  if (exact !== undefined || tile.width === fullWidth(tile.height)) return exact;
  const wider = (await ops.cachedWidths(tile)).filter((width) => width > tile.width).sort((a, b) => a - b);
  for (const width of wider) {
    const bytes = await read({ ...tile, width });
    if (bytes !== undefined) return bytes.subarray(0, tile.width * HASH_BYTES);
  }
  return undefined;
}

async function keep(
  db: string,
  ops: DatabaseOps,
  known: LRUCache<string, Buffer>,
  { tiles }: TilePlan,
  { candidates }: Gathered,
  chosen: readonly (Candidate | undefined)[],
): Promise<void> {
  const writes: Promise<void>[] = [];
  for (const [at, tile] of tiles.entries()) {
    const right = chosen[at];
    if (right === undefined) continue;
    const file = { kind: 'sumdb-tile', db, path: hashTilePath(tile), data: false } as const;
    known.set(file.path, ownBytes(right.bytes));
    if (!right.cached) writes.push(ops.writeCache(file, right.bytes, [...right.sources][0]));
    for (const wrong of candidates[at] ?? []) {
      if (wrong === right) continue;
      if (wrong.cached) ops.log(`${db}/${file.path} in the copy is not what the signed tree has: replaced`);
      const why = 'the tile is not the one that the signed tree has';
      for (const source of wrong.sources) ops.accuse({ source, file, why });
    }
  }
  await Promise.all(writes);
}

function failure(
  db: string,
  { head, tiles }: TilePlan,
  wanted: readonly number[],
  { candidates, errors }: Gathered,
  { local }: Reach,
): RondoError {
  const missing = wanted.find((at) => candidates[at]?.length === 0);
  const tile = tiles[missing ?? wanted[0] ?? 0];
  const path = tile === undefined ? db : `${db}/${hashTilePath(tile)}`;
  if (local)
    return new RondoError('E_OFFLINE', say('offline, and the copy cannot prove it without {path}', { path }));
  if (missing !== undefined) {
    const cause = errors[missing];
    const message =
      cause === undefined
        ? say('{path} is not to be had', { path })
        : say('{path} is not to be had: {why}', { path, why: saidBy(cause) });
    return new RondoError('E_CHECKSUM_DB_UNREACHABLE', message, { cause });
  }
  return new RondoError(
    'E_CHECKSUM_UNPROVEN',
    say("nobody's {path} fits the tree of {size} records that {db} has signed", {
      path,
      size: head.size,
      db,
    }),
  );
}
