import { once } from 'node:events';
import { request, type Agent, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';

/** What came back, as far as it came. */
export type RawAnswer = {
  /** 0 where no status line came. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** False where the body was cut: HTTP itself says that more should have come. */
  readonly complete: boolean;
  readonly error?: NodeJS.ErrnoException;
};

/** How `fetchRaw` asks. */
export type RawRequest = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Without one every request has a connection of its own. */
  readonly agent?: Agent;
  /** Ends the request; what came so far is still answered. */
  readonly signal?: AbortSignal;
};

/** One request to a loopback server. Follows no redirect, decodes nothing, never rejects for what the server does. */
export function fetchRaw(url: string | URL, asked: RawRequest = {}): Promise<RawAnswer> {
  const { method = 'GET', headers = {}, agent = false, signal, body } = asked;
  return new Promise((resolve) => {
    const sent = request(url, { method, headers, agent, ...(signal && { signal }) });
    let responded = false;
    sent.on('response', (response) => {
      responded = true;
      void collect(response).then(resolve);
    });
    // After the headers an error is the response's too, and `collect` tells it.
    sent.on('error', (error) => {
      if (!responded) resolve({ status: 0, headers: {}, body: Buffer.alloc(0), complete: false, error });
    });
    sent.end(body);
  });
}

async function collect(response: IncomingMessage): Promise<RawAnswer> {
  const pieces: Buffer[] = [];
  const failure = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    response.on('data', (piece: Buffer) => pieces.push(piece));
    response.on('end', () => resolve(undefined));
    response.on('error', resolve);
  });
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: Buffer.concat(pieces),
    complete: response.complete && failure === undefined,
    ...(failure && { error: failure }),
  };
}

/** What a socket yielded. */
export type RawExchange = {
  readonly bytes: Buffer;
  /** How it ended: `fin`, `quiet` (our patience), or the code of the socket's error, e.g. `ECONNRESET`. */
  readonly ended: string;
};

/** Where and how `exchangeBytes` talks. */
export type RawSocketOptions = {
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Gives up when nothing has come for so long (default 2000): `ended` is then `quiet`. */
  readonly quietMs?: number;
};

/** Writes bytes to a loopback socket, as they are (malformed requests, HTTP/1.0, pipelining), and reads to its end. */
export async function exchangeBytes(bytes: string | Buffer, options: RawSocketOptions): Promise<RawExchange> {
  const socket = connect({ port: options.port, host: options.host ?? '127.0.0.1' });
  const pieces: Buffer[] = [];
  let ended: string | undefined;
  socket.setTimeout(options.quietMs ?? 2000, () => {
    ended ??= 'quiet';
    socket.destroy();
  });
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  socket.on('end', () => (ended ??= 'fin'));
  socket.on('error', (error: NodeJS.ErrnoException) => (ended ??= error.code ?? error.message));
  socket.write(bytes);
  await once(socket, 'close').catch(() => {});
  return { bytes: Buffer.concat(pieces), ended: ended ?? 'fin' };
}

/** An order to the API, as JSON. */
export function orderOf(body: object, headers: Readonly<Record<string, string>> = {}): RawRequest {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
