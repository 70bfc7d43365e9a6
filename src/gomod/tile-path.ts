/** The coordinates of one tile of a checksum database's log (tlog.Tile). */
export type Tile = {
  /** Height, 1 to 30. */
  readonly height: number;
  /** Level, or `data` for the tile that holds the records themselves. */
  readonly level: bigint | 'data';
  /** Number within the level. */
  readonly index: bigint;
  /** Hashes or records in it, 1 to 2^height; fewer than that is a partial tile. */
  readonly width: number;
};

// At most seven groups: the digits of 2^63-1, the largest number that Go holds.
const TILE_PATH =
  /^tile\/([1-9][0-9]?)\/(data|0|[1-9][0-9]{0,18})\/((?:x[0-9]{3}\/){0,6}[0-9]{3})(?:\.p\/([1-9][0-9]{0,9}))?$/;

const MAX_HEIGHT = 30;
const MAX_INT64 = 2n ** 63n - 1n;

/**
 * Reads `tile/<H>/<L>/<K>[.p/<W>]` or `tile/<H>/data/<K>[.p/<W>]`, K in groups of three digits of which
 * all but the last begin with x. `undefined` for every other spelling: one tile has exactly one path
 * (tlog.ParseTilePath).
 */
export function parseTilePath(path: string): Tile | undefined {
  const match = TILE_PATH.exec(path);
  if (match === null) return undefined;
  const [, heightText = '', levelText = '', groupsText = '', widthText] = match;
  const height = Number(heightText);
  if (height > MAX_HEIGHT) return undefined;
  const level = levelText === 'data' ? levelText : BigInt(levelText);
  if (level !== 'data' && level > MAX_INT64) return undefined;
  const groups = groupsText.split('/');
  if (groups[0] === 'x000') return undefined;
  const index = BigInt(groups.join('').replaceAll('x', ''));
  if (index > MAX_INT64) return undefined;
  const fullWidth = 2 ** height;
  if (widthText === undefined) return { height, level, index, width: fullWidth };
  const width = Number(widthText);
  return width < fullWidth ? { height, level, index, width } : undefined;
}
