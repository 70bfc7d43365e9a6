import { originOf } from '../kit/address.ts';
import { NO_STORE } from './cache-control.ts';
import { hasDashboard, type PageFiles, sendDashboard, wantsPage } from './dashboard-pages.ts';
import type { Exchange } from './exchange.ts';
import { printableHost } from './host-header.ts';
import type { Admin } from './port.ts';
import { sendJson, sendProblem, sendText, sendWhole } from './send-whole.ts';
import { pathOfTarget } from './target.ts';

/** Answers one of Rondo's own pages. Rejects or throws where the Admin port does. */
export type OwnPage = (exchange: Exchange) => void | Promise<void>;

const TEXT = 'text/plain; charset=utf-8';

/** Where mirrors tell how fresh they are; a Rondo is one for others (spec operations.md). */
const SYNC_PATH = '/.well-known/go-proxy-sync';

/** Everything below this is Rondo's own: no module path begins with a `-`. */
export const OWN_PREFIX = '/-/';

/** Who looks after Rondo must see these at any time. */
export const HEALTH_PATHS: ReadonlySet<string> = new Set(['/healthz', '/health', '/readyz']);

const OWN_PATHS: ReadonlySet<string> = new Set(['/', SYNC_PATH, '/version', '/metrics', ...HEALTH_PATHS]);

/** Whether a path, below the base path, is Rondo's own: that of a page, or below OWN_PREFIX. */
export function isOwnPath(path: string): boolean {
  return OWN_PATHS.has(path) || `${path}/`.startsWith(OWN_PREFIX);
}

/** Rondo's own pages by their path below the base path, which is normal (spec operations.md). */
export function ownPages(
  admin: Admin,
  basePath: string,
  files: PageFiles = async () => new Map(),
): ReadonlyMap<string, OwnPage> {
  const health: OwnPage = (exchange) => sendText(exchange, 200, TEXT, 'ok\n');
  return new Map<string, OwnPage>([
    ['/', (exchange) => front(exchange, admin, basePath, files)],
    ['/healthz', health],
    ['/health', health],
    ['/readyz', (exchange) => ready(exchange, admin)],
    [SYNC_PATH, (exchange) => syncTime(exchange, admin)],
    ['/version', (exchange) => sendJson(exchange, { name: 'rondo', version: admin.version })],
    ['/metrics', (exchange) => metrics(exchange, admin)],
  ]);
}

/** The dashboard for a browser, where it was built; else a text. */
async function front(exchange: Exchange, admin: Admin, basePath: string, files: PageFiles): Promise<void> {
  const isBrowser = wantsPage(exchange.request.headers);
  // What the page loads is named relative to it.
  if (isBrowser && pathOfTarget(exchange.request.url ?? '') === basePath) {
    return sendWhole(exchange, 308, ['Location', `${basePath}/`, 'Cache-Control', NO_STORE], '');
  }
  if (isBrowser && (await sendDashboard(exchange, files))) return;
  const isBuilt = await hasDashboard(files);
  if (exchange.closed) return;
  const note = isBrowser ? 'Its dashboard is not built here: npm run build\n' : '';
  const text = `${frontPage(exchange, admin, basePath, isBuilt)}${note}`;
  sendWhole(
    exchange,
    200,
    ['Content-Type', TEXT, 'Cache-Control', NO_STORE, 'Vary', 'Accept, User-Agent'],
    text,
  );
}

/** What a person sees who opens Rondo's address without a browser, or a dashboard. */
function frontPage(
  { request }: Exchange,
  { version, chainEnd }: Admin,
  basePath: string,
  isBuilt: boolean,
): string {
  const { localAddress = '127.0.0.1', localPort = 0 } = request.socket;
  // By TLS of its own, or of the proxy before it: whoever sends the header without one deceives himself.
  const isTls =
    'encrypted' in request.socket || /^https\b/i.test(String(request.headers['x-forwarded-proto']));
  const scheme = isTls ? 'https' : 'http';
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
    ...(isBuilt ? [`  ${url}/    the dashboard, in a browser`] : []),
    `  ${basePath}/healthz          whether it runs`,
    `  ${basePath}/readyz           whether it can answer`,
    `  ${basePath}/version          its version, as JSON`,
    `  ${basePath}/metrics          for Prometheus`,
    `  ${basePath}/-/api/status     what it does, as JSON; /-/api/openapi.json has the rest`,
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
