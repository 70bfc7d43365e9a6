import { LRUCache } from 'lru-cache';
import { RondoError } from '../errors/rondo-error.ts';
import type { Emit } from '../events/events.ts';
import type { RemoteFile } from '../gomod/module-file.ts';
import { remotePath } from '../gomod/remote-path.ts';
import { parseRoute, type Route } from '../gomod/route.ts';
import type { Clock } from '../kit/clock.ts';
import type { Reply } from '../proxy/reply.ts';
import { API_PREFIX, type Api } from './api-port.ts';
import type { Exchange } from './exchange.ts';
import { type PageFiles, sendAsset, UI_PREFIX } from './dashboard-pages.ts';
import { whyMisnamed } from './host-header.ts';
import { OWN_PREFIX, type OwnPage, ownPages } from './own-pages.ts';
import type { Admin, Answer, ServerSettings } from './port.ts';
import { awaitEnd } from './send-body.ts';
import { sendReply } from './send-reply.ts';
import { sendError, sendProblem } from './send-whole.ts';
import { statusOfLoop } from './status.ts';
import { belowBase, normalBasePath, pathOfTarget } from './target.ts';
import { loopIn } from './via.ts';
import { isAskedByForeignPage, isFollowedLink } from './web-page.ts';
import { say } from '../words/text.ts';

/** A loop asks many times a second; people need to be told of it once in a while. */
const LOOP_NOTICE_EVERY_MS = 60_000;

/**
 * Longest path that mirrors are asked for, in characters: some servers refuse a whole URL of 4 KiB, and real
 * paths stay below 300.
 */
const MAX_REMOTE_PATH = 2048;
/** No character of a path becomes more than this on its way to mirrors: percent-encoded again. */
const MAX_GROWTH = 3;

/** How the server stands at the moment of a request. */
export type ServerState = {
  /** It takes no new requests. */
  readonly draining: boolean;
  /** It listens on a loopback address: a request for another host name is a web page's trick (DNS rebinding). */
  readonly loopbackOnly: boolean;
};

/** What answering a request needs. */
export type ResponderParts = {
  readonly answer: Answer;
  readonly admin: Admin;
  /** Absent: there is none, and nothing is below its path. */
  readonly api?: Api;
  /** The dashboard; absent: there is none. */
  readonly webFiles?: PageFiles;
  /** The checksum databases that can be served, at this moment. */
  readonly databases: () => readonly string[];
  /** Short and unique, for request ids and against loops; token characters only. */
  readonly instanceId: string;
  /** Path prefix of everything, e.g. `/go`; empty for none. */
  readonly basePath: string;
  readonly emit: Emit;
  readonly clock: Clock;
};

/**
 * The way of one request through this room: method, URL, base path, own page or module file, loop, answer.
 * The returned function never throws; every exchange that it is given is answered, cut, or found closed. `settings`
 * are those of the moment: a request keeps those that it began with.
 */
export function createResponder(
  parts: ResponderParts,
  settings: () => ServerSettings,
): (exchange: Exchange, state: ServerState) => void {
  const basePath = normalBasePath(parts.basePath);
  const pages = ownPages(parts.admin, basePath, parts.webFiles);
  const warnOfLoop = createLoopWarning(parts.emit, parts.clock);
  const routeOf = createRouter(parts.databases);

  function begin(exchange: Exchange, state: ServerState, urlBytes: number): void | Promise<void> {
    const { method, url = '' } = exchange.request;
    exchange.path = pathOfTarget(url);
    const taken = takeForApi(exchange, basePath, state, urlBytes, parts.api);
    if (taken !== undefined) return taken;
    if (method !== 'GET' && method !== 'HEAD') return refuseMethod(exchange);
    if (url.length > urlBytes) return refuseLength(exchange, urlBytes);
    const misnamed = whyMisnamed(exchange.request.headers.host, state.loopbackOnly);
    if (misnamed !== undefined) return sendProblem(exchange, 421, { message: misnamed });
    const path = belowBase(exchange.path, basePath);
    if (path === undefined) {
      return sendProblem(exchange, 404, { message: `everything here is below ${basePath}/` });
    }
    exchange.path = path;
    const page = pages.get(path) ?? assetAt(path, parts.webFiles);
    if (page === undefined && `${path}/`.startsWith(OWN_PREFIX)) return refusePage(exchange, basePath);
    if (isForeign(exchange, page !== undefined)) return refuseForeignPage(exchange);
    const route = page === undefined ? routeOf(path) : undefined;
    if (route !== undefined && route.kind !== 'bad') exchange.kind = route.file.kind;
    if (state.draining) throw new RondoError('E_INTERRUPTED', say('Rondo is shutting down'));
    if (page !== undefined) return page(exchange);
    if (route === undefined) return undefined;
    if (route.kind === 'bad') return sendProblem(exchange, 404, { message: route.why });
    if (isTooLongUpstream(path, route.file)) {
      return sendProblem(exchange, 404, { message: 'the path is too long for any mirror' });
    }
    const loop = loopIn(exchange.request.headers.via, parts.instanceId);
    if (loop === undefined) return answerFile(exchange, route.file, parts);
    warnOfLoop(loop);
    return refuseLoop(exchange, loop);
  }

  return (exchange, state) => {
    const { urlBytes, errorsAs404 } = settings();
    const fail = (thrown: unknown): void => sendError(exchange, thrown, errorsAs404);
    try {
      begin(exchange, state, urlBytes)?.catch(fail);
    } catch (thrown) {
      fail(thrown);
    }
  };
}

/** A file of the dashboard, as one of Rondo's own pages. */
function assetAt(path: string, files: PageFiles | undefined): OwnPage | undefined {
  if (files === undefined || !path.startsWith(UI_PREFIX)) return undefined;
  return (exchange) => sendAsset(exchange, path, files);
}

/** Who may ask the API is another question than who may have modules, and answered there. Undefined for all other paths. */
function takeForApi(
  exchange: Exchange,
  basePath: string,
  { draining }: ServerState,
  urlBytes: number,
  api: Api | undefined,
): Promise<void> | undefined {
  const path = belowBase(exchange.path, basePath);
  if (api === undefined || path?.startsWith(API_PREFIX) !== true) return undefined;
  const { url = '' } = exchange.request;
  exchange.path = path;
  if (url.length > urlBytes) return Promise.resolve(refuseLength(exchange, urlBytes));
  if (draining) {
    // Whatever go is told of outages: the API is not go's.
    sendError(exchange, new RondoError('E_INTERRUPTED', say('Rondo is shutting down')), false);
    return Promise.resolve();
  }
  const query = /\?[^#]*/.exec(url)?.[0] ?? '';
  return Promise.resolve(api.take(exchange, `${path}${query}`));
}

/** What is in memory leaves before this returns. */
function answerFile(exchange: Exchange, file: RemoteFile, parts: ResponderParts): Promise<void> | undefined {
  const reply = parts.answer(file, exchange);
  return 'kind' in reply
    ? sendReply(exchange, file, reply, parts.clock)
    : answerLater(exchange, file, reply, parts);
}

async function answerLater(
  exchange: Exchange,
  file: RemoteFile,
  answer: Promise<Reply>,
  parts: ResponderParts,
  again = false,
): Promise<void> {
  let reply = await answer;
  if (isEndless(exchange, reply)) {
    await awaitEnd(exchange, reply.body);
    if (!exchange.closed) reply = await parts.answer(file, exchange);
    if (isEndless(exchange, reply)) {
      throw new RondoError(
        'E_STORE',
        say('the copy did not keep the file, so it cannot be sent by HTTP/1.0'),
        {
          hint: say('ask by HTTP/1.1, or make room for the copy'),
        },
      );
    }
  }
  if (exchange.closed) {
    exchange.abandon();
    await giveBack(reply);
    return;
  }
  try {
    await sendReply(exchange, file, reply, parts.clock);
  } catch (error) {
    if (again || reply.kind !== 'file' || !hasVanished(exchange, error)) throw error;
    await answerLater(exchange, file, Promise.resolve(parts.answer(file, exchange)), parts, true);
  }
}

/** Another process has given the file up, or somebody has removed it, since it was found: then a mirror has it. */
function hasVanished({ response, closed }: Exchange, error: unknown): boolean {
  return error instanceof RondoError && error.kind === 'storage' && !response.headersSent && !closed;
}

/** How many parsed paths are remembered, and up to which length: clients choose the paths. */
const MAX_ROUTES = 5000;
const MAX_ROUTE_PATH = 400;

/** parseRoute, which remembers: builds ask for the same few thousand paths again and again. */
function createRouter(databases: () => readonly string[]): (path: string) => Route {
  const known = new LRUCache<string, Route>({ max: MAX_ROUTES });
  return (path) => {
    const found = known.get(path);
    if (found !== undefined) return found;
    const route = parseRoute(path, databases());
    // Which databases there are may change; what is bad is asked once.
    if (route.kind === 'file' && path.length <= MAX_ROUTE_PATH) known.set(path, route);
    return route;
  };
}

/** A stream that nobody reads still has its flight wait for it. */
async function giveBack(reply: Reply): Promise<void> {
  if (reply.kind === 'stream') await reply.body[Symbol.asyncIterator]().return?.();
}

/**
 * A body of unknown length, for a client of HTTP/1.0: only the end of the connection could mark its end, and
 * a broken transfer would look complete. It waits until the whole of it is in the copy and is answered
 * from there (spec integrity.md, "What the client gets").
 */
function isEndless(exchange: Exchange, reply: Reply): reply is Extract<Reply, { kind: 'stream' }> {
  const { httpVersionMajor, httpVersionMinor } = exchange.request;
  return (
    reply.kind === 'stream' &&
    reply.contentLength === undefined &&
    !exchange.headOnly &&
    httpVersionMajor === 1 &&
    httpVersionMinor === 0
  );
}

function isTooLongUpstream(path: string, file: RemoteFile): boolean {
  return path.length * MAX_GROWTH > MAX_REMOTE_PATH && remotePath(file).length > MAX_REMOTE_PATH;
}

/** A link to one of Rondo's own pages may stand anywhere; a module file is nothing that a person opens. */
function isForeign({ request: { headers } }: Exchange, isOwnPage: boolean): boolean {
  return isAskedByForeignPage(headers) && !(isOwnPage && isFollowedLink(headers));
}

function refuseForeignPage(exchange: Exchange): void {
  const message = 'a web page of another origin asks: Rondo answers go and its own pages';
  sendProblem(exchange, 403, { message });
}

function refuseLength(exchange: Exchange, urlBytes: number): void {
  sendProblem(exchange, 414, { message: `the URL is longer than ${urlBytes} bytes` });
}

function refusePage(exchange: Exchange, basePath: string): void {
  sendProblem(exchange, 404, { message: `Rondo has no such page: ${basePath}/ lists those it has` });
}

function refuseMethod(exchange: Exchange): void {
  const message = `the method ${exchange.request.method ?? ''} is not allowed: Rondo answers GET and HEAD`;
  sendProblem(exchange, 405, { message }, ['Allow', 'GET, HEAD']);
}

function refuseLoop(exchange: Exchange, why: string): void {
  const hint = 'take this Rondo out of the chain of its own mirrors';
  sendProblem(exchange, statusOfLoop(exchange.kind), { message: why, hint });
}

function createLoopWarning(emit: Emit, clock: Clock): (why: string) => void {
  let quietUntilMs = -Infinity;
  return (why) => {
    if (clock.now() < quietUntilMs) return;
    quietUntilMs = clock.now() + LOOP_NOTICE_EVERY_MS;
    emit({ type: 'notice', level: 'warn', message: why });
  };
}
