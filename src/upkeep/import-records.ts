import { randomUUID } from 'node:crypto';
import { RondoError } from '../errors/rondo-error.ts';
import { fullWidth, hashTileOf, recordsUpTo, TILE_HEIGHT } from '../gomod/hash-tile.ts';
import { subtreeIndexes } from '../gomod/log-hashes.ts';
import { parseLookupKey } from '../gomod/parse-store-key.ts';
import { parseTilePath } from '../gomod/tile-path.ts';
import { parseVerifierKey, type VerifierKey } from '../gomod/verifier-key.ts';
import { runAtOnce } from '../kit/at-once.ts';
import { readAnswer, writeAnswer } from '../proxy/answer-record.ts';
import { createDatabaseCopy } from '../proxy/database-copy.ts';
import type { PlainFolder } from '../store/plain-folder.ts';
import { createDatabaseClient, type DatabaseClient } from '../verify/database-client.ts';
import type { DatabaseOps } from '../verify/database-ops.ts';
import { parseLookup } from '../verify/prove-record.ts';
import { createTileProver, type TileProver } from '../verify/prove-tiles.ts';
import { addServed } from '../verify/seal-state.ts';
import { openHead, type SignedHead } from '../verify/tree-heads.ts';
import { readFolderDatabase } from './folder-database.ts';
import type { CopyWork } from './work.ts';

/** How many records of checksum databases a folder has, and how many of them it can prove. */
export type RecordsReport = { readonly records: number; readonly proven: number };

/**
 * Takes into the copy what a folder can prove of the checksum databases by itself: records, the tiles of their proofs,
 * and the newest signed tree; and remembers the trees of its records, for sealing. What it cannot prove stays behind, and is asked of the mirrors where they may be asked.
 * @throws RondoError E_CHECKSUM_FORK where the folder shows that a database has contradicted itself; the signal's reason
 */
export async function importRecords(folder: PlainFolder, work: CopyWork): Promise<RecordsReport> {
  let records = 0;
  let proven = 0;
  for (const { name, key } of work.databases) {
    const copy = createDatabaseCopy(name, work);
    const ops: DatabaseOps = {
      ...copy,
      readRemote: readFolderDatabase(folder),
      log: (message) => work.emit({ type: 'notice', level: 'warn', message }),
      // A folder that lies is no mirror, and its record does not count.
      accuse: () => undefined,
      securityError(error) {
        if (error.kind === 'fork') work.emit({ type: 'security', database: name, ...error });
      },
    };
    const client = createDatabaseClient(parseVerifierKey(key), randomUUID(), ops);
    const found = await importFrom(client, folder, work);
    await copy.idle();
    records += found.records;
    proven += found.proven;
    if (found.proven === 0) continue;
    await rememberThatServed(name, work);
    const newest = await client.newest();
    if (newest === undefined) continue;
    const trees = await treesIn(folder, parseVerifierKey(key), newest, work);
    await addServed(await takeTrees(trees, newest, createTileProver(name, ops)), copy);
    await copy.idle();
  }
  return { records, proven };
}

const REACH = { local: false, via: undefined } as const;

async function importFrom(
  client: DatabaseClient,
  folder: PlainFolder,
  work: CopyWork,
): Promise<RecordsReport> {
  let records = 0;
  let proven = 0;
  const prefix = `sumdb/${client.name}/lookup`;
  // First the newest tree: then all records are proven in the same one.
  await client.refresh(REACH).catch(unlessFork);
  await runAtOnce(
    folder.keys(prefix),
    work.atOnce,
    async (key) => {
      const file = parseLookupKey(key, client.name);
      if (file === undefined) return;
      records += 1;
      const found = await client.lookup(file, REACH).catch(unlessFork);
      if (found?.kind === 'record' && found.proven) proven += 1;
    },
    work.signal,
  );
  return { records, proven };
}

/** Trees of one folder that are remembered: the newest. An old GOMODCACHE has as many as its owner had working days. */
const MAX_TREES = 256;

/** Sizes of trees, and whether the database has signed such a tree: else something in the folder only looks like it. */
type Trees = ReadonlyMap<number, 'signed' | 'claimed'>;

/**
 * The trees, up to `newest`, that the owner of a folder has seen: by the notes of records, and by the tiles that have
 * the width of a tree's edge, which is all that an export has of the older ones. Their go goes on from one of them, and
 * so may that of whoever was given the folder.
 */
async function treesIn(
  folder: PlainFolder,
  key: VerifierKey,
  newest: SignedHead,
  { signal }: CopyWork,
): Promise<Trees> {
  const trees = new Map<number, 'signed' | 'claimed'>();
  for await (const path of folder.keys(`sumdb/${key.name}/tile/${TILE_HEIGHT}/0`)) {
    signal.throwIfAborted();
    const parsed = parseTilePath(path.slice(`sumdb/${key.name}/`.length));
    const tile = parsed && hashTileOf(parsed);
    if (tile !== undefined && tile.width < fullWidth(tile.height)) trees.set(recordsUpTo(tile), 'claimed');
  }
  const see = (note: string | undefined): void => {
    const opened = note === undefined ? undefined : openHead(note, key);
    if (opened?.kind === 'signed') trees.set(opened.signed.head.size, 'signed');
  };
  see((await folder.latestTree(key.name))?.toString('utf8'));
  for await (const path of folder.keys(`sumdb/${key.name}/lookup`)) {
    signal.throwIfAborted();
    const file = parseLookupKey(path, key.name);
    const bytes = file && (await folder.get(path))?.bytes;
    if (file !== undefined && bytes !== undefined) see(noteOf(bytes, file));
  }
  const known = [...trees].filter(([size]) => size <= newest.head.size);
  return new Map(known.sort(([a], [b]) => a - b).slice(-MAX_TREES));
}

/**
 * Takes over what the folder has to prove these trees, and resolves with those that count from now on as if this copy
 * had served them. What else a signed one needs, sealing fetches, or says that it is missing.
 */
async function takeTrees(trees: Trees, { head }: SignedHead, prover: TileProver): Promise<Set<number>> {
  const taken = new Set<number>();
  for (const [size, by] of trees) {
    const proof = await prover.prove(head, subtreeIndexes(0, size), REACH).catch(unlessFork);
    await proof?.keep();
    if (proof !== undefined || by === 'signed') taken.add(size);
  }
  return taken;
}

function noteOf(bytes: Buffer, { module, version }: { module: string; version: string }): string | undefined {
  try {
    return parseLookup(bytes, module, version).note;
  } catch {
    return undefined;
  }
}

function unlessFork(error: unknown): undefined {
  if (error instanceof RondoError && error.code !== 'E_CHECKSUM_FORK') return undefined;
  throw error;
}

/** Or else a server without a network would say that it does not serve the database at all. */
async function rememberThatServed(db: string, { store, emit, clock }: CopyWork): Promise<void> {
  const file = { kind: 'sumdb-supported', db } as const;
  if ((await readAnswer(file, { store })).found !== undefined) return;
  const found = { text: '', mirror: '', atMs: clock.wallMs() };
  await writeAnswer(file, { found }, { store, emit });
}
