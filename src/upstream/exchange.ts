import type { Dispatcher } from 'undici';
import type { Clock } from '../kit/clock.ts';
import { IncomingBody } from './incoming-body.ts';
import type { UpstreamSettings } from './settings.ts';
import { onSocketOfStartingRequest, type SocketRecord } from './socket-book.ts';
import type { TlsFacts } from './tls-facts.ts';

/** One request as it goes over the wire. */
export type ExchangeRequest = {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly body?: string;
  readonly origin: string;
  /** With the query; a whole URL where a proxy forwards it. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxBodyBytes: number;
  readonly proxy?: ProxyUse;
};

/** The proxy through which a request goes. */
export type ProxyUse = {
  /** For people. */
  readonly name: string;
  /** The proxy itself reads the request and may answer it. */
  readonly forwards: boolean;
};

/** The connection that a request was written to. */
export type SocketUse = {
  readonly connectedAtMs: number;
  readonly securedAtMs?: number;
  readonly tls?: TlsFacts;
  /** Empty where a proxy is in between. */
  readonly remoteAddress: string;
  /** The connection had carried a request before. */
  readonly reused: boolean;
};

/** The headers of an answer, its body to follow. */
export type Response = {
  readonly status: number;
  /** Lower-case names, repeated ones joined by a comma. From the mirror: hostile. */
  readonly headers: Readonly<Record<string, string>>;
  readonly contentLength?: number;
  readonly body: IncomingBody;
  readonly socket: SocketUse | undefined;
  readonly proxy: ProxyUse | undefined;
  readonly headersAtMs: number;
};

/** No answer came of an exchange. */
export class ExchangeError extends Error {
  /** Where the request was written to, if it ever was. */
  readonly socket: SocketUse | undefined;
  /** Some byte of an answer had come. */
  readonly responded: boolean;
  readonly proxy: ProxyUse | undefined;

  constructor(
    cause: unknown,
    socket: SocketUse | undefined,
    responded: boolean,
    proxy: ProxyUse | undefined,
  ) {
    super('no answer', { cause });
    this.name = 'ExchangeError';
    this.socket = socket;
    this.responded = responded;
    this.proxy = proxy;
  }
}

/**
 * Sends one request and waits for the headers; no redirects, no repetition, no limit of time. When `signal` aborts
 * before the headers it rejects at once with the signal's reason; a connection that was just being made for the
 * request stays in the pool. After the headers the signal has no effect.
 * @throws ExchangeError
 */
export function exchange(
  dispatcher: Dispatcher,
  request: ExchangeRequest,
  signal: AbortSignal,
  context: { readonly settings: UpstreamSettings; readonly clock: Clock },
): Promise<Response> {
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  return new Promise((resolve, reject) => {
    const handler = new ExchangeHandler(request, context, {
      resolve(response) {
        signal.removeEventListener('abort', onAbort);
        resolve(response);
      },
      reject(error) {
        signal.removeEventListener('abort', onAbort);
        reject(error);
      },
    });
    const onAbort = (): void => handler.abort(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    const { origin, path, method, headers, body = null } = request;
    dispatcher.dispatch({ origin, path, method, headers, body }, handler);
  });
}

type Settle = { resolve(response: Response): void; reject(error: Error): void };

/** Turns undici's callbacks into a Response and the calls of its body. */
class ExchangeHandler implements Dispatcher.DispatchHandler {
  readonly #request: ExchangeRequest;
  readonly #context: { readonly settings: UpstreamSettings; readonly clock: Clock };
  readonly #settle: Settle;
  #controller: Dispatcher.DispatchController | undefined;
  #socket: SocketUse | undefined;
  #responded = false;
  #body: IncomingBody | undefined;
  #aborted: Error | undefined;

  constructor(
    request: ExchangeRequest,
    context: { readonly settings: UpstreamSettings; readonly clock: Clock },
    settle: Settle,
  ) {
    this.#request = request;
    this.#context = context;
    this.#settle = settle;
  }

  /** Gives up before the headers. */
  abort(reason: Error): void {
    this.#aborted = reason;
    this.#settle.reject(reason);
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // A throw here takes the request out of the queue and leaves the connection alone; controller.abort would
    // close a connection that nothing was written to.
    if (this.#aborted !== undefined) throw this.#aborted;
    this.#controller = controller;
    onSocketOfStartingRequest((record) => (this.#socket = useOf(record)));
  }

  onResponseStarted(): void {
    this.#responded = true;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    // 1xx: the real headers are still to come, within the same limit.
    if (status < 200) return;
    const flat = flatten(headers);
    const contentLength = contentLengthOf(flat);
    this.#body = new IncomingBody({
      source: controller,
      ...this.#context,
      maxBytes: this.#request.maxBodyBytes,
      ...(contentLength === undefined || this.#request.method === 'HEAD' ? {} : { contentLength }),
    });
    this.#settle.resolve({
      status,
      headers: flat,
      body: this.#body,
      socket: this.#socket,
      proxy: this.#request.proxy,
      headersAtMs: this.#context.clock.now(),
      ...(contentLength === undefined ? {} : { contentLength }),
    });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    this.#body?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#body !== undefined) this.#body.fail(error);
    else this.#settle.reject(new ExchangeError(error, this.#socket, this.#responded, this.#request.proxy));
  }
}

function useOf(record: SocketRecord): SocketUse {
  const { connectedAtMs, securedAtMs, tls, remoteAddress } = record;
  const use = { connectedAtMs, remoteAddress, reused: record.requests > 0 };
  if (securedAtMs === undefined) return use;
  return { ...use, securedAtMs, ...(tls === undefined ? {} : { tls }) };
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  // No prototype: `__proto__` is a name that a mirror may send.
  const flat = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = typeof value === 'string' ? value : value.join(', ');
  }
  return flat;
}

function contentLengthOf(headers: Readonly<Record<string, string>>): number | undefined {
  const value = headers['content-length'];
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
