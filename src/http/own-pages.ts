import { originOf } from '../kit/address.ts';
import type { Exchange } from './exchange.ts';
import { printableHost } from './host-header.ts';
import type { Admin } from './port.ts';
import { MIRRORS_PATH } from './own-orders.ts';
import { sendJson, sendProblem, sendText } from './send-whole.ts';

/** Answers one of Rondo's own pages. Rejects or throws where the Admin port does. */
export type OwnPage = (exchange: Exchange) => void | Promise<void>;

const TEXT = 'text/plain; charset=utf-8';

/** Where mirrors tell how fresh they are; a Rondo is one for others (spec operations.md). */
const SYNC_PATH = '/.well-known/go-proxy-sync';

/** Everything below this is Rondo's own: no module path begins with a `-`. */
export const OWN_PREFIX = '/-/';

/** Rondo's own pages by their path below the base path, which is normal (spec operations.md). */
export function ownPages(admin: Admin, basePath: string): ReadonlyMap<string, OwnPage> {
  const health: OwnPage = (exchange) => sendText(exchange, 200, TEXT, 'ok\n');
  return new Map<string, OwnPage>([
    ['/', (exchange) => sendText(exchange, 200, TEXT, frontPage(exchange, admin, basePath))],
    ['/healthz', health],
    ['/health', health],
    ['/readyz', (exchange) => ready(exchange, admin)],
    [SYNC_PATH, (exchange) => syncTime(exchange, admin)],
    ['/version', (exchange) => sendJson(exchange, { name: 'rondo', version: admin.version })],
    ['/metrics', (exchange) => metrics(exchange, admin)],
    [MIRRORS_PATH, (exchange) => sendJson(exchange, admin.mirrors())],
  ]);
}

/** What a person sees who opens Rondo's address in a browser. */
function frontPage({ request }: Exchange, { version, chainEnd }: Admin, basePath: string): string {
  const { localAddress = '127.0.0.1', localPort = 0 } = request.socket;
  const scheme = 'encrypted' in request.socket ? 'https' : 'http';
  const host = printableHost(request.headers.host);
  const origin =
    host === undefined ? originOf(scheme, { host: localAddress, port: localPort }) : `${scheme}://${host}`;
  const url = `${origin}${basePath}`;
  return [
    `Rondo ${version}, a Go module proxy. To use it:`,
    '',
    `  go env -w GOPROXY=${url}${chainEnd()}`,
    '',
    'Its own pages:',
    '',
    `  ${basePath}/healthz          whether it runs`,
    `  ${basePath}/readyz           whether it can answer`,
    `  ${basePath}/version          its version, as JSON`,
    `  ${basePath}/metrics          for Prometheus`,
    `  ${basePath}/-/api/mirrors    the state of its mirrors, as JSON`,
    `  ${basePath}${SYNC_PATH}    when a mirror last answered it`,
    '',
  ].join('\n');
}

/** As mirrors tell when they last looked at what they mirror; 404 until there is something to tell. */
function syncTime(exchange: Exchange, admin: Admin): void {
  const atMs = admin.lastAnswerMs();
  if (atMs === undefined) sendProblem(exchange, 404, { message: 'no mirror has answered yet' });
  else sendJson(exchange, { last_synced_at: Math.floor(atMs / 1000) });
}

async function ready(exchange: Exchange, admin: Admin): Promise<void> {
  const { ready, why } = await admin.ready();
  if (exchange.closed) return;
  if (ready) sendText(exchange, 200, TEXT, why === '' ? 'ready\n' : `ready, but ${why}\n`);
  else sendProblem(exchange, 503, { message: `not ready: ${why}` }, ['Retry-After', '1']);
}

async function metrics(exchange: Exchange, admin: Admin): Promise<void> {
  const { contentType, text } = await admin.metrics();
  if (!exchange.closed) sendText(exchange, 200, contentType, text);
}
