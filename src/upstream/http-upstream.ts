import type { Outcome } from '../balance/outcome.ts';
import type { Clock } from '../kit/clock.ts';
import { answerFor } from './answer.ts';
import type {
  AttemptAnswer,
  AttemptRequest,
  AttemptTiming,
  Endpoint,
  OtherAnswer,
  Upstream,
} from './attempt.ts';
import { classifyElsewhere, classifyError, throughProxy } from './classify.ts';
import { createDispatchers, type Dispatchers } from './dispatchers.ts';
import { ExchangeError, type ProxyUse, type Response, type SocketUse } from './exchange.ts';
import { ElsewhereError, followHops, RedirectError, type HopsContext, type HopsRequest } from './hops.ts';
import { createNameLookups } from './name-lookups.ts';
import { systemNetwork, type Network } from './network.ts';
import { proxyName } from './proxy-server.ts';
import { restHeaders } from './rest-of-file.ts';
import type { UpstreamSettings } from './settings.ts';
import type { SocketBook } from './socket-book.ts';
import type { TlsTrust } from './tls-trust.ts';

/** Who Rondo is towards mirrors. */
export type UpstreamIdentity = { readonly instanceId: string; readonly userAgent: string };

/** What the connections to one mirror are made of. */
export type UpstreamOptions = {
  readonly endpoint: Endpoint;
  readonly settings: UpstreamSettings;
  /** Shared by all mirrors: it is dear to make. */
  readonly trust: TlsTrust;
  readonly clock: Clock;
  readonly identity: UpstreamIdentity;
  /** Default: the machine's resolver and the real address plan. */
  readonly network?: Network;
};

/**
 * The connections to one http or https mirror. `attempt` follows redirects, repeats a request once whose kept
 * connection had just been closed, and keeps the time limits; its signal counts until the answer is there, after
 * that the body is ended with `cancel()`.
 */
export function createHttpUpstream(options: UpstreamOptions): Upstream {
  const { settings, clock, network = systemNetwork } = options;
  const book: SocketBook = { open: 0, opened: 0 };
  // Less than connecting may take: who has waited in vain is told apart from who is slow.
  const names = createNameLookups(network, clock, settings.connectMs / 2);
  const connections = createConnections(() => {
    const { endpoint, trust } = options;
    return createDispatchers(endpoint.url.origin, { settings, trust, clock, network, names, book });
  });
  return {
    attempt: (request, signal) =>
      connections.use(async (dispatchers) => {
        signal.throwIfAborted();
        const context: HopsContext = { dispatchers, settings, clock, network };
        return await new HttpAttempt(request, hopsRequest(request, options), context).run(signal);
      }),
    maxConnections: settings.maxConnections,
    connections: () => ({ ...book }),
    close: () => connections.close(),
  };
}

/** What all attempts share. One may have several hops, so that undici by itself does not know when it has ended. */
type Connections = {
  use<T>(attempt: (dispatchers: Dispatchers) => Promise<T>): Promise<T>;
  /** When no attempt is under way the dispatchers are closed; bodies end on them. Later attempts have some of their own. */
  close(): Promise<void>;
};

function createConnections(open: () => Dispatchers): Connections {
  const kept = open();
  let running = 0;
  let closing: PromiseWithResolvers<void> | undefined;
  const end = (): void => {
    if (closing !== undefined && running === 0) kept.close().then(closing.resolve, closing.reject);
  };
  return {
    async use(attempt) {
      if (closing !== undefined) {
        const own = open();
        return await attempt(own).finally(() => void own.close());
      }
      running += 1;
      try {
        return await attempt(kept);
      } finally {
        running -= 1;
        end();
      }
    },
    close() {
      if (closing === undefined) {
        closing = Promise.withResolvers<void>();
        end();
      }
      return closing.promise;
    },
  };
}

/** Aborts an attempt whose headers do not come. */
class HeaderTimeout extends Error {}

/** One attempt under way. */
class HttpAttempt {
  readonly #request: AttemptRequest;
  readonly #hops: HopsRequest;
  readonly #context: HopsContext;
  readonly #startedAtMs: number;

  constructor(request: AttemptRequest, hops: HopsRequest, context: HopsContext) {
    this.#request = request;
    this.#hops = hops;
    this.#context = context;
    this.#startedAtMs = context.clock.now();
  }

  async run(signal: AbortSignal): Promise<AttemptAnswer> {
    const stop = new AbortController();
    let response: Response | undefined;
    const onAbort = (): void => {
      stop.abort(signal.reason);
      response?.body.discard();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const { headerLimitMs } = this.#request;
    const timer = this.#context.clock.after(headerLimitMs, () => stop.abort(new HeaderTimeout()));
    try {
      response = await followHops(this.#hops, stop.signal, this.#context);
      timer.cancel();
      const timing = this.#timing(response.socket, response.headersAtMs);
      const answer = await answerFor(response, this.#request, timing, this.#context.clock);
      if (!signal.aborted) return answer.kind === 'found' ? answer : named(answer, response.proxy);
      if (answer.kind === 'found') answer.cancel();
      throw signal.reason;
    } catch (error) {
      signal.throwIfAborted();
      return this.#failure(error);
    } finally {
      timer.cancel();
      signal.removeEventListener('abort', onAbort);
    }
  }

  #failure(thrown: unknown): AttemptAnswer {
    const isElsewhere = thrown instanceof ElsewhereError;
    const error = isElsewhere ? thrown.cause : thrown;
    const socket = error instanceof ExchangeError ? error.socket : undefined;
    const answer = {
      kind: 'other',
      outcome: this.#outcomeOf(error, isElsewhere),
      timing: this.#timing(socket),
    } as const;
    return named(answer, error instanceof ExchangeError ? error.proxy : this.#ownProxy());
  }

  /** For errors that do not know how far the request had come. */
  #ownProxy(): ProxyUse | undefined {
    const proxy = this.#context.settings.proxyFor(this.#hops.url);
    return proxy === undefined ? undefined : { name: proxyName(proxy), forwards: false };
  }

  #outcomeOf(error: unknown, isElsewhere: boolean): Outcome {
    if (error instanceof HeaderTimeout) {
      const detail = `no answer within ${this.#request.headerLimitMs / 1000} s`;
      return { class: 'http', cause: 'header-timeout', detail };
    }
    if (error instanceof RedirectError)
      return { class: 'http', cause: 'bad-redirect', detail: error.message };
    const cause = error instanceof ExchangeError ? error.cause : error;
    return isElsewhere ? classifyElsewhere(cause) : classifyError(cause);
  }

  #timing(socket: SocketUse | undefined, headersAtMs?: number): AttemptTiming {
    const since = (atMs: number): number => Math.max(0, atMs - this.#startedAtMs);
    const fresh = socket?.reused === false;
    return {
      reused: socket?.reused ?? false,
      ...(fresh ? { connectMs: since(socket.connectedAtMs) } : {}),
      ...(fresh && socket.securedAtMs !== undefined ? { tlsMs: since(socket.securedAtMs) } : {}),
      ...(socket?.tls === undefined ? {} : { tls: socket.tls }),
      ...(headersAtMs === undefined ? {} : { firstByteMs: since(headersAtMs) }),
    };
  }
}

function named(answer: OtherAnswer, proxy: ProxyUse | undefined): OtherAnswer {
  return proxy === undefined ? answer : { ...answer, outcome: throughProxy(answer.outcome, proxy) };
}

function hopsRequest(request: AttemptRequest, { endpoint, identity }: UpstreamOptions): HopsRequest {
  const url = new URL(endpoint.url);
  // Joined as text: a base path is kept, and nothing in the path can lead out of it by `..` (URL resolves that,
  // but the path has been parsed as a module's before it came here).
  url.pathname = `${url.pathname.replace(/\/$/, '')}${request.path}`;
  const incoming = request.headers?.['via'];
  const own = `1.1 rondo-${identity.instanceId}`;
  const { authorization } = endpoint;
  return {
    method: request.method,
    body: request.body,
    url,
    ownHeaders: { ...request.ownHeaders, ...(authorization === undefined ? {} : { authorization }) },
    headers: {
      ...request.headers,
      ...restHeaders(request.rest),
      'accept-encoding': 'identity',
      'user-agent': identity.userAgent,
      via: incoming === undefined || incoming === '' ? own : `${incoming}, ${own}`,
    },
    maxBodyBytes: request.maxBodyBytes,
    onHop: request.onHop,
  };
}
