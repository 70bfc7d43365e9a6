import { RondoError, messageOf } from '../errors/rondo-error.ts';
import { parseChecksumRecord, recordHashes } from '../gomod/checksum-record.ts';
import type { SumdbFile } from '../gomod/module-file.ts';
import { recordName, storeKey } from '../gomod/store-key.ts';
import { parseTilePath } from '../gomod/tile-path.ts';
import type { ReadRecord } from '../verify/verifier.ts';
import { readAnswer, writeAnswer } from './answer-record.ts';
import type { ProxyContext } from './context.ts';
import type { FlightPlan, Judgement } from './flight-plan.ts';
import { isNotFound, isOutage } from './not-found-memory.ts';
import type { Reply, Timings } from './reply.ts';
import type { ClientRequest } from './request.ts';
import { recordSourceName } from './second-opinion.ts';
import { notHeld } from './serve-version-file.ts';
import { CONTENT_TYPES } from './settings.ts';

/** The only way in which a refresh of the tree head differs from that of a list: its own age limit. */
const LATEST_FRESH_MS = 60_000;
/** Records and partial tiles: neither changes, but a later one says more. */
const PART_MAX_AGE_S = 86_400;

type KeptSumdbFile = Extract<SumdbFile, { kind: 'sumdb-lookup' | 'sumdb-tile' }>;
type SumdbContext = Omit<ProxyContext, 'verifier' | 'early'>;

/**
 * Serves a checksum database through the mirrors: records and tiles are kept for ever, the tree head for
 * 60 s. Its content proves itself to the client; here only its form is checked.
 * @throws RondoError as ask.ts says; E_OFFLINE. For `supported` only with kind not-found: anything else
 * would disable the database in the client (modfetch.dbClient.initBase).
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
    case 'sumdb-tile':
      return serveKept(file, request, context);
  }
}

/** How verification reads a record of `db`: through the same flights and the same copy as clients do. */
export function recordReader(db: string, context: SumdbContext): ReadRecord {
  return async (module, version, signal) => {
    const request: ClientRequest = { headOnly: false, fetchAllowed: true, via: undefined };
    try {
      signal.throwIfAborted();
      const file = { kind: 'sumdb-lookup', db, module, version } as const;
      const { bytes } = await readKept(file, request, context);
      return { kind: 'record', text: bytes.toString('utf8') };
    } catch (error) {
      signal.throwIfAborted();
      // A mirror that does not serve the database also says 404: only a served database can lack a record.
      const supported = { kind: 'sumdb-supported', db } as const;
      if (isNotFound(error) && (await whoSupports(supported, request, context)) !== undefined) {
        return { kind: 'absent', words: error.message };
      }
      return { kind: 'unreachable', why: messageOf(error) };
    }
  };
}

async function serveKept(file: KeptSumdbFile, request: ClientRequest, context: SumdbContext): Promise<Reply> {
  const { bytes, mirror, cache, timings } = await readKept(file, request, context);
  return {
    kind: 'bytes',
    bytes,
    contentType:
      file.kind === 'sumdb-tile' && !file.data ? CONTENT_TYPES['sumdb-tile'] : CONTENT_TYPES['sumdb-lookup'],
    maxAgeS: isFullTile(file) ? 'immutable' : PART_MAX_AGE_S,
    cache,
    ...(mirror === undefined ? {} : { mirror }),
    ...(timings === undefined ? {} : { timings }),
  };
}

function isFullTile(file: KeptSumdbFile): boolean {
  const tile = file.kind === 'sumdb-tile' ? parseTilePath(file.path) : undefined;
  return tile !== undefined && tile.width === 2 ** tile.height;
}

async function readKept(
  file: KeptSumdbFile,
  request: ClientRequest,
  context: SumdbContext,
): Promise<{ bytes: Buffer; mirror: string | undefined; cache: Reply['cache']; timings?: Timings }> {
  const key = storeKey(file);
  const stored = await context.store.get(key);
  // go itself may share this folder, and it creates such files empty before it writes them.
  if (stored !== undefined && stored.sizeBytes > 0) {
    const chunks: Buffer[] = [];
    if (stored.bytes !== undefined) chunks.push(stored.bytes);
    else for await (const chunk of stored.open()) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const cache = context.settings.offline ? 'offline' : 'hit';
    if (judgeKept(file, bytes).kind === 'right') return { bytes, mirror: undefined, cache };
  }
  if (context.settings.offline || !request.fetchAllowed) throw notHeld();
  const { reader, joined } = context.flights.join(key, () => planKept(file, key, context), request.via);
  const bytes = await reader.bytes();
  return { bytes, mirror: reader.mirror, cache: joined ? 'coalesced' : 'miss', timings: reader.timings };
}

function planKept(file: KeptSumdbFile, key: string, context: SumdbContext): FlightPlan {
  return {
    file,
    key,
    streams: false,
    judge: async (spool) => judgeKept(file, await spool.read(0, spool.sizeBytes)),
    keep: async (spool, mirror) => {
      await context.store.put(key, spool.source());
      if (file.kind === 'sumdb-lookup') await context.store.putRecord(recordSourceName(key), { mirror });
    },
  };
}

function judgeKept(file: KeptSumdbFile, bytes: Buffer): Judgement {
  if (file.kind === 'sumdb-tile') {
    return isTileOfRightSize(file.path, bytes)
      ? { kind: 'right' }
      : { kind: 'unusable', why: `a tile of ${bytes.length} bytes` };
  }
  try {
    const hashes = recordHashes(parseChecksumRecord(bytes.toString('utf8')), file.module, file.version);
    return hashes === undefined
      ? { kind: 'unusable', why: 'a record of another version' }
      : { kind: 'right' };
  } catch (error) {
    return { kind: 'unusable', why: messageOf(error) };
  }
}

/** A hash tile is exactly its width in SHA-256 hashes (tlog.TileReader); a data tile has whatever its records need. */
function isTileOfRightSize(path: string, bytes: Buffer): boolean {
  const tile = parseTilePath(path);
  if (tile === undefined) return false;
  return tile.level === 'data' ? bytes.length > 0 : bytes.length === tile.width * 32;
}

async function serveTreeHead(
  file: Extract<SumdbFile, { kind: 'sumdb-latest' }>,
  request: ClientRequest,
  context: SumdbContext,
): Promise<Reply> {
  const { found } = await readAnswer(file, context);
  const ageMs = found === undefined ? Infinity : context.clock.wallMs() - found.atMs;
  const local = context.settings.offline || !request.fetchAllowed;
  const reply = (text: string, mirror: string, cache: Reply['cache'], maxAgeS: number): Reply => {
    const contentType = CONTENT_TYPES['sumdb-latest'];
    return { kind: 'bytes', bytes: Buffer.from(text), contentType, maxAgeS, cache, mirror };
  };
  if (found !== undefined && ageMs >= 0 && (local || ageMs < LATEST_FRESH_MS)) {
    const leftS = Math.max(0, Math.floor((LATEST_FRESH_MS - ageMs) / 1000));
    return reply(found.text, found.mirror, local ? 'offline' : 'hit', leftS);
  }
  if (local) throw notHeld();
  try {
    const { reader, joined } = context.flights.join(
      recordName(file),
      () => planTreeHead(file, context),
      request.via,
    );
    const text = (await reader.bytes()).toString('utf8');
    return reply(text, reader.mirror ?? '', joined ? 'coalesced' : 'miss', LATEST_FRESH_MS / 1000);
  } catch (error) {
    if (found === undefined || !isOutage(error)) throw error;
    return reply(found.text, found.mirror, 'stale', 0);
  }
}

function planTreeHead(file: Extract<SumdbFile, { kind: 'sumdb-latest' }>, context: SumdbContext): FlightPlan {
  return {
    file,
    key: recordName(file),
    streams: false,
    judge: async (spool) => {
      const text = (await spool.read(0, spool.sizeBytes)).toString('utf8');
      return text.startsWith('go.sum database tree\n')
        ? { kind: 'right' }
        : { kind: 'unusable', why: 'not a signed tree' };
    },
    keep: async (spool, mirror) => {
      const text = (await spool.read(0, spool.sizeBytes)).toString('utf8');
      await writeAnswer(file, { found: { text, mirror, atMs: context.clock.wallMs() } }, context);
    },
  };
}

type SupportedFile = Extract<SumdbFile, { kind: 'sumdb-supported' }>;

async function serveSupported(
  file: SupportedFile,
  request: ClientRequest,
  context: SumdbContext,
): Promise<Reply> {
  const cache = await whoSupports(file, request, context);
  if (cache === undefined) {
    throw new RondoError('E_NOT_FOUND', `${file.db} is not served by any mirror that answers`);
  }
  const contentType = CONTENT_TYPES['sumdb-supported'];
  return { kind: 'bytes', bytes: Buffer.alloc(0), contentType, maxAgeS: 0, cache };
}

/** The answer has no form of its own, but a page of HTML is none. */
function judgeSupported(bytes: Buffer): Judgement {
  return bytes.toString('utf8').trimStart().startsWith('<')
    ? { kind: 'unusable', why: 'a page of HTML' }
    : { kind: 'right' };
}

/** Once a mirror has served a database it is served for good: the copy has a part of it, the mirrors the rest. */
async function whoSupports(
  file: SupportedFile,
  request: ClientRequest,
  context: SumdbContext,
): Promise<Reply['cache'] | undefined> {
  const { found } = await readAnswer(file, context);
  if (found !== undefined) return context.settings.offline ? 'offline' : 'hit';
  if (context.settings.offline || !request.fetchAllowed) return undefined;
  const plan: FlightPlan = {
    file,
    key: recordName(file),
    streams: false,
    judge: async (spool) => judgeSupported(await spool.read(0, spool.sizeBytes)),
    keep: (_spool, mirror) =>
      writeAnswer(file, { found: { text: '', mirror, atMs: context.clock.wallMs() } }, context),
  };
  try {
    await context.flights.join(plan.key, () => plan, request.via).reader.bytes();
    return 'miss';
  } catch {
    return undefined;
  }
}
