import { Agent, Client, Pool, type Dispatcher } from 'undici';
import type { Clock } from '../kit/clock.ts';
import { createConnector } from './connector.ts';
import type { NameLookups } from './name-lookups.ts';
import type { Network } from './network.ts';
import type { UpstreamSettings } from './settings.ts';
import type { SocketBook } from './socket-book.ts';
import type { TlsTrust } from './tls-trust.ts';

/** How many redirect targets are known at a time: a mirror names them, so few. */
const REDIRECT_ORIGINS = 32;

/** All connections of one mirror. */
export type Dispatchers = {
  /** For the mirror's own origin. */
  readonly pool: Dispatcher;
  /** For redirects to other origins; `guarded` refuses private addresses. */
  elsewhere(guarded: boolean): Dispatcher;
  /** A connection that nobody has used, for one request; it closes by itself after that. */
  fresh(origin: string, guarded: boolean): { readonly dispatcher: Dispatcher; closeAfterUse(): void };
  /** Lets running requests end, then closes everything; idempotent. */
  close(): Promise<void>;
};

/** Makes the connections of the mirror at `origin`, all counted in `book`. Nothing is opened yet. */
export function createDispatchers(
  origin: string,
  context: {
    settings: UpstreamSettings;
    trust: TlsTrust;
    clock: Clock;
    network: Network;
    names: NameLookups;
    book: SocketBook;
  },
): Dispatchers {
  const { settings } = context;
  const connectors = {
    own: createConnector({ ...context, redirected: false, publicOnly: false }),
    open: createConnector({ ...context, redirected: true, publicOnly: false }),
    guarded: createConnector({ ...context, redirected: true, publicOnly: true }),
  };
  const common = {
    allowH2: false,
    pipelining: 1,
    // Rondo has limits of its own, on a clock that tests can move.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: settings.idleMs,
    // A server's `Keep-Alive: timeout=` may shorten this and not extend it.
    keepAliveMaxTimeout: settings.idleMs,
  };
  // Of each origin: an attempt takes one at a time, so whoever sends no more attempts than that never waits here.
  const connections = settings.maxConnections;
  const pool = new Pool(origin, {
    ...common,
    connect: connectors.own,
    connections,
  });
  const agents = new Map<boolean, Agent>();
  let closing: Promise<unknown> | undefined;
  return {
    pool,
    elsewhere(guarded) {
      const connect = guarded ? connectors.guarded : connectors.open;
      const agent =
        agents.get(guarded) ?? new Agent({ ...common, connect, connections, maxOrigins: REDIRECT_ORIGINS });
      agents.set(guarded, agent);
      return agent;
    },
    fresh(target, guarded) {
      const elsewhere = guarded ? connectors.guarded : connectors.open;
      const client = new Client(target, {
        ...common,
        connect: target === origin ? connectors.own : elsewhere,
      });
      return { dispatcher: client, closeAfterUse: () => void client.close() };
    },
    async close() {
      closing ??= Promise.all([pool, ...agents.values()].map((each) => each.close()));
      await closing;
    },
  };
}
