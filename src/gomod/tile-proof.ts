import assert from 'node:assert/strict';
import { hashInTile, placeOf, tileAbove, type HashTile } from './hash-tile.ts';
import { joinSubtrees, storedHashIndex, subtreeIndexes } from './log-hashes.ts';
import type { TreeHead } from './tree-head.ts';

/**
 * The tiles that prove some stored hashes of a tree: first those of the tree's right edge, which together must
 * hash to its root, then others, each of which must hash to what a tile before it says of it
 * (tlog.tileHashReader.ReadHashes).
 */
export type TilePlan = {
  readonly head: TreeHead;
  readonly tiles: readonly HashTile[];
  /** How many of `tiles` are of the right edge. */
  readonly edges: number;
  /** The subtrees of the right edge, from left to right: in which tile, and which of its hashes. */
  readonly parts: readonly Place[];
  /** For each tile after the edge where its own hash stands. */
  readonly parents: readonly Place[];
  /** Where the hashes are that were asked for. */
  readonly places: readonly Place[];
};

/** Hashes of the tile at this position of a plan. */
type Place = { readonly at: number; readonly first: number; readonly count: number };

/** What a check of a plan's tiles found: which candidate of each tile is proven. */
export type TileCheck =
  | { readonly kind: 'proven'; readonly chosen: readonly number[] }
  /** None of the candidates of these tiles can be right. Tiles whose parents are among them are not judged. */
  | { readonly kind: 'unproven'; readonly tiles: readonly number[] };

/** Of each tile of the edge there are at most as many different candidates as there are liars, and one. */
const MAX_COMBINATIONS = 20_000;

/**
 * Plans the proof of the stored hashes `indexes` in `head` by tiles of `height`; `undefined` where the tree is
 * too small to have one of them. The tree has at least one record.
 */
export function planTiles(head: TreeHead, indexes: readonly number[], height: number): TilePlan | undefined {
  assert.ok(head.size > 0, 'an empty tree has no hashes');
  const { size } = head;
  const order = new Map<string, number>();
  const tiles: HashTile[] = [];
  const positionOf = (tile: HashTile): number | undefined => order.get(nameOf(tile));
  const add = (tile: HashTile): number => {
    order.set(nameOf(tile), tiles.length);
    return tiles.push(tile) - 1;
  };
  const inTree = (tile: HashTile, up = 0): HashTile => {
    const found = tileAbove(tile, up, size);
    assert.ok(found !== undefined, 'every tile has one above it that is on the edge');
    return found;
  };

  const parts = subtreeIndexes(0, size).map((index): Place => {
    const { tile, first, count } = placeOf(height, index);
    const wide = inTree(tile);
    return { at: positionOf(wide) ?? add(wide), first, count };
  });
  const edges = tiles.length;
  const limit = storedHashIndex(0, size);
  const places: Place[] = [];
  for (const index of indexes) {
    const { tile, first, count } = placeOf(height, index);
    if (index >= limit) return undefined;
    let up = 0;
    while (positionOf(inTree(tile, up)) === undefined) up += 1;
    for (up -= 1; up >= 0; up -= 1) add(inTree(tile, up));
    const at = positionOf(inTree(tile));
    assert.ok(at !== undefined, 'its tile has been planned');
    places.push({ at, first, count });
  }
  const parents = tiles.slice(edges).map((tile): Place => {
    const {
      tile: narrow,
      first,
      count,
    } = placeOf(height, storedHashIndex((tile.level + 1) * height, tile.index));
    const at = positionOf(inTree(narrow));
    assert.ok(at !== undefined, 'a tile comes after the one above it');
    return { at, first, count };
  });
  return { head, tiles, edges, parts, parents, places };
}

function nameOf({ level, index, width }: HashTile): string {
  return `${level}/${index}/${width}`;
}

/**
 * Finds the right one among the candidates of each tile: from different mirrors, so at least one may be wrong,
 * and of the right edge only all tiles together show it. Each candidate is of its tile's width. Hostile.
 */
export function checkTiles(plan: TilePlan, candidates: readonly (readonly Buffer[])[]): TileCheck {
  const edge = chooseEdge(plan, candidates.slice(0, plan.edges));
  if (edge === undefined)
    return { kind: 'unproven', tiles: Array.from({ length: plan.edges }, (_, at) => at) };
  const chosen: (number | undefined)[] = [...edge];
  const unproven: number[] = [];
  for (const [offset, parent] of plan.parents.entries()) {
    const at = plan.edges + offset;
    const above = chosen[parent.at];
    if (above === undefined) {
      chosen.push(undefined);
      continue;
    }
    const expected = hashInTile(bytesOf(candidates, parent.at, above), parent.first, parent.count);
    const found = (candidates[at] ?? []).findIndex((bytes) => {
      return hashInTile(bytes, 0, bytes.length / expected.length).equals(expected);
    });
    if (found < 0) unproven.push(at);
    chosen.push(found < 0 ? undefined : found);
  }
  if (unproven.length > 0) return { kind: 'unproven', tiles: unproven };
  return { kind: 'proven', chosen: chosen.map((each) => each ?? 0) };
}

/** The hashes that were asked for, from the proven bytes of the tiles that have them. */
export function plannedHashes(plan: TilePlan, tiles: readonly (Buffer | undefined)[]): Buffer[] {
  return plan.places.map(({ at, first, count }) => {
    const bytes = tiles[at];
    assert.ok(bytes !== undefined, 'a tile that has a hash is there');
    return hashInTile(bytes, first, count);
  });
}

/** The one combination of candidates that hashes to the root; the first ones are tried first. */
function chooseEdge(
  { head, parts, edges }: TilePlan,
  candidates: readonly (readonly Buffer[])[],
): number[] | undefined {
  // Each candidate's hashes are made once, however many combinations it is in.
  const hashes = candidates.map((list, at) =>
    list.map((bytes) =>
      parts.filter((part) => part.at === at).map(({ first, count }) => hashInTile(bytes, first, count)),
    ),
  );
  const combinations = hashes.reduce((product, list) => product * list.length, 1);
  for (let nth = 0; nth < Math.min(combinations, MAX_COMBINATIONS); nth += 1) {
    const choice: number[] = [];
    let rest = nth;
    for (let at = 0; at < edges; at += 1) {
      const count = hashes[at]?.length ?? 0;
      choice.push(rest % count);
      rest = Math.floor(rest / count);
    }
    // Parts of one tile stand side by side, in the order of the tiles.
    const all = choice.flatMap((candidate, at) => hashes[at]?.[candidate] ?? []);
    if (joinSubtrees(all).equals(head.hash)) return choice;
  }
  return undefined;
}

function bytesOf(candidates: readonly (readonly Buffer[])[], at: number, candidate: number): Buffer {
  const bytes = candidates[at]?.[candidate];
  assert.ok(bytes !== undefined, 'a candidate that was chosen is there');
  return bytes;
}
