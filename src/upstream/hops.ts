import type { Clock } from '../kit/clock.ts';
import type { Hop } from './attempt.ts';
import type { Dispatchers } from './dispatchers.ts';
import { exchange, ExchangeError, type ExchangeRequest, type Response } from './exchange.ts';
import type { Network } from './network.ts';
import { isForwarded, proxyAuthorization, proxyName } from './proxy-server.ts';
import { isRedirect, nextRedirect } from './redirect.ts';
import type { UpstreamSettings } from './settings.ts';

/** A redirect that is not followed. */
export class RedirectError extends Error {
  override readonly name = 'RedirectError';
}

/** No answer came from where a redirect had led; `cause` is why. */
export class ElsewhereError extends Error {
  override readonly name = 'ElsewhereError';

  constructor(cause: unknown) {
    super('no answer from where a redirect led', { cause });
  }
}

/** What the hops of one mirror share. */
export type HopsContext = {
  readonly dispatchers: Dispatchers;
  readonly settings: UpstreamSettings;
  readonly clock: Clock;
  readonly network: Network;
};

/** A request as the mirror's own origin gets it. */
export type HopsRequest = {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly body: string | undefined;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent to the mirror's own origin and nowhere else: credentials, and its place in a trace. */
  readonly ownHeaders: Readonly<Record<string, string>>;
  readonly maxBodyBytes: number;
  readonly onHop: ((hop: Hop) => void) | undefined;
};

/**
 * Sends a request and follows its redirects. Once a hop has led through a public address, no further one may lead
 * to a private address: a mirror on the Internet must not be able to make Rondo fetch from inside (unless
 * `allowPrivateRedirects`). The mirror's own origin is the user's choice and never refused. Where the address is not
 * known, since a proxy is in between, the hop counts as public.
 * @throws ExchangeError, within an ElsewhereError for another origin than the mirror's; RedirectError; the signal's reason when it aborts before the headers
 */
export async function followHops(
  request: HopsRequest,
  signal: AbortSignal,
  context: HopsContext,
): Promise<Response> {
  const own = request.url.origin;
  let url = request.url;
  let guarded = false;
  for (let followed = 0; ; followed += 1) {
    const isOwn = url.origin === own;
    const response: Response = await oneHop(url, isOwn, guarded, request, signal, context).catch(
      (error: unknown) => {
        throw isOwn || signal.aborted ? error : new ElsewhereError(error);
      },
    );
    const { status, headers } = response;
    request.onHop?.({ url: url.href, status, headers, address: response.socket?.remoteAddress ?? '' });
    if (!isRedirect(response.status)) return response;
    response.body.discard();
    const step = nextRedirect(url, response.headers['location'], followed, context.settings.maxRedirects);
    if (step.kind === 'refuse') throw new RedirectError(step.why);
    guarded ||= !context.settings.allowPrivateRedirects && isOutside(response, context.network);
    url = step.url;
  }
}

/** Whether an answer came from a public address; one of unknown origin counts as such. */
function isOutside({ socket }: Response, network: Network): boolean {
  const address = socket?.remoteAddress ?? '';
  return address === '' || network.isPublic(address);
}

async function oneHop(
  url: URL,
  isOwn: boolean,
  guarded: boolean,
  { method, body, headers, ownHeaders, maxBodyBytes }: HopsRequest,
  signal: AbortSignal,
  context: HopsContext,
): Promise<Response> {
  const { dispatchers } = context;
  const sent = isOwn ? { ...headers, ...ownHeaders } : headers;
  const request: ExchangeRequest = {
    method,
    // Nobody but whom it was written for gets it.
    ...(isOwn && body !== undefined ? { body } : {}),
    origin: url.origin,
    maxBodyBytes,
    ...wayOf(url, sent, context.settings),
  };
  try {
    return await exchange(
      isOwn ? dispatchers.pool : dispatchers.elsewhere(guarded),
      request,
      signal,
      context,
    );
  } catch (error) {
    if (!wasStale(error)) throw error;
    const fresh = dispatchers.fresh(url.origin, guarded && !isOwn);
    const again = exchange(fresh.dispatcher, request, signal, context);
    fresh.closeAfterUse();
    return await again;
  }
}

/** The target of a request, and what a proxy on the way makes of it (RFC 9112, section 3.2.2). */
export function wayOf(
  url: URL,
  headers: ExchangeRequest['headers'],
  { proxyFor }: UpstreamSettings,
): Pick<ExchangeRequest, 'path' | 'headers' | 'proxy'> {
  const path = `${url.pathname}${url.search}`;
  const proxy = proxyFor(url);
  if (proxy === undefined) return { path, headers };
  const name = proxyName(proxy);
  if (!isForwarded(url, proxy)) return { path, headers, proxy: { name, forwards: false } };
  const credentials = proxyAuthorization(proxy);
  return {
    path: `${url.origin}${path}`,
    headers: credentials === undefined ? headers : { ...headers, 'proxy-authorization': credentials },
    proxy: { name, forwards: true },
  };
}

/**
 * The mirror closed a kept connection just as the request went out: nothing came back, so the request may be sent
 * once more, and nobody is to blame (selection.md, "One request", 8).
 */
function wasStale(error: unknown): boolean {
  if (!(error instanceof ExchangeError) || error.responded || error.socket?.reused !== true) return false;
  const code = (error.cause as { code?: unknown } | undefined)?.code;
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}
