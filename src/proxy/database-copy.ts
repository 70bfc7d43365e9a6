import { say } from '../words/text.ts';
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Emit } from '../events/events.ts';
import { fullWidth, hashTilePath } from '../gomod/hash-tile.ts';
import { parseRoute } from '../gomod/route.ts';
import { databaseRecordName, storeKey } from '../gomod/store-key.ts';
import type { Clock } from '../kit/clock.ts';
import { provenanceName } from '../store/provenance.ts';
import type { Provenance, Store } from '../store/store.ts';
import type { CachedFile, ConfigName, DatabaseOps, KeptDatabaseFile } from '../verify/database-ops.ts';
import { tellUnkept } from './tell-unkept.ts';

/** The part of the client's effects that is the copy's. */
export type DatabaseCopy = Pick<
  DatabaseOps,
  'readConfig' | 'writeConfig' | 'readCache' | 'writeCache' | 'cachedWidths' | 'cachedRecords'
> & {
  /** Resolves when all that is being written is written. */
  idle(): Promise<void>;
};

/** What the folder has is parsed: other programs may write into it. */
const configSchema = z.object({ text: z.string() });
const provenanceSchema = z.object({
  verified: z.literal('database'),
  etag: z.string().max(200),
  h1: z.string().max(200),
  mirror: z.string().max(500).optional(),
});

/** How long it is believed that no other process has caught the database, in milliseconds. */
const NO_FORK_BELIEVED_MS = 1000;

/** The cache and the configuration of the client of database `db`, in the copy. */
export function createDatabaseCopy(
  db: string,
  { store, clock, emit }: { store: Store; clock: Clock; emit: Emit },
): DatabaseCopy {
  /** One write of a file at a time, and its record with it: the last one stays. */
  const writing = new Map<string, Promise<void>>();
  const write = async (file: KeptDatabaseFile, bytes: Buffer, source: string | undefined): Promise<void> => {
    const key = storeKey(file);
    try {
      const { etag } = await store.put(key, { bytes });
      if (file.kind === 'sumdb-tile') return;
      const mirror = source === undefined ? {} : { mirror: source };
      const h1 = hashOf(bytes);
      const provenance: Provenance = { verified: 'database', etag, h1, at: clock.wallMs(), ...mirror };
      await store.putRecord(provenanceName(key), provenance);
    } catch (error) {
      tellUnkept(emit, say('{key} is served but not kept', { key }), error);
    }
  };
  const config = createConfig(db, store, clock);
  const configuring = new Set<Promise<boolean>>();
  return {
    readConfig: config.readConfig,
    async writeConfig(name, old, text) {
      const task = config.writeConfig(name, old, text);
      configuring.add(task);
      return task.finally(() => configuring.delete(task));
    },
    async readCache(file) {
      await writing.get(storeKey(file));
      return readKept(file, store).catch(() => undefined);
    },
    writeCache(file, bytes, source) {
      const key = storeKey(file);
      const before = writing.get(key) ?? Promise.resolve();
      const task = before
        .then(() => write(file, bytes, source))
        .finally(() => {
          if (writing.get(key) === task) writing.delete(key);
        });
      writing.set(key, task);
      return task;
    },
    async cachedWidths(tile) {
      const full = { ...tile, width: fullWidth(tile.height) };
      const folder = `sumdb/${db}/${hashTilePath(full)}.p`;
      const names = await store.names(folder).catch(() => []);
      const widths = names.map((key) => Number(key.slice(folder.length + 1)));
      return [...widths.filter((width) => Number.isInteger(width)), full.width];
    },
    cachedRecords: () => recordsOf(db, store),
    async idle() {
      // Who began them is told what becomes of them.
      while (writing.size + configuring.size > 0)
        await Promise.allSettled([...writing.values(), ...configuring]);
    },
  };
}

/** Small texts, as records of the copy. */
function createConfig(
  db: string,
  store: Store,
  clock: Clock,
): Pick<DatabaseCopy, 'readConfig' | 'writeConfig'> {
  const read = async (name: ConfigName): Promise<string> => {
    const record = await store.getRecord(databaseRecordName(db, name));
    return configSchema.safeParse(record).data?.text ?? '';
  };
  let lookedForForkAtMs = -Infinity;
  return {
    async readConfig(name) {
      // Asked for before each answer, and nearly never there.
      if (name !== 'fork') return read(name);
      const nowMs = clock.now();
      if (nowMs - lookedForForkAtMs < NO_FORK_BELIEVED_MS) return '';
      const fork = await read('fork');
      if (fork === '') lookedForForkAtMs = nowMs;
      return fork;
    },
    writeConfig(name, old, text) {
      if (name === 'fork') lookedForForkAtMs = -Infinity;
      const expected = old === '' ? undefined : { text: old };
      return store.swapRecord(databaseRecordName(db, name), expected, { text });
    },
  };
}

async function readKept(file: KeptDatabaseFile, store: Store): Promise<CachedFile | undefined> {
  const key = storeKey(file);
  const stored = await store.get(key);
  // go itself may share this folder, and it creates such files empty before it writes them.
  if (stored === undefined || stored.sizeBytes === 0) return undefined;
  const chunks: Buffer[] = [];
  if (stored.bytes !== undefined) chunks.push(stored.bytes);
  else for await (const chunk of stored.open()) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (file.kind === 'sumdb-tile') return { bytes, proven: false };
  const provenance = provenanceSchema.safeParse(await store.getRecord(provenanceName(key))).data;
  const source = provenance?.mirror === undefined ? {} : { source: provenance.mirror };
  // The hash as well: a disk that damaged one bit would make liars of all mirrors.
  const proven = provenance?.etag === stored.etag && provenance.h1 === hashOf(bytes);
  return { bytes, proven, ...source };
}

/** Our own, of the whole file: nobody else has a hash of it. */
function hashOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('base64')}`;
}

async function* recordsOf(db: string, store: Store): ReturnType<DatabaseOps['cachedRecords']> {
  const folder = `sumdb/${db}/lookup`;
  for await (const key of store.keys(folder)) {
    const route = parseRoute(`/${key}`, [db]);
    // Whatever else lies there is no record.
    if (route.kind === 'sumdb' && route.file.kind === 'sumdb-lookup') yield route.file;
  }
}
