import type { ErrorCode } from '../errors/codes.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FileKind, RondoEvent } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import type { TraceContext } from '../kit/trace-place.ts';
import type { CacheState } from '../proxy/reply.ts';
import type { IncomingContext } from './port.ts';
import { onwardVia } from './via.ts';

/** Status in events for a request whose client left before it was answered (never sent; nginx's number). */
const CLIENT_GONE_STATUS = 499;

/** How much of a request's path goes into events. */
const MAX_EVENT_PATH = 1024;

/**
 * One request and its response, from its arrival until the last byte is handed to the kernel or the client
 * is gone. It is the IncomingContext of the use cases; `signal` is made only if somebody reads it, since
 * an answer from memory never does.
 */
export class Exchange implements IncomingContext {
  readonly id: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Monotonic milliseconds. */
  readonly startedMs: number;
  /** Its place in a trace; undefined unless traces are on. */
  readonly trace: TraceContext | undefined;
  /** The path below the base path, without the query; from the client. */
  path = '';
  kind: FileKind = 'other';
  cache: CacheState | undefined;
  mirror: string | undefined;
  /** Which mirrors were asked for it and what each answered. */
  tried: string | undefined;
  /** Why it was not answered as asked, on one line. */
  error: string | undefined;
  /** The code of it, where it was a RondoError. */
  code: ErrorCode | undefined;
  /** Body bytes given to the socket. */
  bodyBytes = 0;
  /** No further request on this connection: the server drains, or the request has an unread body. */
  lastOnConnection = false;
  /** The response is over, complete or not: nothing may be written to it. */
  closed = false;
  /** Called once when the response is over; releases what feeds it. */
  onClose: (() => void) | undefined;
  #aborter: AbortController | undefined;

  constructor(
    id: string,
    request: IncomingMessage,
    response: ServerResponse,
    startedMs: number,
    trace?: TraceContext,
  ) {
    this.id = id;
    this.request = request;
    this.response = response;
    this.startedMs = startedMs;
    this.trace = trace;
  }

  get signal(): AbortSignal {
    this.#aborter ??= new AbortController();
    if (this.closed) this.#aborter.abort();
    return this.#aborter.signal;
  }

  get headOnly(): boolean {
    return this.request.method === 'HEAD';
  }

  get fetchAllowed(): boolean {
    const header = this.request.headers['disable-module-fetch'];
    return header === undefined || String(header).trim().toLowerCase() !== 'true';
  }

  get via(): string | undefined {
    return onwardVia(this.request.headers.via);
  }

  /** Ends the exchange: wakes whoever feeds it and tells the use case if the client left early. Idempotent. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.onClose?.();
    if (!this.response.writableFinished) this.abandon();
  }

  /**
   * Cuts the connection, so that the client sees a broken transfer and never a complete one. The only right
   * end of an answer whose head has left and whose body turned out wrong or short.
   */
  cut(reason: string): void {
    this.error = reason;
    this.request.socket.destroy();
    this.close();
  }

  /** Tells the use case that nobody will read its answer. */
  abandon(): void {
    this.#aborter?.abort();
  }

  /** What is told of it once it is closed. */
  report(clock: Clock): RondoEvent {
    const { response } = this;
    return {
      type: 'request',
      id: this.id,
      method: this.request.method ?? '',
      path: this.path.slice(0, MAX_EVENT_PATH),
      kind: this.kind,
      status: response.headersSent ? response.statusCode : CLIENT_GONE_STATUS,
      ...(this.cache === undefined ? undefined : { cache: this.cache }),
      ...(this.mirror === undefined ? undefined : { mirror: this.mirror }),
      ...(this.tried === undefined ? undefined : { tried: this.tried }),
      bytes: this.bodyBytes,
      durationMs: clock.now() - this.startedMs,
      aborted: !response.writableFinished,
      ...(this.error === undefined ? undefined : { error: this.error }),
      ...(this.code === undefined ? undefined : { code: this.code }),
      ...(this.trace === undefined ? undefined : { trace: this.trace }),
    };
  }
}
