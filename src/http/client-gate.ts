import { LRUCache } from 'lru-cache';
import type { Emit } from '../events/events.ts';
import { isLoopbackAddress } from '../kit/address.ts';
import { clientNetwork } from '../kit/client-network.ts';
import type { Clock } from '../kit/clock.ts';
import { takeTurn, type Bucket } from '../kit/leaky-bucket.ts';
import type { Exchange } from './exchange.ts';
import type { ClientLimits, ServerSettings } from './port.ts';
import { sendProblem } from './send-whole.ts';
import { belowBase, normalBasePath, pathOfTarget } from './target.ts';

/** Clients whose rate is remembered; the longest silent is forgotten first. */
const MAX_CLIENTS = 10_000;
/** Requests of one client that wait for others of its own to end. */
const MAX_WAITING = 1_000;
/** Who looks after Rondo must see it at any time. */
const NEVER_LIMITED: ReadonlySet<string> = new Set(['/healthz', '/health', '/readyz']);

/** What a gate needs. */
export type ClientGateParts = {
  readonly settings: () => ServerSettings;
  readonly basePath: string;
  readonly clock: Clock;
  readonly emit: Emit;
};

/** Has `go` answer the exchange: now, later, or never, since it is refused or its client has left. */
export type ClientGate = (exchange: Exchange, go: () => void) => void;

/** Who of one client is under way, and who waits. */
type Places = { open: number; readonly waiting: Set<() => void> };

/**
 * Keeps each client to what it may ask for (`[limits]`). First its rate: a request that is ahead waits for its time, or
 * goes at once with `nodelay`; one that is too far ahead is refused. Then its place among those under way.
 */
export function createClientGate({ settings, basePath, clock, emit }: ClientGateParts): ClientGate {
  const base = normalBasePath(basePath);
  const buckets = new LRUCache<string, Bucket>({ max: MAX_CLIENTS });
  // No more than there are exchanges open.
  const clients = new Map<string, Places>();
  const refuse = (
    exchange: Exchange,
    limit: 'rate' | 'concurrent',
    status: number,
    againMs: number,
  ): void => {
    emit({ type: 'limit', limit, refused: true });
    exchange.path = pathBelow(exchange, base);
    const message = LIMIT_WORDS[limit];
    const hint = `ask fewer at once, or have [limits] ${limit} of this Rondo raised`;
    const seconds = String(Math.max(1, Math.ceil(againMs / 1000)));
    sendProblem(exchange, status, { message, hint }, ['Retry-After', seconds]);
  };
  // Also for those who waited before it was raised.
  const concurrentNow = (): number => settings().clients?.concurrent ?? Infinity;
  const enter = (exchange: Exchange, client: string, limits: ClientLimits, go: () => void): void => {
    if (exchange.closed) return;
    const places = clients.get(client) ?? { open: 0, waiting: new Set() };
    clients.set(client, places);
    const begin = (): void => {
      takePlace(exchange, places, () => {
        beginWaiting(places, concurrentNow());
        if (places.open === 0 && places.waiting.size === 0) clients.delete(client);
      });
      go();
    };
    beginWaiting(places, limits.concurrent);
    if (places.open < limits.concurrent) return begin();
    if (limits.nodelay || places.waiting.size >= MAX_WAITING)
      return refuse(exchange, 'concurrent', limits.status, 0);
    emit({ type: 'limit', limit: 'concurrent', refused: false });
    places.waiting.add(begin);
    exchange.response.once('close', () => places.waiting.delete(begin));
  };
  return (exchange, go) => {
    const limits = settings().clients;
    const address = exchange.request.socket.remoteAddress;
    if (limits === undefined || address === undefined || isUnlimited(limits)) return go();
    if (!limits.loopback && isLoopbackAddress(address)) return go();
    if (NEVER_LIMITED.has(pathBelow(exchange, base))) return go();
    const client = clientNetwork(address);
    if (limits.perS === Infinity) return enter(exchange, client, limits, go);
    const turn = takeTurn(buckets.get(client), clock.now(), limits);
    if (turn.kind === 'refuse') return refuse(exchange, 'rate', limits.status, turn.againMs);
    buckets.set(client, turn.bucket);
    if (limits.nodelay || turn.afterMs === 0) return enter(exchange, client, limits, go);
    emit({ type: 'limit', limit: 'rate', refused: false });
    const timer = clock.after(turn.afterMs, () => enter(exchange, client, limits, go));
    exchange.response.once('close', () => timer.cancel());
  };
}

function isUnlimited({ perS, concurrent }: ClientLimits): boolean {
  return perS === Infinity && concurrent === Infinity;
}

const LIMIT_WORDS = {
  rate: 'too many requests of this client in this time',
  concurrent: 'too many requests of this client at once',
} as const;

/** Until its response is over, or it gives its place back: `onLeft` is then called. */
function takePlace(exchange: Exchange, places: Places, onLeft: () => void): void {
  places.open += 1;
  let isIn = true;
  const leave = (): void => {
    if (!isIn) return;
    isIn = false;
    places.open -= 1;
    onLeft();
  };
  exchange.leavePlace = leave;
  exchange.response.once('close', leave);
}

/** As many of those who wait as there are places for, in order: a reload may have made more of them. */
function beginWaiting(places: Places, concurrent: number): void {
  for (const next of places.waiting) {
    if (places.open >= concurrent) return;
    places.waiting.delete(next);
    next();
  }
}

function pathBelow({ request }: Exchange, base: string): string {
  const path = pathOfTarget(request.url ?? '');
  return belowBase(path, base) ?? path;
}
