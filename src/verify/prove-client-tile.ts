import { RondoError } from '../errors/rondo-error.ts';
import {
  hashInTile,
  hashTilePath,
  recordsUpTo,
  subtreesOfTile,
  tileAbove,
  TILE_HEIGHT,
  type HashTile,
} from '../gomod/hash-tile.ts';
import { HASH_BYTES, storedHashIndex } from '../gomod/log-hashes.ts';
import type { TreeHead } from '../gomod/tree-head.ts';
import type { SumdbFile } from '../gomod/module-file.ts';
import type { DatabaseOps, Reach } from './database-ops.ts';
import type { TileProver } from './prove-tiles.ts';
import { say } from '../words/text.ts';

/** A tile that was asked for. */
export type TileAnswer = {
  readonly bytes: Buffer;
  /** Who gave it; absent where it came from the cache. */
  readonly source?: string;
  /** Who was asked for it and what each answered, on one line. */
  readonly tried?: string;
};

/** Larger ones than of 32,768 hashes are no tiles that anybody serves. */
export const MAX_TILE_HEIGHT = 15;

/**
 * A tile of the height that everything is proven by: as the tree `head` has it, or cut from a wider one.
 * @throws RondoError as TileProver.
 */
export async function proveOwnTile(
  tile: HashTile,
  head: TreeHead,
  reach: Reach,
  prover: TileProver,
): Promise<TileAnswer> {
  const { level, index, width } = tile;
  const last = storedHashIndex(TILE_HEIGHT * level, index * 2 ** TILE_HEIGHT + width - 1);
  const proof = await prover.prove(head, [last], reach, 'believed');
  void proof.keep();
  const wide = tileAbove(tile, 0, head.size);
  const proven = wide && proof.tile(wide);
  if (proven === undefined)
    throw new RondoError(
      'E_BUG',
      say('{hashTilePath} is not in its own proof', { hashTilePath: hashTilePath(tile) }),
    );
  return { ...proven, bytes: proven.bytes.subarray(0, width * HASH_BYTES) };
}

/**
 * A tile of another height: somebody gives it, and the subtrees that it is made of must be those that tiles of
 * the usual height prove. Whoever gave another one is charged once one is proven.
 * @throws RondoError as TileProver, and E_CHECKSUM_UNPROVEN where nobody gives a right one.
 */
export async function proveOtherTile(
  tile: HashTile,
  head: TreeHead,
  reach: Reach,
  { db, ops, prover }: { db: string; ops: DatabaseOps; prover: TileProver },
): Promise<TileAnswer> {
  const file = { kind: 'sumdb-tile', db, path: hashTilePath(tile), data: false } as const;
  const subtrees = subtreesOfTile(tile);
  const proof = await prover.prove(
    head,
    subtrees.map(({ storedIndex }) => storedIndex),
    reach,
    'believed',
  );
  void proof.keep();
  const isRight = (bytes: Buffer): boolean =>
    bytes.length === tile.width * HASH_BYTES &&
    subtrees.every(({ first, count }, nth) => {
      const expected = proof.hashes[nth];
      return expected !== undefined && hashInTile(bytes, first, count).equals(expected);
    });
  const held = await ops.readCache(file);
  if (held !== undefined && isRight(held.bytes)) return { bytes: held.bytes };
  if (reach.local) throw new RondoError('E_OFFLINE', say('offline, not in the copy'));
  return askUntilRight(file, isRight, tile, reach, ops);
}

async function askUntilRight(
  file: Extract<SumdbFile, { kind: 'sumdb-tile' }>,
  isRight: (bytes: Buffer) => boolean,
  { width }: HashTile,
  { via }: Reach,
  ops: DatabaseOps,
): Promise<TileAnswer> {
  const flawOf = (bytes: Buffer): string | undefined =>
    bytes.length === width * HASH_BYTES ? undefined : `a tile of ${bytes.length} bytes`;
  const liars = new Set<string>();
  for (;;) {
    const answer = await ops.readRemote(file, { avoid: liars, via, flawOf });
    if (answer.kind === 'found' && !liars.has(answer.source)) {
      if (!isRight(answer.bytes)) {
        liars.add(answer.source);
        continue;
      }
      const why = 'the tile is not the one that the signed tree has';
      for (const source of liars) ops.accuse({ source, file, why });
      void ops.writeCache(file, answer.bytes, answer.source);
      const { bytes, source, tried } = answer;
      return { bytes, source, ...(tried === undefined ? {} : { tried }) };
    }
    if (liars.size > 0) {
      throw new RondoError(
        'E_CHECKSUM_UNPROVEN',
        say("nobody's {path} fits what {db} has signed", { path: file.path, db: file.db }),
      );
    }
    if (answer.kind === 'absent') throw new RondoError('E_NOT_FOUND', answer.words);
    throw answer.kind === 'failed' ? answer.error : new RondoError('E_BUG', say('asked twice'));
  }
}

/** Whether a tree of `size` records has all of `tile`. */
export function hasTile(size: number, tile: HashTile): boolean {
  return recordsUpTo(tile) <= size;
}
