import { hashTilePath } from '../../src/gomod/hash-tile.ts';
import { parseRoute } from '../../src/gomod/route.ts';
import { remotePath } from '../../src/gomod/remote-path.ts';
import type {
  CachedFile,
  ConfigName,
  DatabaseOps,
  KeptDatabaseFile,
  Lie,
  RemoteAnswer,
  SecurityError,
} from '../../src/verify/database-ops.ts';
import type { DatabaseAnswer } from './checksum-database.ts';

/** Somebody who answers for a database. */
export type DatabaseSource = { answer(path: string): DatabaseAnswer };

/** What outlives a client: shared, it is one copy for several of them, one after another or at once. */
export type DatabaseMemory = {
  readonly cache: Map<string, CachedFile>;
  readonly config: Map<ConfigName, string>;
};

/** The effects of a client, in memory, with everything that it did. */
export type MemoryDatabaseOps = DatabaseOps & {
  readonly memory: DatabaseMemory;
  /** Changes who is asked, in this order. */
  sources: Readonly<Record<string, DatabaseSource>>;
  /** `<source> <path>` of everything that was asked for. */
  readonly asked: string[];
  readonly lies: Lie[];
  readonly errors: SecurityError[];
  readonly logged: string[];
  /** Called between a client's look at its configuration and its write. */
  beforeWrite: () => void;
};

/** A memory with nothing in it. */
export function emptyMemory(): DatabaseMemory {
  return { cache: new Map(), config: new Map() };
}

/** Asks `sources` of database `db` one after another, each at most once for a question. */
export function memoryDatabaseOps(
  db: string,
  sources: Readonly<Record<string, DatabaseSource>>,
  memory: DatabaseMemory = emptyMemory(),
): MemoryDatabaseOps {
  const pathOf = (file: KeptDatabaseFile): string => remotePath(file).slice(`/sumdb/${db}`.length);
  const ops: MemoryDatabaseOps = {
    memory,
    sources,
    asked: [],
    lies: [],
    errors: [],
    logged: [],
    beforeWrite: () => undefined,
    readRemote: (file, how) => askInTurn(remotePath(file).slice(`/sumdb/${db}`.length), how, ops),
    readConfig: async (name) => memory.config.get(name) ?? '',
    async writeConfig(name, old, text) {
      ops.beforeWrite();
      if ((memory.config.get(name) ?? '') !== old) return false;
      memory.config.set(name, text);
      return true;
    },
    readCache: async (file) => memory.cache.get(pathOf(file)),
    async cachedWidths(tile) {
      const full = `/${hashTilePath({ ...tile, width: 2 ** tile.height })}`;
      const widths = [...memory.cache.keys()]
        .filter((path) => path.startsWith(`${full}.p/`))
        .map((path) => Number(path.slice(`${full}.p/`.length)));
      return memory.cache.has(full) ? [...widths, 2 ** tile.height] : widths;
    },
    async *cachedRecords() {
      for (const path of memory.cache.keys()) {
        const route = parseRoute(`/sumdb/${db}${path}`, [db]);
        if (route.kind === 'sumdb' && route.file.kind === 'sumdb-lookup') yield route.file;
      }
    },
    async writeCache(file, bytes, source) {
      const from = source === undefined ? {} : { source };
      memory.cache.set(pathOf(file), { bytes, proven: true, ...from });
    },
    log: (message) => void ops.logged.push(message),
    accuse: (lie) => void ops.lies.push(lie),
    securityError: (error) => void ops.errors.push(error),
  };
  return ops;
}

async function askInTurn(
  path: string,
  { avoid, flawOf }: Parameters<DatabaseOps['readRemote']>[1],
  { sources, asked }: Pick<MemoryDatabaseOps, 'sources' | 'asked'>,
): Promise<RemoteAnswer> {
  let words: string | undefined;
  let flaw = 'nobody is left';
  for (const [name, source] of Object.entries(sources)) {
    if (avoid.has(name)) continue;
    asked.push(`${name} ${path}`);
    await Promise.resolve();
    const { status, body } = source.answer(path);
    if (status === 404 || status === 410) words ??= body.toString().trim();
    else if (status !== 200) flaw = `${name}: ${status}`;
    else {
      const found = flawOf(body);
      if (found === undefined) return { kind: 'found', source: name, bytes: body };
      flaw = `${name}: ${found}`;
    }
  }
  return words === undefined ? { kind: 'failed', error: new Error(flaw) } : { kind: 'absent', words };
}
