import type { RemoteFile } from '../gomod/module-file.ts';
import type { Clock } from '../kit/clock.ts';
import { createSharedTask } from '../kit/shared-task.ts';
import type { Emit } from '../events/events.ts';
import type { DatabaseItself } from '../mirrors/database-itself.ts';
import type { Mirrors } from '../mirrors/mirrors.ts';
import type { Spool } from '../store/spool.ts';
import type { Store, StoreKey } from '../store/store.ts';
import type { ReadRecord, Verifier } from '../verify/verifier.ts';
import { createDatabases } from './databases.ts';
import { createFlights } from './flights.ts';
import { createNotFoundMemory } from './not-found-memory.ts';
import type { ProxyContext } from './context.ts';
import type { Reply } from './reply.ts';
import type { ClientRequest } from './request.ts';
import { recallModuleQuery, serveModuleQuery } from './serve-module-query.ts';
import { recordReader, serveSumdb } from './serve-sumdb.ts';
import { recallVersionFile, serveVersionFile } from './serve-version-file.ts';
import type { ProxySettings } from './settings.ts';
import { createTrustedFiles, type TrustedFiles } from './trusted-files.ts';
import { unprovenInMemory } from './unproven-in-memory.ts';

/** What verification may ask of the proxy: records through its own flights, and the hashes it has kept. */
export type VerifierPorts = {
  readonly readRecord: ReadRecord;
  readonly keptHashes: TrustedFiles['hashes'];
};

/** The use cases behind the GOPROXY paths. */
export type Proxy = {
  /** Answers for one file, at once where it is in memory. Rejects with RondoError as the use cases say. */
  answer(file: RemoteFile, request: ClientRequest): Reply | Promise<Reply>;
  /** What work on the copy needs of it: how files are judged, and which ones have been. */
  readonly verifier: Verifier;
  readonly trusted: TrustedFiles;
  /** Flights under way. */
  flights(): number;
  /** Resolves when everything that was begun has ended and what it brought is kept. */
  idle(): Promise<void>;
  /** Drops what is still being fetched, for nobody by now; what is whole is kept first. */
  close(): Promise<void>;
};

/** What the use cases stand on. */
export type ProxyParts = {
  readonly store: Store;
  readonly newSpool: () => Spool;
  readonly mirrors: Mirrors;
  /** The checksum databases that may be asked without a mirror between, by name. */
  readonly itself: ReadonlyMap<string, DatabaseItself>;
  readonly openVerifier: (ports: VerifierPorts) => Verifier;
  readonly settings: ProxySettings;
  readonly deadlineMs: number;
  /** Told of each request for a file that the copy has. Default: nobody is. */
  readonly requested?: (key: StoreKey) => void;
  readonly clock: Clock;
  readonly emit: Emit;
};

/** Builds the use cases; the verifier is made here because it reads its records through them. */
export function createProxy(options: ProxyParts): Proxy {
  const { mirrors, settings, clock, emit, requested = () => undefined } = options;
  const store = settings.keepsUnproven ? options.store : unprovenInMemory(options.store);
  const stop = new AbortController();
  const flights = createFlights({ ...options, resumes: settings.resumes, signal: stop.signal });
  const trusted = createTrustedFiles({ store, emit });
  const notFound = createNotFoundMemory({ store, clock, emit });
  const asking = { ...options, store, flights, signal: stop.signal };
  const databases = createDatabases(asking, options.itself);
  const adoptions = createSharedTask<boolean>();
  const told = { clock, emit, requested, signal: stop.signal };
  const base = { store, mirrors, flights, adoptions, databases, notFound, settings, ...told };
  const verifier = options.openVerifier({
    readRecord: recordReader(settings.verifyDatabase, base),
    keptHashes: (module, version) => trusted.hashes(module, version),
  });
  const context: ProxyContext = { ...base, verifier };
  return {
    verifier,
    trusted,
    answer(file, request) {
      switch (file.kind) {
        case 'info':
        case 'mod':
        case 'zip':
          return (
            recallVersionFile(file, trusted, context) ?? serveVersionFile(file, request, trusted, context)
          );
        case 'list':
        case 'latest':
        case 'query':
          return (
            recallModuleQuery(file, request, context) ?? serveModuleQuery(file, request, trusted, context)
          );
        default:
          return serveSumdb(file, request, context);
      }
    },
    flights: () => flights.count(),
    async idle() {
      await flights.idle();
      await databases.idle();
    },
    async close() {
      stop.abort(new Error('the program ends'));
      await flights.idle();
      await databases.close();
      await databases.idle();
      await notFound.close();
      await verifier.close();
    },
  };
}
