import { messageOf, RondoError } from '../errors/rondo-error.ts';
import type { SumdbFile } from '../gomod/module-file.ts';
import { storeKey } from '../gomod/store-key.ts';
import { parseTilePath } from '../gomod/tile-path.ts';
import type { Reach } from '../verify/database-ops.ts';
import type { TileAnswer } from '../verify/prove-client-tile.ts';
import { formatLookup } from '../verify/prove-record.ts';
import type { ReadRecord } from '../verify/verifier.ts';
import { readAnswer, writeAnswer } from './answer-record.ts';
import type { ProxyContext } from './context.ts';
import type { Database } from './databases.ts';
import { rememberSupport, whoSupports } from './database-support.ts';
import { isOutage } from './not-found-memory.ts';
import type { Reply } from './reply.ts';
import type { ClientRequest } from './request.ts';
import { notHeld } from './serve-version-file.ts';
import { CONTENT_TYPES } from './settings.ts';
import { say } from '../words/text.ts';

/** The only way in which a refresh of the tree head differs from that of a list: its own age limit. */
const LATEST_FRESH_MS = 60_000;
/** Records and partial tiles: neither changes, but a later one says more. */
const PART_MAX_AGE_S = 86_400;

type SumdbContext = Omit<ProxyContext, 'verifier' | 'early' | 'checks' | 'latestListed'>;
type FileOf<K extends SumdbFile['kind']> = Extract<SumdbFile, { kind: K }>;

/**
 * Serves a checksum database. Records, trees and tiles of hashes are proven by its signature before they are
 * answered, and kept; what cannot be proven (tiles of records, tiles of a newer tree than anybody has) is passed
 * on and not kept.
 * @throws RondoError as the database's client and ask.ts say; E_OFFLINE. For `supported` only with kind
 * not-found: anything else would disable the database in the client (modfetch.dbClient.initBase).
 */
export async function serveSumdb(
  file: SumdbFile,
  request: ClientRequest,
  context: SumdbContext,
): Promise<Reply> {
  switch (file.kind) {
    case 'sumdb-supported':
      return serveSupported(file, request, context);
    case 'sumdb-latest':
      return serveTreeHead(file, request, context);
    case 'sumdb-lookup':
      return serveRecord(file, request, context);
    case 'sumdb-tile':
      return serveTile(file, request, context);
  }
}

/** How verification reads a record of `db`: through the same client and the same copy as others do, and proven. */
export function recordReader(db: string, context: SumdbContext): ReadRecord {
  return async (module, version, signal) => {
    const { client } = context.databases.of(db);
    const file = { kind: 'sumdb-lookup', db, module, version } as const;
    try {
      signal.throwIfAborted();
      const found = await orAborted(
        client.lookup(file, { local: context.settings.offline, via: undefined }),
        signal,
      );
      if (found.kind === 'absent') return found;
      if (found.proven) return { kind: 'record', text: formatLookup(found.record) };
      return { kind: 'unreachable', why: 'the record in the copy cannot be proven now' };
    } catch (error) {
      signal.throwIfAborted();
      return error instanceof RondoError && error.kind === 'integrity'
        ? { kind: 'untrusted', error }
        : { kind: 'unreachable', why: messageOf(error) };
    }
  };
}

/** What was begun goes on for others. */
async function orAborted<T>(task: Promise<T>, signal: AbortSignal): Promise<T> {
  const left = Promise.withResolvers<never>();
  const leave = (): void => left.reject(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([task, left.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

function reachOf({ fetchAllowed, via }: ClientRequest, { settings }: SumdbContext): Reach {
  return { local: settings.offline || !fetchAllowed, via };
}

async function serveRecord(
  file: FileOf<'sumdb-lookup'>,
  request: ClientRequest,
  context: SumdbContext,
): Promise<Reply> {
  const startMs = context.clock.now();
  const { client, sealing } = context.databases.of(file.db);
  const found = await client.lookup(file, reachOf(request, context));
  context.requested(storeKey(file));
  if (found.kind === 'absent') throw new RondoError('E_NOT_FOUND', found.words.replace(/^not found: /, ''));
  // What is not proven keeps the tree that it came with: it may be in no other, and in none.
  const note = found.proven ? await client.sealer.noteFor(found.record) : found.record.note;
  if (found.proven) treeServed(note, client, sealing);
  const bytes = Buffer.from(formatLookup({ ...found.record, note }));
  return reply(file, { ...found, bytes }, PART_MAX_AGE_S, startMs, context);
}

/** A client that has seen a tree comes back with it, when there may be nobody to ask. */
function treeServed(note: string, { sealer }: Database['client'], sealing: Database['sealing']): void {
  sealer.treeServed(Number(note.split('\n', 2)[1]));
  if (sealer.isOpen()) sealing.soon();
}

async function serveTile(
  file: FileOf<'sumdb-tile'>,
  request: ClientRequest,
  context: SumdbContext,
): Promise<Reply> {
  const startMs = context.clock.now();
  const reach = reachOf(request, context);
  const { client, ops } = context.databases.of(file.db);
  const tile = parseTilePath(file.path);
  const maxAge = tile?.width === 2 ** (tile?.height ?? 0) ? 'immutable' : PART_MAX_AGE_S;
  const proven = await client.tile(file, reach);
  if (proven !== 'beyond') return reply(file, proven, maxAge, startMs, context);
  if (reach.local) throw notHeld();
  const flawOf = (bytes: Buffer): string | undefined =>
    isTileOfRightSize(file, bytes) ? undefined : `a tile of ${bytes.length} bytes`;
  const answer = await ops.readRemote(file, { avoid: new Set(), via: reach.via, flawOf });
  if (answer.kind === 'failed') throw answer.error;
  if (answer.kind === 'absent') throw new RondoError('E_NOT_FOUND', answer.words);
  return reply(file, answer, PART_MAX_AGE_S, startMs, context);
}

/** A hash tile is exactly its width in SHA-256 hashes (tlog.TileReader); a data tile has whatever its records need. */
function isTileOfRightSize({ path }: FileOf<'sumdb-tile'>, bytes: Buffer): boolean {
  const tile = parseTilePath(path);
  if (tile === undefined) return false;
  return tile.level === 'data' ? bytes.length > 0 : bytes.length === tile.width * 32;
}

function reply(
  file: SumdbFile,
  { bytes, source, tried }: TileAnswer,
  maxAgeS: number | 'immutable',
  startMs: number,
  { settings, clock }: SumdbContext,
): Reply {
  const isData = file.kind === 'sumdb-tile' && file.data;
  const contentType = CONTENT_TYPES[isData ? 'sumdb-lookup' : file.kind];
  const common = { kind: 'bytes', bytes, contentType, maxAgeS } as const;
  if (source === undefined) return { ...common, cache: settings.offline ? 'offline' : 'hit' };
  const timings = [{ name: 'database', ms: clock.now() - startMs }];
  return { ...common, cache: 'miss', mirror: source, timings, ...(tried === undefined ? {} : { tried }) };
}

/** The newest tree that is known, asked for again after 60 s; without anybody to ask the one that the copy is sealed in. */
async function serveTreeHead(
  file: FileOf<'sumdb-latest'>,
  request: ClientRequest,
  context: SumdbContext,
): Promise<Reply> {
  const { client, sealing } = context.databases.of(file.db);
  const known = await client.newest();
  const { found } = await readAnswer(file, context);
  const ageMs = found === undefined ? Infinity : context.clock.wallMs() - found.atMs;
  const reach = reachOf(request, context);
  const contentType = CONTENT_TYPES['sumdb-latest'];
  const answer = (note: string, cache: Reply['cache'], maxAgeS: number): Reply => {
    treeServed(note, client, sealing);
    return { kind: 'bytes', bytes: Buffer.from(note), contentType, maxAgeS, cache };
  };
  if (reach.local) return answer((await client.refresh(reach)).note, 'offline', 0);
  if (known !== undefined && ageMs >= 0 && ageMs < LATEST_FRESH_MS) {
    return answer(known.note, 'hit', Math.floor((LATEST_FRESH_MS - ageMs) / 1000));
  }
  try {
    const newest = await client.refresh(reach);
    await writeAnswer(file, { found: { text: '', mirror: '', atMs: context.clock.wallMs() } }, context);
    return answer(newest.note, 'miss', LATEST_FRESH_MS / 1000);
  } catch (error) {
    if (known === undefined || !isOutage(error)) throw error;
    return answer(known.note, 'stale', 0);
  }
}

/**
 * Whether this Rondo can serve the database: a mirror does, or it can be asked itself. One that was caught is
 * served all the same, so that every answer tells why there is none: else go would ask it past this Rondo.
 */
async function serveSupported(
  file: FileOf<'sumdb-supported'>,
  request: ClientRequest,
  context: SumdbContext,
): Promise<Reply> {
  const cache = await whoSupports(file, request, context);
  const contentType = CONTENT_TYPES['sumdb-supported'];
  const answer = (state: Reply['cache']): Reply => {
    return { kind: 'bytes', bytes: Buffer.alloc(0), contentType, maxAgeS: 0, cache: state };
  };
  if (cache !== undefined) return answer(cache);
  try {
    const reach = reachOf(request, context);
    const { client, ops } = context.databases.of(file.db);
    if (reach.local) {
      // An imported folder may have records and never have been asked anything.
      for await (const _ of ops.cachedRecords()) return answer('offline');
    } else {
      await client.refresh(reach);
      await rememberSupport(file, file.db, context);
      return answer('miss');
    }
  } catch (error) {
    if (error instanceof RondoError && error.kind === 'integrity') return answer('miss');
  }
  throw new RondoError(
    'E_NOT_FOUND',
    say('{db} is served neither by a mirror that answers nor by itself', { db: file.db }),
  );
}
