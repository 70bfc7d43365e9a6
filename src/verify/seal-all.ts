import { RondoError, saidBy } from '../errors/rondo-error.ts';
import { hashTilePath } from '../gomod/hash-tile.ts';
import { subtreeIndexes } from '../gomod/log-hashes.ts';
import { ownEdge } from './own-edge.ts';
import { formatLookup, parseLookup, type LookupRecord } from './prove-record.ts';
import type { TileProver } from './prove-tiles.ts';
import type { DatabaseOps, KeptDatabaseFile, Reach } from './database-ops.ts';
import type { SignedHead } from './tree-heads.ts';
import type { Lookup } from './database-client.ts';
import type { Sealer } from './sealer.ts';
import { readServed } from './seal-state.ts';
import { say, type Text } from '../words/text.ts';

type LookupFile = Extract<KeptDatabaseFile, { kind: 'sumdb-lookup' }>;

/** What sealing a copy has come to. */
export type SealReport = {
  readonly database: string;
  /** Records of the tree that the copy is sealed in; absent where no tree is known. */
  readonly treeSize?: number;
  /** Held records that any client can prove with nothing but the copy. */
  readonly sealed: number;
  /** Trees ever served, clients of which can go on with the copy. */
  readonly trees: number;
  /** What cannot be sealed: `<module>@<version>`, or a tree, and what is missing. */
  readonly unsealed: readonly Unsealed[];
};

/** Something that cannot be sealed, and why. */
export type Unsealed = { readonly what: Text | string; readonly why: Text | string };

/** Of a record that is proven; its text may be long, and there may be many. */
type Held = { readonly file: LookupFile; readonly id: number; readonly treeSize: number };

/** Held records that are sealed in one step. */
const CHUNK = 200;

/**
 * Seals everything that the copy holds, however it came there: a walk over all its records. With `rewrite` each
 * record's file is made to name the sealed tree, and each tree that a client may have gets the edge that it has itself,
 * for whoever reads the folder without Rondo. Does as much as it can; what it cannot is in the report.
 */
export async function sealAll(
  reach: Reach,
  rewrite: boolean,
  {
    db,
    ops,
    sealer,
    prover,
    lookup,
  }: {
    readonly db: string;
    readonly ops: DatabaseOps;
    readonly sealer: Sealer;
    readonly prover: TileProver;
    readonly lookup: (file: LookupFile) => Promise<Lookup>;
  },
): Promise<SealReport> {
  const unsealed: Unsealed[] = [];
  const held: Held[] = [];
  const start = await sealer.walking();
  for await (const file of ops.cachedRecords()) {
    try {
      const record = await provenRecord(file, ops, lookup);
      held.push({ file, id: record.id, treeSize: treeSizeOf(record) });
    } catch (error) {
      unsealed.push({ what: `${file.module}@${file.version}`, why: saidBy(error) });
    }
  }
  const served = await readServed(ops);
  const sizes = [...new Set([...served, ...held.map(({ treeSize }) => treeSize)])];
  const trees = await sealTrees(sizes, reach, sealer, unsealed);
  const sealed = await sealRecords(held, reach, sealer, unsealed);
  const head = await sealer.head();
  if (unsealed.length === 0) await sealer.walked(start);
  if (rewrite && head !== undefined) {
    for (const { file } of sealed) await nameTree(file, head.note, ops);
    for (const size of trees) await holdEdge(size, head, { db, ops, prover });
  }
  const treeSize = head === undefined ? {} : { treeSize: head.head.size };
  return { database: db, ...treeSize, sealed: sealed.length, trees: trees.length, unsealed };
}

async function nameTree(file: LookupFile, note: string, ops: DatabaseOps): Promise<void> {
  const cached = await ops.readCache(file);
  if (cached?.proven !== true) return;
  const record = parseLookup(cached.bytes, file.module, file.version);
  if (record.note === note) return;
  await ops.writeCache(file, Buffer.from(formatLookup({ ...record, note })), cached.source);
}

/** All at once; one by one where something is missing for some of them. */
async function sealTrees(
  sizes: readonly number[],
  reach: Reach,
  sealer: Sealer,
  unsealed: Unsealed[],
): Promise<number[]> {
  if (sizes.length === 0) return [];
  const isWhole = (await attempt(() => sealer.seal(reach, { records: [], trees: sizes }))) === undefined;
  const sealed: number[] = [];
  for (const size of sizes) {
    const why = isWhole ? undefined : await attempt(() => sealer.seal(reach, { records: [], trees: [size] }));
    const isKnown = size <= ((await sealer.head())?.head.size ?? 0);
    if (why === undefined && isKnown) sealed.push(size);
    else {
      unsealed.push({
        what: say('the tree of {size} records', { size }),
        why: why ?? say('no tree as large is known'),
      });
    }
  }
  return sealed;
}

/** What go asks of a folder first is the edge of its own tree, in no other width. */
async function holdEdge(
  size: number,
  { head }: SignedHead,
  { db, ops, prover }: { readonly db: string; readonly ops: DatabaseOps; readonly prover: TileProver },
): Promise<void> {
  const proof = await prover.prove(head, subtreeIndexes(0, size), { local: true, via: undefined });
  for (const { tile, bytes } of ownEdge(size, head, proof)) {
    const file = { kind: 'sumdb-tile', db, path: hashTilePath(tile), data: false } as const;
    if ((await ops.readCache(file))?.bytes.equals(bytes) !== true)
      await ops.writeCache(file, bytes, undefined);
  }
}

/** Many at once; one by one where something is missing for some of them. */
async function sealRecords(
  held: readonly Held[],
  reach: Reach,
  sealer: Sealer,
  unsealed: Unsealed[],
): Promise<Held[]> {
  const sealed: Held[] = [];
  for (let at = 0; at < held.length; at += CHUNK) {
    const chunk = held.slice(at, at + CHUNK);
    const ids = chunk.map(({ id }) => id);
    if ((await attempt(() => sealer.seal(reach, { records: ids, trees: [] }))) === undefined) {
      sealed.push(...chunk);
      continue;
    }
    for (const each of chunk) {
      const why = await attempt(() => sealer.seal(reach, { records: [each.id], trees: [] }));
      if (why === undefined) sealed.push(each);
      else unsealed.push({ what: `${each.file.module}@${each.file.version}`, why });
    }
  }
  return sealed;
}

/** What went wrong, if anything did. A database that was caught ends it all. */
async function attempt(task: () => Promise<void>): Promise<Text | string | undefined> {
  try {
    await task();
    return undefined;
  } catch (error) {
    if (error instanceof RondoError && error.code === 'E_CHECKSUM_FORK') throw error;
    return saidBy(error);
  }
}

async function provenRecord(
  file: LookupFile,
  ops: DatabaseOps,
  lookup: (file: LookupFile) => Promise<Lookup>,
): Promise<LookupRecord> {
  const cached = await ops.readCache(file);
  if (cached === undefined) throw new RondoError('E_STORE', say('its file cannot be read'));
  const record = parseLookup(cached.bytes, file.module, file.version);
  if (cached.proven) return record;
  const found = await lookup(file);
  if (found.kind === 'record' && found.proven) return found.record;
  const why = found.kind === 'absent' ? found.words : say('what proves it is not to be had now');
  throw new RondoError('E_CHECKSUM_DB_UNREACHABLE', why);
}

/** The note of a record that was proven is one that was checked. */
function treeSizeOf({ note }: LookupRecord): number {
  return Number(note.split('\n', 2)[1]);
}
