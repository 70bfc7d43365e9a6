import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { fullWidth, hashTileOf, hashTilePath } from '../gomod/hash-tile.ts';
import { HASH_BYTES } from '../gomod/log-hashes.ts';
import type { SumdbFile } from '../gomod/module-file.ts';
import { storeKey } from '../gomod/store-key.ts';
import { parseTilePath } from '../gomod/tile-path.ts';
import type { PlainFolder } from '../store/plain-folder.ts';
import type { DatabaseOps, RemoteAnswer } from '../verify/database-ops.ts';

/** What the folder is called where somebody is to blame. */
const SOURCE = 'the folder';

/**
 * DatabaseOps.readRemote over a folder: what go, or an export, has left there of a checksum database. Everything in it
 * is hostile, and proves itself by the database's signature or does not count.
 */
export function readFolderDatabase(folder: PlainFolder): DatabaseOps['readRemote'] {
  return async (file, { avoid, flawOf }) => {
    if (avoid.has(SOURCE)) return failed('nobody else is asked');
    try {
      const bytes = await read(file, folder);
      if (bytes === undefined) return failed('it is not in the folder');
      const flaw = flawOf(bytes);
      return flaw === undefined ? { kind: 'found', source: SOURCE, bytes } : failed(flaw);
    } catch (error) {
      return failed(messageOf(error));
    }
  };
}

function failed(why: string): RemoteAnswer {
  return { kind: 'failed', error: new RondoError('E_NOT_FOUND', why) };
}

async function read(file: SumdbFile, folder: PlainFolder): Promise<Buffer | undefined> {
  switch (file.kind) {
    case 'sumdb-supported':
      return undefined;
    case 'sumdb-latest':
      return folder.latestTree(file.db);
    case 'sumdb-lookup':
      return contentOf(storeKey(file), folder);
    case 'sumdb-tile':
      return (await contentOf(storeKey(file), folder)) ?? cutFromWider(file, folder);
  }
}

/** go keeps a tile in each width that it has needed. */
async function cutFromWider(
  { db, path }: Extract<SumdbFile, { kind: 'sumdb-tile' }>,
  folder: PlainFolder,
): Promise<Buffer | undefined> {
  const parsed = parseTilePath(path);
  const tile = parsed && hashTileOf(parsed);
  if (tile === undefined) return undefined;
  const full = fullWidth(tile.height);
  const whole = hashTilePath({ ...tile, width: full });
  const names = await folder.names(`sumdb/${db}/${whole}.p`);
  const widths = names.map((name) => Number(name.slice(name.lastIndexOf('/') + 1)));
  for (const width of [...widths, full].sort((a, b) => a - b)) {
    if (!(width > tile.width)) continue;
    const key = `sumdb/${db}/${hashTilePath({ ...tile, width })}`;
    const bytes = await contentOf(key, folder);
    if (bytes?.length === width * HASH_BYTES) return bytes.subarray(0, tile.width * HASH_BYTES);
  }
  return undefined;
}

/** Files of the database are small; larger ones are none of it. */
async function contentOf(key: string, folder: PlainFolder): Promise<Buffer | undefined> {
  const file = await folder.get(key);
  // go creates such files empty before it writes them.
  return file?.bytes === undefined || file.bytes.length === 0 ? undefined : file.bytes;
}
