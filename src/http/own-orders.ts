import type { IncomingHttpHeaders } from 'node:http';
import { isLoopbackAddress } from '../kit/address.ts';
import { parseDuration } from '../kit/duration.ts';
import type { Exchange } from './exchange.ts';
import { isOwnHost } from './host-header.ts';
import type { Admin, MirrorOrder } from './port.ts';
import { problemOf } from './problem.ts';
import { sendJson, sendProblem } from './send-whole.ts';

/** Where orders for the mirrors are taken, by POST; GET shows how they stand. */
export const MIRRORS_PATH = '/-/api/mirrors';
/** Where the order to read the configuration again is taken. */
const RELOAD_PATH = '/-/api/reload';

/**
 * The header that holds an order. A web page can send it to its own origin alone: to another one its browser asks
 * first, by OPTIONS, and is told that there is no such method.
 */
const ORDER_HEADER = 'x-rondo-order';

/** Whoever comes through a proxy is not on this machine, though the connection is. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip'] as const;
/** What `rondo mirrors` itself adds. */
const OWN_VIA = /^1\.1 rondo-[0-9a-z]{1,20}$/;

const MAX_WEIGHT = 1000;
const MAX_DRAIN_MS = 7 * 24 * 3_600_000;

type OrderPage = (exchange: Exchange) => void | Promise<void>;

/** What is to be done with an order, by its path below the base path: of POST, as ownPages are of GET. */
export function orderPages(admin: Admin): ReadonlyMap<string, OrderPage> {
  return new Map<string, OrderPage>([
    [MIRRORS_PATH, (exchange) => takeMirrorOrder(exchange, admin)],
    [RELOAD_PATH, (exchange) => takeReload(exchange, admin)],
  ]);
}

/**
 * `POST /-/api/mirrors` with `X-Rondo-Order: mirror=NAME&weight=20` (or `weight=configured`), `drain=1h` (`0s` ends it,
 * `on` is until further notice), or both, written as a query is. Answers with the state of all mirrors.
 */
function takeMirrorOrder(exchange: Exchange, admin: Admin): void {
  const text = orderOf(exchange);
  if (text === undefined) return;
  const refuse = (status: number, message: string): void => sendProblem(exchange, status, { message });
  const query = new URLSearchParams(text);
  const order = parseOrder(query);
  if (typeof order === 'string') return refuse(400, order);
  const name = query.get('mirror') ?? '';
  if (!admin.order(name, order)) return refuse(404, `no mirror is called ${name === '' ? 'nothing' : name}`);
  sendJson(exchange, admin.mirrors());
}

/**
 * `POST /-/api/reload` with `X-Rondo-Order: reload`: the configuration is read again, as SIGHUP has it read. Answers
 * with what has changed, or 422 and what is wrong, where the one in use stays.
 */
async function takeReload(exchange: Exchange, { reload }: Admin): Promise<void> {
  const text = orderOf(exchange);
  if (text === undefined) return;
  if (text !== 'reload') return sendProblem(exchange, 400, { message: 'the only order here is reload' });
  if (reload === undefined)
    return sendProblem(exchange, 404, { message: 'this Rondo keeps its configuration to the end' });
  const answer = await reload();
  if (exchange.closed) return;
  if (answer.kind === 'refused') sendProblem(exchange, 422, problemOf(answer.error));
  else sendJson(exchange, answer.page);
}

/** The text of an order that may be given: from this machine, and from no web page. Undefined where it was refused. */
function orderOf(exchange: Exchange): string | undefined {
  const { headers, socket } = exchange.request;
  const hasBody = Number(headers['content-length'] ?? 0) > 0 || 'transfer-encoding' in headers;
  if (hasBody) exchange.lastOnConnection = true; // nobody reads it
  const refuse = (status: number, message: string): undefined => {
    sendProblem(exchange, status, { message });
  };
  if (!isLoopbackAddress(socket.remoteAddress ?? '') || isForwarded(headers))
    return refuse(403, 'orders are taken from this machine alone');
  if (!isOwnHost(headers.host)) return refuse(421, 'Host must be an IP address or localhost');
  if (hasBody) return refuse(400, 'an order has no body: it stands in the header X-Rondo-Order');
  const text = headers[ORDER_HEADER];
  return typeof text === 'string' ? text : refuse(403, 'an order stands in the header X-Rondo-Order');
}

function isForwarded(headers: IncomingHttpHeaders): boolean {
  const { via } = headers;
  if (via !== undefined && !OWN_VIA.test(via)) return true;
  return FORWARDED.some((name) => headers[name] !== undefined);
}

/** The order, or what is wrong with it. */
function parseOrder(query: URLSearchParams): MirrorOrder | string {
  const unknown = [...query.keys()].find((key) => !['mirror', 'weight', 'drain'].includes(key));
  if (unknown !== undefined) return 'an order has mirror=, weight= and drain=, and nothing else';
  const [weight, drain] = [query.get('weight'), query.get('drain')];
  if (weight === null && drain === null) return 'an order needs weight= or drain=';
  const newWeight = weight === 'configured' ? weight : Number(weight ?? 1);
  if (
    newWeight !== 'configured' &&
    !(Number.isInteger(newWeight) && newWeight >= 1 && newWeight <= MAX_WEIGHT)
  )
    return `weight= is a whole number from 1 to ${MAX_WEIGHT}, or configured`;
  const forMs = drain === 'on' ? Infinity : parseDuration(drain ?? '0s');
  if (forMs === undefined || (forMs > MAX_DRAIN_MS && forMs !== Infinity))
    return 'drain= is a duration of at most 7d, 0s to end it, or on';
  return {
    ...(weight === null ? {} : { weight: newWeight }),
    ...(drain === null ? {} : { drainForMs: forMs }),
  };
}
