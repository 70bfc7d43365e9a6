import { LRUCache } from 'lru-cache';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import type { SumdbFile } from '../gomod/module-file.ts';
import type { VerifierKey } from '../gomod/verifier-key.ts';
import { createSharedTask } from '../kit/shared-task.ts';
import type { DatabaseOps, Reach, RemoteAnswer } from './database-ops.ts';
import type { TileAnswer } from './prove-client-tile.ts';
import { readTile } from './read-tile.ts';
import { refreshHead } from './refresh-head.ts';
import { formatLookup, parseLookup, proveRecord, type LookupRecord } from './prove-record.ts';
import { sealAll, type SealReport } from './seal-all.ts';
import { readSeal } from './seal-state.ts';
import { createSealer, type Sealer } from './sealer.ts';
import { createTileProver, type TileProver } from './prove-tiles.ts';
import { createTreeHeads, flawOfTree, openHead, type SignedHead, type TreeHeads } from './tree-heads.ts';
import { say } from '../words/text.ts';

type LookupFile = Extract<SumdbFile, { kind: 'sumdb-lookup' }>;
type TileFile = Extract<SumdbFile, { kind: 'sumdb-tile' }>;

/** What a lookup came to. */
export type Lookup =
  | {
      readonly kind: 'record';
      readonly record: LookupRecord;
      /** False only for one that stands in the cache, and for whose proof something is missing there. */
      readonly proven: boolean;
      /** Who gave it; absent where it came from the cache. */
      readonly source?: string;
      /** Who was asked for it and what each answered, on one line. */
      readonly tried?: string;
    }
  /** The database does not know the version; `words` are its own. */
  | { readonly kind: 'absent'; readonly words: string };

/**
 * A client of one checksum database. Everything that it gives is proven by the database's signature, unless it
 * says otherwise, and only that is kept. Every method rejects with RondoError E_CHECKSUM_FORK once the
 * database has contradicted itself.
 */
export type DatabaseClient = {
  readonly name: string;
  /**
   * @throws RondoError E_OFFLINE, E_CHECKSUM_DB_UNREACHABLE and whatever asking may; E_CHECKSUM_UNPROVEN where
   * nobody gives a record that the signed tree has.
   */
  lookup(file: LookupFile, reach: Reach): Promise<Lookup>;
  /**
   * A tile of hashes; `beyond` where it is none that the newest tree has, or one that cannot be proven: records,
   * heights that nobody serves. Throws like `lookup`.
   */
  tile(file: TileFile, reach: Reach): Promise<TileAnswer | 'beyond'>;
  /** Asks for the newest tree, and answers with the newest that is known then. Throws like `lookup`. */
  refresh(reach: Reach): Promise<SignedHead>;
  /** The newest tree that is known already. */
  newest(): Promise<SignedHead | undefined>;
  /** What makes the copy provable without anybody to ask. */
  readonly sealer: Sealer;
  /** Seals all that the copy holds (seal-all.ts). */
  sealAll(reach: Reach, options: { readonly rewrite: boolean }): Promise<SealReport>;
};

type Parts = {
  readonly key: VerifierKey;
  readonly ops: DatabaseOps;
  readonly heads: TreeHeads;
  readonly prover: TileProver;
  readonly sealer: Sealer;
  /** Proven records: what was just fetched is asked for again before it is written. */
  readonly known: LRUCache<string, LookupRecord>;
  readonly db: string;
};

/** Records in memory: a large build has a few hundred. */
const MAX_KNOWN = 5000;

/** A client of the database whose trees `key` signs; `instance` tells processes on one copy apart. */
export function createDatabaseClient(key: VerifierKey, instance: string, ops: DatabaseOps): DatabaseClient {
  const prover = createTileProver(key.name, ops);
  const readSealed = async (): Promise<SignedHead | undefined> => (await readSeal(key, ops)).head;
  const heads = createTreeHeads(key, { ops, prover, readSealed });
  const sealer = createSealer(key, instance, { ops, heads, prover });
  const known = new LRUCache<string, LookupRecord>({ max: MAX_KNOWN });
  const parts: Parts = { key, ops, prover, heads, sealer, known, db: key.name };
  const lookups = createSharedTask<Lookup>();
  const refreshes = createSharedTask<SignedHead>();
  const tiles = createSharedTask<TileAnswer | 'beyond'>();
  const lookup: DatabaseClient['lookup'] = (file, reach) =>
    lookups.run(`${reach.local} ${file.module}@${file.version}`, () =>
      loudly(lookUp(file, reach, parts), ops),
    );
  return {
    name: key.name,
    lookup,
    tile: (file, reach) =>
      tiles.run(`${reach.local} ${file.path}`, () =>
        loudly(
          readTile(file, reach, parts, () => refreshHead(reach, parts)),
          ops,
        ),
      ),
    refresh: (reach) => refreshes.run(`${reach.local}`, () => loudly(refreshHead(reach, parts), ops)),
    newest: async () => {
      await parts.heads.assertServed();
      return parts.heads.current();
    },
    sealer,
    async sealAll(reach, { rewrite }) {
      await heads.assertServed();
      return sealAll(reach, rewrite, { ...parts, lookup: (file) => lookup(file, reach) });
    },
  };
}

/** What nobody can prove is told. A fork was, when it was found. */
async function loudly<T>(task: Promise<T>, ops: DatabaseOps): Promise<T> {
  return task.catch((error: unknown) => {
    if (error instanceof RondoError && error.code === 'E_CHECKSUM_UNPROVEN') {
      ops.securityError({ kind: 'unproven', message: error.message });
    }
    throw error;
  });
}

async function lookUp(file: LookupFile, reach: Reach, parts: Parts): Promise<Lookup> {
  await parts.heads.assertServed();
  const held = await lookUpHeld(file, reach, parts);
  if (held?.proven === true) return held;
  if (reach.local) {
    if (held !== undefined) return held;
    throw new RondoError('E_OFFLINE', say('offline, not in the copy'));
  }
  try {
    return await askForRecord(file, { ...reach, patient: held === undefined }, parts);
  } catch (error) {
    // Clients prove for themselves what they get.
    if (held === undefined || !(error instanceof RondoError) || error.kind === 'integrity') throw error;
    return held;
  }
}

async function lookUpHeld(
  file: LookupFile,
  reach: Reach,
  parts: Parts,
): Promise<Extract<Lookup, { kind: 'record' }> | undefined> {
  const known = parts.known.get(nameOf(file));
  if (known !== undefined) return { kind: 'record', record: known, proven: true };
  const cached = await parts.ops.readCache(file);
  const record = cached && tryParse(cached.bytes, file);
  if (cached === undefined || typeof record !== 'object') return undefined;
  if (cached.proven) {
    const opened = hasForeignSignatures(record) ? openHead(record.note, parts.key) : undefined;
    if (opened?.kind === 'signed') {
      return {
        kind: 'record',
        record: keep(file, record, opened.signed, cached.source, parts),
        proven: true,
      };
    }
    parts.known.set(nameOf(file), record);
    return { kind: 'record', record, proven: true };
  }
  // Of an adopted GOMODCACHE, or from before records were proven.
  const proof = await proveRecord(record, reach, parts);
  if (proof.kind === 'proven') {
    return { kind: 'record', record: keep(file, record, proof.head, cached.source, parts), proven: true };
  }
  if (proof.kind === 'open') return { kind: 'record', record, proven: false };
  parts.ops.log(`the record of ${file.module}@${file.version} in the copy is not used: ${proof.why}`);
  return undefined;
}

/** Keeps a proven record with the tree that it was proven in. It is written behind the answer. */
function keep(
  file: LookupFile,
  record: LookupRecord,
  { note }: SignedHead,
  source: string | undefined,
  { known, ops, sealer }: Parts,
): LookupRecord {
  const kept = { ...record, note };
  known.set(nameOf(file), kept);
  void ops.writeCache(file, Buffer.from(formatLookup(kept)), source);
  sealer.recordKept(record.id);
  return kept;
}

/** Kept by an older Rondo, with whatever a mirror had put behind the tree's own signature. */
function hasForeignSignatures({ note }: LookupRecord): boolean {
  const signatures = note.slice(note.lastIndexOf('\n\n') + 2);
  return signatures.indexOf('\n') < signatures.length - 1;
}

function nameOf({ module, version }: LookupFile): string {
  return `${module}@${version}`;
}

/** The record, or what is wrong with it. */
function tryParse(bytes: Buffer, { module, version }: LookupFile): LookupRecord | string {
  try {
    return parseLookup(bytes, module, version);
  } catch (error) {
    return messageOf(error);
  }
}

async function askForRecord(
  file: LookupFile,
  reach: Reach & { readonly patient: boolean },
  parts: Parts,
): Promise<Lookup> {
  const { ops } = parts;
  const flawOf = (bytes: Buffer): string | undefined => {
    const record = tryParse(bytes, file);
    return typeof record === 'string' ? record : flawOfTree(Buffer.from(record.note));
  };
  const avoid = new Set<string>();
  const lies = new Map<string, string>();
  let doubt: RondoError | undefined;
  for (;;) {
    const { via, patient } = reach;
    const answer = await ops.readRemote(file, { avoid, via, flawOf, patient });
    if (answer.kind === 'found' && !avoid.has(answer.source)) {
      avoid.add(answer.source);
      const record = parseLookup(answer.bytes, file.module, file.version);
      const proof = await proveRecord(record, reach, parts);
      if (proof.kind === 'proven') {
        for (const [source, why] of lies) ops.accuse({ source, file, why });
        const kept = keep(file, record, proof.head, answer.source, parts);
        return { kind: 'record', record: kept, proven: true, ...whoGave(answer) };
      }
      if (proof.kind === 'lie') lies.set(answer.source, proof.why);
      if (proof.kind === 'open' && doubt?.kind !== 'integrity') doubt = proof.error;
      continue;
    }
    if (answer.kind === 'absent' && avoid.size === 0) return answer;
    throw nobodyIsRight(file, lies, doubt, answer.kind === 'failed' ? answer.error : undefined);
  }
}

function whoGave({
  source,
  tried,
}: Extract<RemoteAnswer, { kind: 'found' }>): Pick<Extract<Lookup, { kind: 'record' }>, 'source' | 'tried'> {
  return tried === undefined ? { source } : { source, tried };
}

/** Who is to blame is not known where nobody is right: the database itself may be. */
function nobodyIsRight(
  { db, module, version }: LookupFile,
  lies: ReadonlyMap<string, string>,
  doubt: RondoError | undefined,
  failed: Error | undefined,
): Error {
  const [why] = lies.values();
  if (why === undefined && doubt?.kind !== 'integrity') {
    return doubt ?? failed ?? new RondoError('E_BUG', say('a record was neither given nor withheld'));
  }
  return new RondoError(
    'E_CHECKSUM_UNPROVEN',
    say('SECURITY ERROR: nobody gives a record of {record} that {db} can have signed: {why}', {
      record: `${module}@${version}`,
      db,
      why: why ?? doubt?.said.message ?? '',
    }),
    {
      details: [...lies].map(([source, lie]) => `${source}: ${lie}`),
      hint: say('ask those who run the database or the mirrors; do not switch verification off'),
    },
  );
}
