import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerConditions } from '../../test/support/byte-range.ts';
import type { Certificate } from '../../test/support/certificates.ts';
import { spoil } from '../../test/support/content-faults.ts';
import { fileKindOf, notFound, type WholeAnswer } from '../../test/support/mirror-content.ts';
import { FaultScript, type Fault, type FaultScope, type WireFault } from '../../test/support/mirror-fault.ts';
import { sendFaulty, type Exchange } from '../../test/support/wire-faults.ts';
import { DistantFront } from './distant-front.ts';
import { epochMs } from './epoch.ts';
import type { Link } from './link.ts';
import type { OpenContent } from './mirror-files.ts';
import { sendPaced } from './paced-body.ts';
import type { SeenRequest } from './traffic.ts';

/** How far away mirrors are, and how fast they are. */
export type Distance = {
  /** Each answer begins so long after its request: there and back together. */
  readonly latencyMs: number;
  /**
   * A new connection is served so long after it was opened; default 0. TCP takes one way there and back, TLS
   * 1.3 another one: loopback would hide both.
   */
  readonly handshakeMs?: number;
  /** Bodies of zips from 1 MiB on are spread over so long. */
  readonly zipOverMs?: number;
};

/** What a mirror is made of. `link` is shared with other mirrors; `seen` takes the log. */
export type FastMirror = {
  readonly mirror: number;
  readonly content: OpenContent;
  readonly distance: Distance;
  readonly link?: Link;
  readonly certificate?: Certificate;
  readonly seen: (request: SeenRequest) => void;
  readonly opened: () => void;
};

/** A mirror that serves until its process ends. */
export type ServedMirror = {
  /** Without a trailing slash. */
  readonly url: string;
  /** Adds a fault, as mirrors of test/support take it. What is under way goes on as it began. */
  setFault(fault: Fault, scope: FaultScope): Promise<void>;
  /** Forgets all faults, and listens again after `refused`. */
  clearFaults(): Promise<void>;
};

/** Answers that wait for nothing else, with the script of what goes wrong with them. */
type Script = { readonly faults: FaultScript; readonly used: WeakSet<Socket> };

const PACED_FROM_BYTES = 2 ** 20;
/** What the line carries besides a body. */
const HEAD_BYTES = 250;

/** Serves on a free port of 127.0.0.1. */
export async function serveFastMirror(parts: FastMirror): Promise<ServedMirror> {
  // A mirror never gives a connection up by itself: what is opened anew was given up by the client.
  const options = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, noDelay: true };
  const { certificate, opened } = parts;
  const script: Script = { faults: new FaultScript(), used: new WeakSet() };
  const web =
    certificate === undefined
      ? createServer(options)
      : createTlsServer({ ...options, key: certificate.keyPem, cert: certificate.certPem });
  web.on('request', (request: IncomingMessage, response: ServerResponse) => {
    respond(parts, script, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const front = await DistantFront.open(web, parts.distance.handshakeMs ?? 0, opened);
  return {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${front.port}`,
    setFault: async (fault, scope) => {
      if (fault.kind === 'refused') await front.refuse();
      else script.faults.add(fault, scope);
    },
    clearFaults: async () => {
      script.faults.clear();
      await front.listen();
    },
  };
}

async function respond(
  parts: FastMirror,
  script: Script,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { mirror, content, distance, seen } = parts;
  // The go command asks for zips with `%21`, for everything else with `!` (proxyRepo.getBody).
  const path = (request.url ?? '/').replaceAll('%21', '!');
  const entry: Entry = { mirror, path, atMs: epochMs(), status: 0, bytes: 0 };
  seen(entry);
  response.on('close', () => (entry.endMs = epochMs()));
  const reused = script.used.has(request.socket);
  script.used.add(request.socket);
  const asked = { path, kind: fileKindOf(path), reused, whole: request.headers.range === undefined };
  const { content: wrong, wire } = script.faults.meet(asked);
  const [right] = await Promise.all([content.answer(path), sleep(distance.latencyMs)]);
  if (response.destroyed) return;
  const spoilt = wrong === undefined ? right : spoil(right, wrong, path, { ...content, answer: notFound });
  const answer = answerConditions(spoilt, request.headers);
  const method = request.method ?? 'GET';
  if (wire !== undefined) return sendWithFault(entry, { method, response, answer }, wire);
  entry.status = answer.status;
  response.writeHead(answer.status, answer.headers);
  if (method === 'HEAD') {
    response.end();
    return;
  }
  await sendBody(parts, entry, response, answer);
}

type Entry = { -readonly [Key in keyof SeenRequest]: SeenRequest[Key] };

async function sendBody(
  { distance, link }: FastMirror,
  entry: Entry,
  response: ServerResponse,
  { body }: WholeAnswer,
): Promise<void> {
  link?.reserve(HEAD_BYTES, performance.now());
  const isPaced =
    distance.zipOverMs !== undefined && entry.path.endsWith('.zip') && body.length >= PACED_FROM_BYTES;
  const pacing = { ...(link && { link }), ...(isPaced && { overMs: distance.zipOverMs }) };
  if (isPaced) response.flushHeaders();
  await sendPaced(response, body, pacing, (bytes) => (entry.bytes += bytes));
}

/** Faults of the wire know neither the line nor paces. */
function sendWithFault(entry: Entry, answering: Omit<Exchange, 'sentBytes'>, fault: WireFault): void {
  const isSilent = fault.kind === 'hang' || fault.kind === 'keep-alive-closed';
  entry.status = isSilent ? 0 : answering.answer.status;
  const exchange: Exchange = {
    ...answering,
    get sentBytes() {
      return entry.bytes;
    },
    set sentBytes(bytes) {
      entry.bytes = bytes;
    },
  };
  sendFaulty(exchange, fault);
}
