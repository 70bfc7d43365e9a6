import { isDeepStrictEqual } from 'node:util';
import type { RemoteFile, VersionFile } from '../gomod/module-file.ts';
import { storeKey } from '../gomod/store-key.ts';
import type { Clock } from '../kit/clock.ts';
import { createSharedQuestion } from '../kit/shared-question.ts';
import { createSharedTask } from '../kit/shared-task.ts';
import type { Emit } from '../events/events.ts';
import type { DatabaseItself } from '../mirrors/database-itself.ts';
import type { Found } from '../mirrors/answer.ts';
import type { Mirrors } from '../mirrors/mirrors.ts';
import type { Spool } from '../store/spool.ts';
import type { Store, StoreKey } from '../store/store.ts';
import type { ReadRecord, Verifier } from '../verify/verifier.ts';
import { createDatabases } from './databases.ts';
import { createEarlyAsking, type SmallFile } from './ask-early.ts';
import type { FlightProgress } from './flight.ts';
import { createFlights } from './flights.ts';
import { createNotFoundMemory } from './not-found-memory.ts';
import type { ProxyContext } from './context.ts';
import type { Reply } from './reply.ts';
import type { ClientRequest } from './request.ts';
import { latestFromList, recallModuleQuery, serveModuleQuery } from './serve-module-query.ts';
import { recordReader, serveSumdb } from './serve-sumdb.ts';
import { readVersionFile, recallVersionFile, serveVersionFile } from './serve-version-file.ts';
import type { ProxySettings, VerifyRules } from './settings.ts';
import { createTrustedFiles, type TrustedFiles } from './trusted-files.ts';
import { createVersionChecks } from './version-checks.ts';
import { unprovenInMemory } from './unproven-in-memory.ts';

/** What verification may ask of the proxy: records through its own flights, and the hashes it has kept. */
export type VerifierPorts = {
  readonly readRecord: ReadRecord;
  /** Those of this moment. */
  readonly rules: () => VerifyRules;
  readonly keptHashes: TrustedFiles['hashes'];
};

/** The use cases behind the GOPROXY paths. */
export type Proxy = {
  /** Answers for one file, at once where it is in memory. Rejects with RondoError as the use cases say. */
  answer(file: RemoteFile, request: ClientRequest): Reply | Promise<Reply>;
  /**
   * Whether the checksum database knows a version; false also where it need not know it or cannot be asked. Never
   * rejects.
   */
  exists(module: string, version: string): Promise<boolean>;
  /** What work on the copy needs of it: how files are judged, and which ones have been. */
  readonly verifier: Verifier;
  readonly trusted: TrustedFiles;
  /** Answers by other settings from now on; a request that has begun keeps its own. The databases stay those of the start. */
  replace(settings: ProxySettings): void;
  /** Flights under way. */
  flights(): number;
  /** How far each is. */
  progress(): FlightProgress[];
  /** Resolves when what is fetched of a file, if it is, is kept or given up. */
  kept(file: VersionFile): Promise<void>;
  /** Resolves when everything that was begun has ended and what it brought is kept. */
  idle(): Promise<void>;
  /** Drops what is still being fetched, for nobody by now; what is whole is kept first. */
  close(): Promise<void>;
};

/** What asks early: nobody yet. */
const UNASKED: ClientRequest = { headOnly: false, fetchAllowed: true, via: undefined };

/** What the use cases stand on. */
export type ProxyParts = {
  readonly store: Store;
  readonly newSpool: () => Spool;
  readonly mirrors: Mirrors;
  /** The checksum databases that may be asked without a mirror between, by name. */
  readonly itself: ReadonlyMap<string, DatabaseItself>;
  readonly openVerifier: (ports: VerifierPorts) => Verifier;
  readonly settings: ProxySettings;
  /** Told of each request for a file that the copy has. Default: nobody is. */
  readonly requested?: (key: StoreKey) => void;
  readonly clock: Clock;
  readonly emit: Emit;
};

/** Builds the use cases; the verifier is made here because it reads its records through them. */
export function createProxy(options: ProxyParts): Proxy {
  const { mirrors, clock, emit, requested = () => undefined } = options;
  const stop = new AbortController();
  let { settings } = options;
  const now = (): ProxySettings => settings;
  const store = unprovenInMemory(options.store, () => settings.keepsUnproven);
  const flights = createFlights({ ...options, signal: stop.signal }, now);
  const trusted = createTrustedFiles({ store, emit, rules: () => settings.verify });
  const notFound = createNotFoundMemory({ store, poolId: (file) => mirrors.poolId(file), clock, emit });
  const asking = { ...options, store, flights, signal: stop.signal, settings: now };
  const databases = createDatabases(asking, options.itself);
  const adoptions = createSharedTask<boolean>();
  const heads = createSharedQuestion<Found>();
  const told = { clock, emit, requested, signal: stop.signal };
  const base = { store, mirrors, flights, adoptions, heads, databases, notFound, settings, ...told };
  const verifier = options.openVerifier({
    readRecord: recordReader(settings.verifyDatabase, base),
    rules: () => settings.verify,
    keptHashes: (module, version) => trusted.hashes(module, version),
  });
  const readEarly = async (file: SmallFile): Promise<Buffer> =>
    (await readVersionFile(file, UNASKED, trusted, context)).bytes;
  const early = createEarlyAsking(() => settings.early, readEarly, clock);
  const latestListed: ProxyContext['latestListed'] = (module) =>
    latestFromList(module, UNASKED, trusted, context);
  const checks = createVersionChecks({ verifier, ...told });
  let context: ProxyContext = { ...base, verifier, early, checks, latestListed };
  return {
    verifier,
    trusted,
    answer: (file, request) => answer(file, request, trusted, context),
    exists: async (module, version) => (await checks.check(module, version)) === 'known',
    replace(next) {
      const isAsStrict = isDeepStrictEqual(settings.verify, next.verify);
      // What was right without the database may not be right with it.
      if (!isAsStrict) trusted.forget();
      settings = isAsStrict ? { ...next, verify: settings.verify } : next;
      context = { ...context, settings };
    },
    flights: () => flights.count(),
    progress: () => flights.progress(),
    kept: (file) => flights.over(storeKey(file)),
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

function answer(
  file: RemoteFile,
  request: ClientRequest,
  trusted: TrustedFiles,
  context: ProxyContext,
): Reply | Promise<Reply> {
  switch (file.kind) {
    case 'info':
    case 'mod':
    case 'zip':
      return recallVersionFile(file, trusted, context) ?? serveVersionFile(file, request, trusted, context);
    case 'list':
    case 'latest':
    case 'query':
      return recallModuleQuery(file, request, context) ?? serveModuleQuery(file, request, trusted, context);
    default:
      return serveSumdb(file, request, context);
  }
}
