import { say } from '../words/text.ts';
import { notice } from '../events/notice.ts';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Emit } from '../events/events.ts';
import { isLoopbackAddress } from '../kit/address.ts';
import { inTrace } from '../kit/trace-context.ts';
import type { TraceContext, TraceHeaders } from '../kit/trace-place.ts';
import { type ClientConnections, createClientConnections, type FullLimit } from './client-connections.ts';
import { answerClientError, answerConnect } from './client-error.ts';
import { createClientGate } from './client-gate.ts';
import { Exchange } from './exchange.ts';
import { type Listening, listenAt } from './listen.ts';
import { OpenExchanges } from './open-exchanges.ts';
import type { ServerSettings } from './port.ts';
import type { Problem } from './problem.ts';
import { createHeldHeads, hasTooManyHeaders, MAX_HEADERS } from './request-heads.ts';
import { createResponder, type ResponderParts, type ServerState } from './respond.ts';
import { sendProblem } from './send-whole.ts';
import { cutStalledReaders } from './stalled-readers.ts';
import { whyStrange } from './strange-request.ts';
import { normalBasePath, pathOfTarget } from './target.ts';
import { createTlsServer, type KeyPair } from './tls-server.ts';

/**
 * Longer than the 90 s after which Go's http.DefaultTransport drops an idle connection, so that it is never
 * Rondo who closes one on which a request is under way.
 */
const KEEP_ALIVE_MS = 95_000;
/** A client whose headers take longer is answered 408. A body, which nobody reads, may take half as long again. */
const SLOW_REQUEST_MS = 20_000;
const TCP_PROBE_AFTER_MS = 60_000;
/** A client that takes nothing of a waiting answer for this long is cut off. */
const STALLED_READER_MS = 120_000;

/** What the server is made of. */
export type ServerParts = ResponderParts & {
  readonly settings: ServerSettings;
  readonly limits?: {
    /** A client that takes nothing of its answer for this long is cut off; default 2 min. */
    readonly stalledReaderMs?: number;
    /** A client whose request takes longer to arrive is answered 408; default 20 s, looked at every quarter of it. */
    readonly slowRequestMs?: number;
  };
  /** How many files the process may have open, connections among them. Default: any number. */
  readonly openFiles?: number;
  /** Speaks TLS with this, and nothing else. */
  readonly keyPair?: KeyPair;
  /** The place of a request in a trace, by its headers and whether its client is on this machine; undefined where it has none. Default: there are no traces. */
  readonly trace?: ((headers: TraceHeaders, isLocal: () => boolean) => TraceContext | undefined) | undefined;
};

/** A server that is made and not yet listening. */
export type ProxyServer = {
  readonly server: Server;
  /** Listens; `url` ends with the base path, without a slash. Rejects with RondoError E_PORT_IN_USE or E_LISTEN. */
  listen(host: string, port: number): Promise<Listening>;
  /** Every handshake from now on shows this certificate; connections that are open go on. Only where there was a `keyPair`. */
  renew(keyPair: KeyPair): void;
  /** Answers by other settings from now on; a request that has begun keeps its own. */
  replace(settings: ServerSettings): void;
  /** Connections that clients have open. */
  connections(): number;
  /** Takes no new request, lets the running ones finish for at most `timeoutMs`, then closes everything. */
  drain(timeoutMs: number): Promise<void>;
  /** Closes everything now; running answers are cut. */
  force(): Promise<void>;
};

/**
 * The HTTP server of Rondo: reads requests, has them answered through `answer` or by Rondo's own pages, and
 * sends the answers. Emits one `request` event for each request when its response is over.
 */
export function createServer(parts: ServerParts): ProxyServer {
  const { clock, emit, limits = {}, openFiles = Infinity } = parts;
  let { settings } = parts;
  const open = new OpenExchanges();
  const state = { draining: false, loopbackOnly: false };
  const connections = createClientConnections({ settings: () => settings, openFiles, clock, emit });
  const onRequest = createReceiver(parts, () => settings, connections, open, state);

  const options = nodeOptions(limits, settings);
  const tls =
    parts.keyPair === undefined
      ? undefined
      : createTlsServer(parts.keyPair, options, (socket, secure) => connections.secure(socket, secure));
  const server = tls?.server ?? createHttpServer(options);
  // One more than may be: Node 24 leaves out what is beyond it, a proxy's X-Forwarded-For too, and that must be seen.
  // Node 26 makes a `clientError` of it.
  server.maxHeadersCount = MAX_HEADERS + 1;
  server.on('connection', (socket: Socket) => connections.add(socket));
  server.on('connect', (_request, socket) => answerConnect(socket));
  server.on('request', onRequest);
  server.on('checkExpectation', onRequest);
  server.on('checkContinue', onRequest); // no body is wanted: answer instead of asking for it
  server.on('clientError', (error, socket) => {
    answerClientError(error, socket, connections.isAsked(socket));
  });
  const stopLooking = cutStalledReaders(open, clock, limits.stalledReaderMs ?? STALLED_READER_MS);

  async function close(graceMs: number): Promise<void> {
    state.draining = true;
    // Streams of events would never end by themselves.
    parts.api?.end();
    for (const exchange of open) exchange.lastOnConnection = true;
    // Calls back with an error if the server never listened, which is as good as closed.
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    if (graceMs > 0) await open.untilEmpty(clock, graceMs);
    stopLooking();
    server.closeAllConnections();
    tls?.cutHandshakes();
    await closed;
  }

  return {
    server,
    async listen(host, port) {
      const listening = await listenAt(server, host, port, tls === undefined ? 'http' : 'https');
      state.loopbackOnly = isLoopbackAddress(listening.host);
      tellErrors(server, emit);
      return { ...listening, url: listening.url + normalBasePath(parts.basePath) };
    },
    renew: (keyPair) => tls?.renew(keyPair),
    replace(next) {
      settings = next;
      // node reads it for each connection (connectionListenerInternal of _http_server.js), and does not say so.
      Object.assign(server, { maxHeaderSize: maxHeaderSize(next) });
    },
    connections: () => connections.count(),
    drain: close,
    force: () => close(0),
  };
}

/** What is done with each request: it becomes an exchange, which is open until its response is over. */
function createReceiver(
  parts: ServerParts,
  settings: () => ServerSettings,
  connections: ClientConnections,
  open: OpenExchanges,
  state: ServerState,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { clock, emit } = parts;
  const respond = createResponder(parts, settings);
  const gate = createClientGate({ ...parts, settings });
  const heads = createHeldHeads();
  let count = 0;
  return (request, response) => {
    const { socket } = request;
    const isBehind = connections.isAsked(socket);
    const entry = connections.enter(socket);
    if (entry === 'unheard') return;
    const heldBytes = heads.hold(request, isBehind);
    // Its client asks again elsewhere: nothing of an answer to it has left.
    if (heldBytes === undefined && isBehind) return void socket.destroy();
    count += 1;
    const id = `${parts.instanceId}-${count.toString(36)}`;
    // The standard's headers, which node's types know only as any other.
    const trace = parts.trace?.(request.headers as TraceHeaders, () =>
      isLoopbackAddress(socket.remoteAddress ?? ''),
    );
    const exchange = new Exchange(id, request, response, clock.now(), trace);
    const refusal = refusalOf(request, entry, heldBytes !== undefined);
    exchange.lastOnConnection = state.draining || refusal !== undefined || endsConnection(request);
    if (exchange.lastOnConnection || !response.shouldKeepAlive) connections.last(socket);
    open.add(exchange);
    response.on('close', () => {
      heads.release(heldBytes ?? 0);
      exchange.close();
      if (open.delete(exchange)) emit(exchange.report(clock));
      connections.leave(socket);
    });
    connections.inTurn(socket, () => {
      if (refusal !== undefined) return refuse(exchange, refusal, emit);
      inTrace(trace, () => gate(exchange, () => respond(exchange, state)));
    });
  };
}

const FULL_WORDS: Readonly<Record<FullLimit, string>> = {
  connections: 'clients have as many connections to this Rondo as they may',
  client_connections: 'this client has as many connections to this Rondo as one may',
};

/** Why a request is not answered as it asks, whatever it asks for. Its connection ends with it. */
type Refusal = {
  readonly status: number;
  readonly problem: Problem;
  readonly limit?: 'connections';
};

function refusalOf(
  request: IncomingMessage,
  entry: 'taken' | FullLimit,
  hasRoom: boolean,
): Refusal | undefined {
  if (entry !== 'taken') {
    const hint = `open fewer at once, or have [limits] ${entry} of this Rondo raised`;
    return { status: 503, problem: { message: FULL_WORDS[entry], hint }, limit: 'connections' };
  }
  if (hasTooManyHeaders(request)) {
    return { status: 431, problem: { message: `the request has more than ${MAX_HEADERS} headers` } };
  }
  if (!hasRoom) {
    const message = 'the requests under way have as long headers as Rondo has memory for';
    return { status: 503, problem: { message, hint: 'ask again with shorter headers, or later' } };
  }
  const strange = whyStrange(request);
  return strange === undefined ? undefined : { status: 400, problem: { message: strange } };
}

function refuse(exchange: Exchange, { status, problem, limit }: Refusal, emit: Emit): void {
  if (limit !== undefined) emit({ type: 'limit', limit, refused: true });
  exchange.path = pathOfTarget(exchange.request.url ?? '');
  sendProblem(exchange, status, problem, status === 503 ? ['Retry-After', '1'] : []);
}

/** Too many open files and the like: without a listener it would end the process. */
function tellErrors(server: Server, emit: Emit): void {
  server.on('error', (error) => {
    emit(notice('error', say('cannot take a connection: {why}', { why: error.message })));
  });
}

/**
 * There is, or may be, a body that nobody reads: the connection ends with the answer instead of with that. Nor does node read
 * what comes behind an offer to speak another protocol (`curl --http2`).
 */
function endsConnection({ method, headers }: IncomingMessage): boolean {
  if ((method !== 'GET' && method !== 'HEAD') || headers.upgrade !== undefined) return true;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function maxHeaderSize({ urlBytes, headerBytes }: ServerSettings): number {
  return urlBytes + headerBytes;
}

function nodeOptions(
  { slowRequestMs = SLOW_REQUEST_MS }: NonNullable<ServerParts['limits']>,
  settings: ServerSettings,
): ServerOptions {
  return {
    maxHeaderSize: maxHeaderSize(settings),
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: slowRequestMs,
    requestTimeout: slowRequestMs * 1.5,
    connectionsCheckingInterval: slowRequestMs / 4,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: TCP_PROBE_AFTER_MS,
    requireHostHeader: false, // only a wrong one tells something (host-header.ts)
  };
}
