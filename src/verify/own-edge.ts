import { tileAbove, TILE_HEIGHT, type HashTile } from '../gomod/hash-tile.ts';
import { HASH_BYTES } from '../gomod/log-hashes.ts';
import { planTiles } from '../gomod/tile-proof.ts';
import type { TreeHead } from '../gomod/tree-head.ts';
import type { Proof } from './prove-tiles.ts';

/**
 * The right edge of the tree of `size` records as that tree itself has it, cut from the proof of its subtrees in the
 * later tree `head`. A client checks its own tree by these before it asks for anything else (sumdb.Client.initWork),
 * and of whoever reads a folder it gets a tile in exactly that width, or a full one.
 */
export function ownEdge(
  size: number,
  head: TreeHead,
  proof: Proof,
): { readonly tile: HashTile; readonly bytes: Buffer }[] {
  if (size === 0) return [];
  const edge = planTiles({ ...head, size }, [], TILE_HEIGHT)?.tiles ?? [];
  return edge.flatMap((tile) => {
    const wide = tileAbove(tile, 0, head.size);
    const bytes = wide && proof.tile(wide)?.bytes;
    return bytes === undefined ? [] : [{ tile, bytes: bytes.subarray(0, tile.width * HASH_BYTES) }];
  });
}
