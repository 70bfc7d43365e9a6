import { LRUCache } from 'lru-cache';
import type { Emit } from '../events/events.ts';
import { isLoopbackAddress } from '../kit/address.ts';
import { clientNetwork } from '../kit/client-network.ts';
import type { Clock } from '../kit/clock.ts';
import { takeTurn, type Bucket, type RateLimit } from '../kit/leaky-bucket.ts';
import { API_PREFIX, type Api } from './api-port.ts';
import type { Exchange } from './exchange.ts';
import { HEALTH_PATHS, isOwnPath } from './own-pages.ts';
import type { ClientLimits, ServerSettings } from './port.ts';
import { sendProblem } from './send-whole.ts';
import { belowBase, normalBasePath, pathOfTarget } from './target.ts';

/** Clients whose rate is remembered; the longest silent is forgotten first. */
const MAX_CLIENTS = 10_000;
/** Requests of one client that wait for others of its own to end. */
const MAX_WAITING = 1_000;
/**
 * What Rondo's own pages give one client, beside the files that it asks for: Prometheus and the dashboard see what goes
 * on while a build from the same address is limited, and whoever floods them is limited all the same.
 */
const PAGES: RateLimit = { perS: 20, burst: 200 };

/** What a gate needs. */
export type ClientGateParts = {
  readonly settings: () => ServerSettings;
  readonly basePath: string;
  /** Whom it answers is known to be no stranger, and not limited there. */
  readonly api?: Pick<Api, 'mayAsk'>;
  readonly clock: Clock;
  readonly emit: Emit;
};

/** Has `go` answer the exchange: now, later, or never, since it is refused or its client has left. */
export type ClientGate = (exchange: Exchange, go: () => void) => void;

/** Who of one client is under way, and who waits. */
type Places = { open: number; readonly waiting: Set<() => void> };

/**
 * Keeps each client to what it may ask for (`[limits]`). Of Rondo's own pages it may ask for a fixed number, and of
 * those that tell its health for any. For files, first its rate: a request that is ahead waits for its time, or
 * goes at once with `nodelay`; one that is too far ahead is refused. Then its place among those under way.
 */
export function createClientGate({ settings, basePath, api, clock, emit }: ClientGateParts): ClientGate {
  const base = normalBasePath(basePath);
  const buckets = new LRUCache<string, Bucket>({ max: MAX_CLIENTS });
  const pageOf = createPageAllowance(clock);
  const refuse = createRefusal(base, emit);
  // No more than there are exchanges open.
  const clients = new Map<string, Places>();
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
    const path = pathBelow(exchange, base);
    if (HEALTH_PATHS.has(path)) return go();
    const client = clientNetwork(address);
    if (isOwnPath(path)) {
      const isKnown = path.startsWith(API_PREFIX) && api?.mayAsk(exchange) === true;
      const againMs = isKnown ? undefined : pageOf(client);
      return againMs === undefined ? go() : refuse(exchange, 'pages', limits.status, againMs);
    }
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

/** Answers who has asked too much; `againMs` is when there is room for it. */
function createRefusal(
  base: string,
  emit: Emit,
): (exchange: Exchange, limit: keyof typeof LIMIT_WORDS, status: number, againMs: number) => void {
  return (exchange, limit, status, againMs) => {
    emit({ type: 'limit', limit: limit === 'concurrent' ? limit : 'rate', refused: true });
    exchange.path = pathBelow(exchange, base);
    const seconds = String(Math.max(1, Math.ceil(againMs / 1000)));
    sendProblem(exchange, status, LIMIT_WORDS[limit], ['Retry-After', seconds]);
  };
}

/** Takes one of Rondo's own pages for a client; where it has had too many, when there is another for it, in milliseconds. */
function createPageAllowance(clock: Clock): (client: string) => number | undefined {
  const buckets = new LRUCache<string, Bucket>({ max: MAX_CLIENTS });
  return (client) => {
    const turn = takeTurn(buckets.get(client), clock.now(), PAGES);
    if (turn.kind === 'refuse') return turn.againMs;
    buckets.set(client, turn.bucket);
    return undefined;
  };
}

function isUnlimited({ perS, concurrent }: ClientLimits): boolean {
  return perS === Infinity && concurrent === Infinity;
}

const LIMIT_WORDS = {
  rate: {
    message: 'too many requests of this client in this time',
    hint: 'ask fewer at once, or have [limits] rate or burst of this Rondo raised',
  },
  concurrent: {
    message: 'too many requests of this client at once',
    hint: 'ask fewer at once, or have [limits] concurrent of this Rondo raised',
  },
  pages: {
    message: "too many requests of this client for Rondo's own pages in this time",
    hint: `ask for them less often: ${PAGES.perS} a second are answered, and ${PAGES.burst} ahead of that`,
  },
} as const;

/** Until its response is over: `onLeft` is then called. */
function takePlace(exchange: Exchange, places: Places, onLeft: () => void): void {
  places.open += 1;
  exchange.response.once('close', () => {
    places.open -= 1;
    onLeft();
  });
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
