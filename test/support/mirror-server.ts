import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { answerConditions } from './byte-range.ts';
import type { ChecksumDatabase } from './checksum-database.ts';
import { spoil } from './content-faults.ts';
import type { FixtureModule } from './fixture-modules.ts';
import type { FixtureQuery } from './fixture-world.ts';
import {
  fileKindOf,
  mirrorContent,
  notFound,
  type MirrorContent,
  type WholeAnswer,
} from './mirror-content.ts';
import { FaultScript, type ContentFault, type Fault, type FaultScope } from './mirror-fault.ts';
import { reservePort, type ReservedPort } from './reserved-port.ts';
import { later, send, sendFaulty, type Exchange } from './wire-faults.ts';

/** What a mirror serves; a FixtureWorld is one. */
export type MirrorWorld = {
  readonly modules: readonly FixtureModule[];
  readonly queries?: readonly FixtureQuery[];
  /** Served under `/sumdb/<name>/`; without one that is 404. */
  readonly database?: ChecksumDatabase;
};

/** How a mirror is made. */
export type MirrorOptions = MirrorWorld & {
  /** For messages; default `mirror`. */
  readonly name?: string;
  /** E.g. `/goproxy`: everything outside is 404. */
  readonly basePath?: string;
  /** Every answer waits so long. */
  readonly delayMs?: number;
  /** Whether files have an ETag and Range works (default true). */
  readonly ranges?: boolean;
  /** A port that the caller has reserved (reserved-port.ts), so that another process may come back at it; default: a free one. */
  readonly port?: number;
};

/** One request as the mirror saw it. */
export type MirrorRequest = {
  readonly method: string;
  /** As it stood in the request line, without the base path and with `%21` read as `!`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The status that was meant to be sent; 0 where a fault sends none. */
  readonly status: number;
  /** Unix time, comparable between processes of one machine. */
  readonly atMs: number;
  /** Number of the connection, from 1. */
  readonly connection: number;
  /** Kinds of the faults that acted. */
  readonly faults: readonly string[];
  /**
   * Whether the mirror has ended its answer; false while it is at it, when the client left, and where a
   * fault ends the connection in its place.
   */
  readonly complete: boolean;
  /** Bytes of the body that it has given to the connection. */
  readonly bytes: number;
};

/** A running mirror that a test scripts. */
export type Mirror = {
  readonly name: string;
  /** With the base path, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** Adds a fault. Of the faults in scope of a request the newest content fault and the newest wire fault act. */
  setFault(fault: Fault, scope?: FaultScope): Promise<void>;
  /** Forgets all faults; listens again after `refused`. */
  clearFaults(): Promise<void>;
  /** Everything asked since the start or the last `resetLog`. */
  requests(): Promise<MirrorRequest[]>;
  resetLog(): Promise<void>;
  /** Replaces what the mirror serves. */
  publish(world: MirrorWorld): Promise<void>;
  /** Idempotent. */
  stop(): Promise<void>;
};

/** Starts a mirror inside this process. */
export async function createMirrorServer(options: MirrorOptions): Promise<Mirror> {
  const { port } = options;
  const reserved = port === undefined ? await reservePort() : { port, release: () => {} };
  const server = new MirrorServer(options, reserved);
  await server.listen();
  return server;
}

class MirrorServer implements Mirror {
  readonly name: string;
  readonly port: number;
  readonly url: string;
  readonly #options: MirrorOptions;
  readonly #reserved: ReservedPort;
  readonly #script = new FaultScript();
  readonly #connections = new Map<Socket, { number: number; requests: number }>();
  #connectionCount = 0;
  #content: MirrorContent;
  #log: { readonly request: Omit<MirrorRequest, 'bytes'>; readonly exchange: Exchange }[] = [];
  #server: Server | undefined;

  constructor(options: MirrorOptions, reserved: ReservedPort) {
    this.#options = options;
    this.#reserved = reserved;
    this.name = options.name ?? 'mirror';
    this.port = reserved.port;
    this.url = `http://127.0.0.1:${reserved.port}${options.basePath ?? ''}`;
    this.#content = mirrorContent(options.modules, options.queries ?? [], options.database);
  }

  async listen(): Promise<void> {
    if (this.#server !== undefined) return;
    // The mirror never gives a connection up by itself: what its clients see is what the script says.
    const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, noDelay: true });
    server.on('connection', (socket) => this.#accept(socket));
    server.on('request', (request, response) => this.#respond(request, response));
    this.#server = server;
    server.listen({ port: this.port, host: '127.0.0.1', backlog: 4096 });
    await once(server, 'listening');
  }

  async setFault(fault: Fault, scope: FaultScope = {}): Promise<void> {
    if (fault.kind === 'refused') await this.#refuse();
    else this.#script.add(fault, scope);
  }

  async clearFaults(): Promise<void> {
    this.#script.clear();
    await this.listen();
  }

  async requests(): Promise<MirrorRequest[]> {
    return this.#log.map(({ request, exchange }) => ({ ...request, bytes: exchange.sentBytes }));
  }

  async resetLog(): Promise<void> {
    this.#log = [];
  }

  async publish(world: MirrorWorld): Promise<void> {
    this.#content = mirrorContent(world.modules, world.queries ?? [], world.database);
  }

  async stop(): Promise<void> {
    await this.#refuse();
    this.#reserved.release();
  }

  async #refuse(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    server.close();
    for (const socket of this.#connections.keys()) socket.destroy();
    await once(server, 'close');
  }

  #accept(socket: Socket): void {
    this.#connections.set(socket, { number: ++this.#connectionCount, requests: 0 });
    socket.on('close', () => this.#connections.delete(socket));
    // A client may reset whenever it likes.
    socket.on('error', () => {});
  }

  #respond(request: IncomingMessage, response: ServerResponse): void {
    const basePath = this.#options.basePath ?? '';
    const target = request.url ?? '/';
    const inside = target.startsWith(`${basePath}/`);
    // The go command asks for zips with `%21`, for everything else with `!` (proxyRepo.getBody).
    const path = (inside ? target.slice(basePath.length) : target).replaceAll('%21', '!');
    const connection = this.#connections.get(request.socket);
    const reused = connection !== undefined && connection.requests++ > 0;
    const asked = { path, kind: fileKindOf(path), reused, whole: request.headers.range === undefined };
    const { content, wire } = inside ? this.#script.meet(asked) : {};
    const answer = inside ? this.#answer(path, request, content) : notFound(path);
    const entry = {
      method: request.method ?? '',
      path,
      headers: { ...request.headers },
      status: wire?.kind === 'hang' || wire?.kind === 'keep-alive-closed' ? 0 : answer.status,
      atMs: Date.now(),
      connection: connection?.number ?? 0,
      faults: [content?.kind, wire?.kind].filter((kind) => kind !== undefined),
      complete: false,
    };
    const exchange: Exchange = { method: entry.method, response, answer, sentBytes: 0 };
    this.#log.push({ request: entry, exchange });
    response.on('finish', () => (entry.complete = true));
    const start = (): void => (wire === undefined ? send(exchange) : sendFaulty(exchange, wire));
    if (this.#options.delayMs === undefined) start();
    else later(exchange, this.#options.delayMs, start);
  }

  #answer(path: string, request: IncomingMessage, fault: ContentFault | undefined): WholeAnswer {
    const right = this.#content.answer(path);
    const spoilt = fault === undefined ? right : spoil(right, fault, path, this.#content);
    if (this.#options.ranges !== false) return answerConditions(spoilt, request.headers);
    const { etag: _, 'accept-ranges': __, ...headers } = spoilt.headers;
    return { ...spoilt, headers };
  }
}
