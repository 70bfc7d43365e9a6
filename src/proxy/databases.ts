import { randomUUID } from 'node:crypto';
import { parseVerifierKey } from '../gomod/verifier-key.ts';
import type { SumdbFile } from '../gomod/module-file.ts';
import type { DatabaseItself } from '../mirrors/database-itself.ts';
import { createDatabaseClient, type DatabaseClient } from '../verify/database-client.ts';
import type { DatabaseOps, Lie } from '../verify/database-ops.ts';
import { createDatabaseCopy, type DatabaseCopy } from './database-copy.ts';
import { createSealing, type Sealing } from './sealing.ts';
import { createDatabaseRemote, type RemoteContext } from './database-remote.ts';

/** A checksum database as this proxy knows it. */
export type Database = {
  readonly client: DatabaseClient;
  /** Its effects, for what is passed on without a proof. */
  readonly ops: DatabaseOps;
  readonly sealing: Sealing;
};

/** All checksum databases that are served, by name. */
export type Databases = {
  /** The database of a file that parseRoute has made: its name is one of the configured ones. */
  of(db: string): Database;
  idle(): Promise<void>;
  close(): Promise<void>;
};

/** Databases over the copy and the mirrors, those that the settings name now; `itself` are those that may be asked without a mirror between. */
export function createDatabases(
  context: Omit<RemoteContext, 'itself'>,
  itself: ReadonlyMap<string, DatabaseItself>,
): Databases {
  const databases = new Map<string, Database & { copy: DatabaseCopy }>();
  const instance = randomUUID();
  const { databases: specs, offline } = context.settings();
  for (const { name, key } of specs) {
    const copy = createDatabaseCopy(name, context);
    const direct = itself.get(name);
    const ops: DatabaseOps = {
      readRemote: createDatabaseRemote({ ...context, itself: direct }),
      ...copy,
      log: (message) => context.emit({ type: 'notice', level: 'warn', message }),
      accuse: (lie) => accuse(lie, direct, context),
      securityError: (error) => context.emit({ type: 'security', database: name, ...error }),
    };
    const client = createDatabaseClient(parseVerifierKey(key), instance, ops);
    databases.set(name, { client, ops, sealing: createSealing(client, { ...context, offline }), copy });
  }
  return {
    of(db) {
      const database = databases.get(db);
      if (database === undefined) throw new Error(`the database ${db} is not configured`);
      return database;
    },
    async idle() {
      for (const { sealing, copy } of databases.values()) {
        await sealing.idle();
        await copy.idle();
      }
    },
    async close() {
      for (const { sealing } of databases.values()) await sealing.finish();
      await Promise.all([...itself.values()].map((each) => each.close()));
    },
  };
}

/** A complete file of the right form that is not what the signature proves: no accident. */
function accuse(
  { source, file, why }: Lie,
  itself: DatabaseItself | undefined,
  { mirrors, emit }: Omit<RemoteContext, 'itself'>,
): void {
  const [module, version] = subjectOf(file);
  emit({ type: 'integrity', module, version, kind: file.kind, mirror: source, why });
  if (itself?.name === source) itself.distrust(why);
  else mirrors.charge(source, why);
}

function subjectOf(file: SumdbFile): [module: string, version: string] {
  switch (file.kind) {
    case 'sumdb-lookup':
      return [file.module, file.version];
    case 'sumdb-tile':
      return [file.db, file.path];
    case 'sumdb-latest':
    case 'sumdb-supported':
      return [file.db, file.kind.slice('sumdb-'.length)];
  }
}
