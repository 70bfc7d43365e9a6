import { AsyncLocalStorage } from 'node:async_hooks';
import type { Socket } from 'node:net';
import type { Emit } from '../events/events.ts';
import { notice } from '../events/notice.ts';
import { isLoopbackAddress } from '../kit/address.ts';
import { clientNetwork } from '../kit/client-network.ts';
import type { Clock } from '../kit/clock.ts';
import { say } from '../words/text.ts';
import type { ServerSettings } from './port.ts';

/**
 * Connections of all clients, where that is not configured: more than the requests that may wait for mirrors, and
 * what memory bears.
 */
const MOST = 16_384;
/**
 * Of the files that the process may have open. Each connection may have one of the copy sent to it, which is as many
 * again; the spool and the mirrors need theirs.
 */
const SHARE_OF_FILES = 1 / 3;
/**
 * How many requests of one connection may be here: one that is answered, and those behind it. Clients that know of
 * pipelining use a few, the go command one; node reads as many as come as long as no answer waits to be taken.
 */
const MAX_PIPELINED = 8;
/** So long a connection that has not asked yet is no idle one: its first request is on its way, and go does not repeat it. */
const YOUNG_MS = 1000;
/** Connections beyond the limits that are kept until their request can be answered that they are. */
const MAX_BEYOND = 64;
const NOTICE_EVERY_MS = 3_600_000;

/** The key of [limits] that a connection is beyond. */
export type FullLimit = 'connections' | 'client_connections';

/** What becomes of a request: it is taken, not heard (its connection is cut, or at its end), or its connection is one too many. */
export type Entry = 'taken' | 'unheard' | FullLimit;

/** The open connections of clients. */
export type ClientConnections = {
  /** One that was accepted. It may be cut at once, and so may others that are idle. */
  add(socket: Socket): void;
  /** From now on requests come over `secure` instead of `socket`. */
  secure(socket: Socket, secure: Socket): void;
  /** A request has come. */
  enter(socket: Socket): Entry;
  /**
   * The request that has just come is the last one: whatever comes behind it is not heard (RFC 9112, 9.6), since others may
   * have read it as the body of this one.
   */
  last(socket: Socket): void;
  /**
   * Calls `begin` when all requests that came before this one on its connection are over: as in nginx and net/http, so
   * that a connection costs what one answer does. To be called once, as soon as the request is heard.
   */
  inTurn(socket: Socket, begin: () => void): void;
  /** Its response is over. To be called once for each that was heard. */
  leave(socket: Socket): void;
  /** Whether an answer is awaited on it. */
  isAsked(socket: object): boolean;
  /** How many there are. */
  count(): number;
};

/** What they are counted by. */
export type ClientConnectionsParts = {
  readonly settings: () => ServerSettings;
  /** How many files the process may have open. */
  readonly openFiles: number;
  readonly clock: Clock;
  readonly emit: Emit;
};

/** All connections, or those of one client. The sets are in the order of time. */
type Crowd = {
  readonly name: string;
  readonly isLocal: boolean;
  count: number;
  /** Members, and those that would like to be. */
  known: number;
  /** They have been served, and ask nothing now: their clients know that such a connection may end, and ask again. */
  readonly idle: Set<Connection>;
  /** They have not asked anything yet. */
  readonly silent: Set<Connection>;
};

type Connection = {
  socket: Socket;
  readonly client: Crowd;
  readonly sinceMs: number;
  place: 'member' | 'beyond' | 'gone';
  requests: number;
  /** What begins those behind the one that is answered. */
  readonly waiting: (() => void)[];
  isLast: boolean;
};

/**
 * Keeps the connections of clients within `[limits] connections` and `client_connections`. As in nginx
 * (ngx_connection.c, ngx_drain_connections) those go first that nobody waits at: the longest idle one, or the one that
 * has been silent longest. Where there is none, the new one is told so as soon as it asks, unless there is room by then.
 */
// tidy: long because the sets and counts of a connection change in these few places together.
export function createClientConnections(parts: ClientConnectionsParts): ClientConnections {
  const { settings, clock } = parts;
  const all = newCrowd('', false);
  const clients = new Map<string, Crowd>();
  const connections = new WeakMap<object, Connection>();
  const beyond = new Set<Connection>();
  const tell = createTeller(parts);

  const clientAt = (address: string): Crowd => {
    const name = clientNetwork(address);
    const client = clients.get(name) ?? newCrowd(name, isLoopbackAddress(address));
    clients.set(name, client);
    return client;
  };
  const remove = (connection: Connection): void => {
    const { client, place } = connection;
    if (place === 'gone') return;
    connection.place = 'gone';
    beyond.delete(connection);
    for (const crowd of [all, client]) {
      crowd.idle.delete(connection);
      crowd.silent.delete(connection);
      if (place === 'member') crowd.count -= 1;
    }
    client.known -= 1;
    if (client.known === 0) clients.delete(client.name);
  };
  const cut = (connection: Connection): void => {
    remove(connection);
    connection.socket.destroy();
  };
  const limitOn = (client: Crowd): readonly [Crowd, FullLimit] | undefined => {
    const { most, perClient } = limitsOf(settings(), parts.openFiles);
    const isFree = client.isLocal && settings().clients?.loopback !== true;
    if (client.count >= perClient && !isFree) return [client, 'client_connections'];
    return all.count >= most ? [all, 'connections'] : undefined;
  };
  /** The limit that is left in the way of another connection after all was cut that may be. */
  const makeRoom = (client: Crowd): FullLimit | undefined => {
    for (;;) {
      const full = limitOn(client);
      if (full === undefined) return undefined;
      const [crowd, limit] = full;
      tell(limit, crowd);
      const victim = victimIn(crowd, clock.now());
      if (victim === undefined) return limit;
      cut(victim);
    }
  };
  const admit = (connection: Connection): void => {
    beyond.delete(connection);
    connection.place = 'member';
    for (const crowd of [all, connection.client]) crowd.count += 1;
  };
  /** Waits to be told; where too many do, for whoever is silent longest. */
  const keepBeyond = (connection: Connection): void => {
    const [first] = beyond;
    if (beyond.size >= MAX_BEYOND && first !== undefined) {
      const isSilent = first.requests === 0 && clock.now() - first.sinceMs >= YOUNG_MS;
      parts.emit({ type: 'limit', limit: 'connections', refused: true });
      cut(isSilent ? first : connection);
    }
    if (connection.place === 'beyond') beyond.add(connection);
  };
  return {
    add(socket) {
      const { remoteAddress } = socket;
      if (remoteAddress === undefined) return void socket.destroy();
      const client = clientAt(remoteAddress);
      const connection = newConnection(socket, client, clock.now());
      client.known += 1;
      connections.set(socket, connection);
      socket.once('close', () => remove(connection));
      if (makeRoom(client) !== undefined) return keepBeyond(connection);
      admit(connection);
      for (const crowd of [all, client]) crowd.silent.add(connection);
    },
    secure(socket, secure) {
      const connection = connections.get(socket);
      if (connection === undefined) return;
      connection.socket = secure;
      connections.set(secure, connection);
      // Whichever of the two is told of it.
      secure.once('close', () => remove(connection));
    },
    enter(socket) {
      const connection = connections.get(socket);
      if (connection === undefined || connection.place === 'gone' || socket.destroyed) {
        // Whoever is not known would wait for ever.
        socket.destroy();
        return 'unheard';
      }
      // Also what is not heard: node keeps it until the answer before it is over.
      connection.requests += 1;
      if (connection.requests > MAX_PIPELINED) cut(connection);
      if (connection.requests > MAX_PIPELINED || connection.isLast) return 'unheard';
      const full = connection.place === 'beyond' ? makeRoom(connection.client) : undefined;
      if (full !== undefined) return full;
      if (connection.place === 'beyond') admit(connection);
      else if (connection.requests === 1) {
        for (const crowd of [all, connection.client]) {
          crowd.idle.delete(connection);
          crowd.silent.delete(connection);
        }
      }
      return 'taken';
    },
    last(socket) {
      const connection = connections.get(socket);
      if (connection !== undefined) connection.isLast = true;
    },
    inTurn(socket, begin) {
      const connection = connections.get(socket);
      if (connection === undefined || connection.requests === 1) begin();
      // Not within the trace of the request that it waits for.
      else connection.waiting.push(AsyncLocalStorage.bind(begin));
    },
    leave(socket) {
      const connection = connections.get(socket);
      if (connection === undefined) return;
      connection.requests -= 1;
      const next = connection.waiting.shift();
      if (!socket.destroyed) next?.();
      if (connection.requests > 0 || connection.place !== 'member') return;
      for (const crowd of [all, connection.client]) crowd.idle.add(connection);
    },
    isAsked: (socket) => (connections.get(socket)?.requests ?? 0) > 0,
    count: () => all.count + beyond.size,
  };
}

function newCrowd(name: string, isLocal: boolean): Crowd {
  return { name, isLocal, count: 0, known: 0, idle: new Set(), silent: new Set() };
}

function newConnection(socket: Socket, client: Crowd, sinceMs: number): Connection {
  return { socket, client, sinceMs, place: 'beyond', requests: 0, waiting: [], isLast: false };
}

function limitsOf(
  { connections = {} }: ServerSettings,
  openFiles: number,
): { readonly most: number; readonly perClient: number } {
  const most = Math.max(1, Math.min(connections.most ?? MOST, Math.floor(openFiles * SHARE_OF_FILES)));
  return { most, perClient: connections.perClient ?? Math.ceil(most / 2) };
}

function victimIn({ idle, silent }: Crowd, nowMs: number): Connection | undefined {
  const [longestIdle] = idle;
  if (longestIdle !== undefined) return longestIdle;
  const [longestSilent] = silent;
  return longestSilent !== undefined && nowMs - longestSilent.sinceMs >= YOUNG_MS ? longestSilent : undefined;
}

/** Each limit once in a while: somebody must learn of it, and nobody needs to hear it with every connection. */
function createTeller({ clock, emit }: ClientConnectionsParts): (limit: FullLimit, crowd: Crowd) => void {
  const quietUntilMs = { connections: -Infinity, client_connections: -Infinity };
  return (limit, { name: client, count }) => {
    if (clock.now() < quietUntilMs[limit]) return;
    quietUntilMs[limit] = clock.now() + NOTICE_EVERY_MS;
    const said =
      limit === 'connections'
        ? say(
            'clients have {count} connections open, as many as they may: idle ones are closed, and then new ones refused ([limits] connections)',
            { count },
          )
        : say(
            '{client} has {count} connections open, as many as one client may: idle ones are closed, and then new ones refused ([limits] client_connections)',
            { client, count },
          );
    emit(notice('warn', said));
  };
}
