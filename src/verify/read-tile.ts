import { RondoError } from '../errors/rondo-error.ts';
import { hashTileOf, TILE_HEIGHT, type HashTile } from '../gomod/hash-tile.ts';
import type { SumdbFile } from '../gomod/module-file.ts';
import { parseTilePath } from '../gomod/tile-path.ts';
import type { DatabaseOps, Reach } from './database-ops.ts';
import {
  hasTile,
  MAX_TILE_HEIGHT,
  proveOtherTile,
  proveOwnTile,
  type TileAnswer,
} from './prove-client-tile.ts';
import { readCachedTile, type TileProver } from './prove-tiles.ts';
import type { Sealer } from './sealer.ts';
import type { SignedHead, TreeHeads } from './tree-heads.ts';
import { say } from '../words/text.ts';

type Parts = {
  readonly db: string;
  readonly ops: DatabaseOps;
  readonly heads: TreeHeads;
  readonly prover: TileProver;
  readonly sealer: Sealer;
};

/**
 * DatabaseClient.tile: from the sealed tree where the copy has it, else from the newest one; `refresh` asks for
 * that again. Where something for the proof is missing, a tile that is held is given all the same.
 * @throws RondoError as DatabaseClient says.
 */
export async function readTile(
  file: Extract<SumdbFile, { kind: 'sumdb-tile' }>,
  reach: Reach,
  parts: Parts,
  refresh: () => Promise<SignedHead>,
): Promise<TileAnswer | 'beyond'> {
  const { heads, sealer, db } = parts;
  await heads.assertServed();
  const parsed = parseTilePath(file.path);
  const tile = parsed && hashTileOf(parsed);
  if (tile === undefined || tile.height > MAX_TILE_HEIGHT) return 'beyond';
  const sealed = await sealer.head();
  if (sealed !== undefined && hasTile(sealed.head.size, tile)) {
    // Nearly always: nothing but the copy is needed, whatever has become of the newest tree.
    const held = await proveTile(tile, sealed, { ...reach, local: true }, parts).catch(unlessOffline);
    if (held !== undefined) return held;
  }
  let newest = await heads.current();
  const known = sealed ?? newest;
  try {
    if (newest === undefined || !hasTile(newest.head.size, tile)) {
      if (reach.local) throw beyondTheCopy(db, known);
      newest = await refresh();
      if (!hasTile(newest.head.size, tile)) return 'beyond';
    }
    return await proveTile(tile, newest, reach, parts);
  } catch (error) {
    if (!(error instanceof RondoError) || error.kind === 'integrity') throw error;
    // Without the tiles above it nothing can be proven here: the client will do that.
    const bytes = await readCachedTile(db, parts.ops, tile);
    if (bytes !== undefined) return { bytes };
    const isKnown = known !== undefined && hasTile(known.head.size, tile);
    throw reach.local && !isKnown ? beyondTheCopy(db, known) : error;
  }
}

function proveTile(tile: HashTile, { head }: SignedHead, reach: Reach, parts: Parts): Promise<TileAnswer> {
  return tile.height === TILE_HEIGHT
    ? proveOwnTile(tile, head, reach, parts.prover)
    : proveOtherTile(tile, head, reach, parts);
}

function unlessOffline(error: unknown): undefined {
  if (error instanceof RondoError && error.code === 'E_OFFLINE') return undefined;
  throw error;
}

/** Only a client that has seen a later tree asks for such a tile: what it has seen stands in a file of its own. */
function beyondTheCopy(db: string, known: SignedHead | undefined): RondoError {
  const message =
    known === undefined
      ? say(
          'offline: this go has seen a newer tree of {db} than the copy, which knows none: $GOPATH/pkg/sumdb/{db}/latest',
          { db },
        )
      : say(
          'offline: this go has seen a newer tree of {db} than the copy, which knows {size} records: $GOPATH/pkg/sumdb/{db}/latest',
          { db, size: known.head.size },
        );
  return new RondoError('E_OFFLINE', message, { hint: say('go online once, or move that file away') });
}
