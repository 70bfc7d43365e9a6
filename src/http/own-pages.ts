import { NO_STORE } from './cache-control.ts';
import type { Exchange } from './exchange.ts';
import type { Admin } from './port.ts';
import { sendProblem, sendText, sendWhole } from './send-whole.ts';

/** Answers one of Rondo's own pages. Rejects or throws where the Admin port does. */
export type OwnPage = (exchange: Exchange) => void | Promise<void>;

const TEXT = 'text/plain; charset=utf-8';

/** Rondo's own pages by their path below the base path (spec operations.md). */
export function ownPages(admin: Admin): ReadonlyMap<string, OwnPage> {
  const health: OwnPage = (exchange) => sendText(exchange, 200, TEXT, 'ok\n');
  return new Map<string, OwnPage>([
    ['/healthz', health],
    ['/health', health],
    ['/readyz', (exchange) => ready(exchange, admin)],
    ['/version', (exchange) => sendJson(exchange, { name: 'rondo', version: admin.version })],
    ['/metrics', (exchange) => metrics(exchange, admin)],
    ['/-/api/mirrors', (exchange) => sendJson(exchange, admin.mirrors())],
  ]);
}

async function ready(exchange: Exchange, admin: Admin): Promise<void> {
  const { ready, why } = await admin.ready();
  if (exchange.closed) return;
  if (ready) sendText(exchange, 200, TEXT, 'ready\n');
  else sendProblem(exchange, 503, { message: `not ready: ${why}` }, ['Retry-After', '1']);
}

async function metrics(exchange: Exchange, admin: Admin): Promise<void> {
  const { contentType, text } = await admin.metrics();
  if (!exchange.closed) sendText(exchange, 200, contentType, text);
}

function sendJson(exchange: Exchange, value: unknown): void {
  const headers = ['Content-Type', 'application/json', 'Cache-Control', NO_STORE];
  sendWhole(exchange, 200, headers, `${JSON.stringify(value ?? null, undefined, 2)}\n`);
}
