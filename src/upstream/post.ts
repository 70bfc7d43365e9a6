import { Client } from 'undici';
import type { Clock } from '../kit/clock.ts';
import { classifyError, throughProxy } from './classify.ts';
import { createConnector } from './connector.ts';
import { exchange, ExchangeError, type Response } from './exchange.ts';
import { wayOf } from './hops.ts';
import { createNameLookups } from './name-lookups.ts';
import { systemNetwork } from './network.ts';
import type { UpstreamSettings } from './settings.ts';
import type { TlsTrust } from './tls-trust.ts';

/** What is posted. */
export type PostRequest = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** What came of it; hostile. */
export type PostAnswer = {
  readonly status: number;
  /** What the body begins with, of an answer that says no (4xx, 5xx); of all others nothing is read. */
  readonly beginning: Buffer;
};

/**
 * Sends one request over a connection of its own and follows no redirect. Rejects with the signal's reason, or with an
 * Error whose message says for people why there is no answer.
 */
export type Post = (request: PostRequest, signal: AbortSignal) => Promise<PostAnswer>;

const BEGINNING_BYTES = 1024;
/** So long it is waited for. */
const BEGINNING_MS = 1000;

/** Posts that take the way that mirrors are asked by: the same proxies, the same trust, the same limits for connecting. */
export function createPost(
  settings: UpstreamSettings,
  { trust, clock }: { readonly trust: TlsTrust; readonly clock: Clock },
): Post {
  const network = systemNetwork;
  const names = createNameLookups(network, clock, settings.connectMs / 2);
  const connect = createConnector({
    settings,
    trust,
    clock,
    network,
    names,
    book: {
      open: 0,
      opened: 0,
    },
    redirected: false,
    publicOnly: false,
  });
  return async ({ url, headers, body }, signal) => {
    const { origin } = url;
    const way = wayOf(url, headers, settings);
    const client = new Client(origin, { connect, allowH2: false, headersTimeout: 0, bodyTimeout: 0 });
    const request = { method: 'POST', origin, body, maxBodyBytes: Infinity, ...way } as const;
    try {
      return await answerOf(await exchange(client, request, signal, { settings, clock }));
    } catch (error) {
      signal.throwIfAborted();
      throw inWords(error);
    } finally {
      void client.destroy();
    }
  };
}

async function answerOf({ status, body, proxy }: Response): Promise<PostAnswer> {
  if (status === 407 && proxy?.forwards === true)
    throw new Error(throughProxy({ class: 'http', cause: 'proxy', status, detail: '' }, proxy).detail);
  const beginning = status < 400 ? Buffer.alloc(0) : await body.start(BEGINNING_BYTES, BEGINNING_MS);
  return { status, beginning };
}

function inWords(error: unknown): unknown {
  if (!(error instanceof ExchangeError)) return error;
  const outcome = classifyError(error.cause);
  const { detail } = error.proxy === undefined ? outcome : throughProxy(outcome, error.proxy);
  return new Error(detail, { cause: error });
}
