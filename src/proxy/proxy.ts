import type { RemoteFile } from '../gomod/module-file.ts';
import type { Clock } from '../kit/clock.ts';
import type { Emit } from '../events/events.ts';
import type { Mirrors } from '../mirrors/mirrors.ts';
import type { Spool } from '../store/spool.ts';
import type { Store } from '../store/store.ts';
import type { ReadRecord, Verifier } from '../verify/verifier.ts';
import { createEarlyAsking, type SmallFile } from './ask-early.ts';
import { createFlights } from './flights.ts';
import { createNotFoundMemory } from './not-found-memory.ts';
import type { ProxyContext } from './context.ts';
import type { Reply } from './reply.ts';
import type { ClientRequest } from './request.ts';
import { serveModuleQuery } from './serve-module-query.ts';
import { recordReader, serveSumdb } from './serve-sumdb.ts';
import { readVersionFile, recallVersionFile, serveVersionFile } from './serve-version-file.ts';
import type { ProxySettings } from './settings.ts';
import { createTrustedFiles, type TrustedFiles } from './trusted-files.ts';

/** What verification may ask of the proxy: records through its own flights, and the hashes it has kept. */
export type VerifierPorts = {
  readonly readRecord: ReadRecord;
  readonly keptHashes: TrustedFiles['hashes'];
};

/** The use cases behind the GOPROXY paths. */
export type Proxy = {
  /** Answers for one file, at once where it is in memory. Rejects with RondoError as the use cases say. */
  answer(file: RemoteFile, request: ClientRequest): Reply | Promise<Reply>;
  /** Flights under way. */
  flights(): number;
  /** Resolves when everything that was begun has ended and what it brought is kept. */
  idle(): Promise<void>;
  /** Drops what is still being fetched, for nobody by now; what is whole is kept first. */
  close(): Promise<void>;
};

/** What asks early: nobody yet. */
const UNASKED: ClientRequest = { headOnly: false, fetchAllowed: true, via: undefined };

/** Builds the use cases; the verifier is made here because it reads its records through them. */
export function createProxy(options: {
  readonly store: Store;
  readonly newSpool: () => Spool;
  readonly mirrors: Mirrors;
  readonly openVerifier: (ports: VerifierPorts) => Verifier;
  readonly settings: ProxySettings;
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly emit: Emit;
}): Proxy {
  const { store, mirrors, settings, clock, emit } = options;
  const stop = new AbortController();
  const flights = createFlights({ ...options, signal: stop.signal });
  const trusted = createTrustedFiles(options);
  const notFound = createNotFoundMemory(options);
  const base = { store, mirrors, flights, notFound, settings, clock, emit, signal: stop.signal };
  const verifier = options.openVerifier({
    readRecord: recordReader(settings.verifyDatabase, base),
    keptHashes: (module, version) => trusted.hashes(module, version),
  });
  const readEarly = async (file: SmallFile): Promise<Buffer> =>
    (await readVersionFile(file, UNASKED, trusted, context)).bytes;
  const early = createEarlyAsking(settings.early, readEarly, clock);
  const context: ProxyContext = { ...base, verifier, early };
  return {
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
          return serveModuleQuery(file, request, trusted, context);
        default:
          return serveSumdb(file, request, context);
      }
    },
    flights: () => flights.count(),
    idle: () => flights.idle(),
    async close() {
      stop.abort(new Error('the program ends'));
      await flights.idle();
      await notFound.close();
      await verifier.close();
    },
  };
}
