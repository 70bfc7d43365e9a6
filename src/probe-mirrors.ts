import type { Config, ConfiguredMirror } from './config/config.ts';
import { addressOf, isLoopbackAddress, originOf } from './kit/address.ts';
import { measure, type Measurement } from './mirrors/measure.ts';
import type { MirrorView } from './mirrors/mirror-view.ts';
import { newInstanceId, openMirrors, upstreamOpener, type AskingOptions } from './open-mirrors.ts';

/** What of a mirror is needed to measure it. */
export type MeasuredMirror = Pick<ConfiguredMirror, 'name' | 'url' | 'authorization' | 'probePath'>;

/** A mirror's measurement takes this long at the most, and the parts of one probe so long. */
const LIMITS = { wholeMs: 5000, probeMs: 4500, connectMs: 2000, tlsMs: 2000 } as const;

/**
 * Measures each of `mirrors` side by side, in five seconds at the most; `onDone` hears of each as it is known.
 * In the order of `mirrors`. Never rejects for what a mirror does.
 */
export async function measureMirrors(
  mirrors: readonly MeasuredMirror[],
  options: AskingOptions,
  onDone: (index: number, measurement: Measurement) => void,
): Promise<Measurement[]> {
  const { config, clock } = options;
  const { connectMs, tlsMs } = config.timeouts;
  const open = upstreamOpener(options, newInstanceId(options.random), {
    // Under the limit of the whole, so that what took so long is told and not only that it did.
    connectMs: Math.min(connectMs, LIMITS.connectMs),
    tlsMs: Math.min(tlsMs, LIMITS.tlsMs),
  });
  return Promise.all(
    mirrors.map(async ({ probePath, ...endpoint }, index) => {
      const upstream = open(endpoint);
      try {
        const measurement = await measure(upstream, probePath, { ...LIMITS, clock });
        onDone(index, measurement);
        return measurement;
      } finally {
        void upstream.close();
      }
    }),
  );
}

/** The mirrors of the chain without a server in front of them: what a server would make of them. */
export type ChainProbes = {
  views(): MirrorView[];
  /** Probes each mirror once, side by side. */
  probeAll(): Promise<void>;
  /** From now on probes go on as a server's do. */
  startProbes(): void;
  close(): Promise<void>;
};

/** Opens the chain's mirrors; nothing is asked yet. */
export function openChainProbes(options: AskingOptions): ChainProbes {
  return openMirrors(options, newInstanceId(options.random), () => undefined);
}

/** A server's own page is no larger, and there, to its last byte, as soon as it runs. */
const PAGE = { bytes: 4 * 1024 * 1024, limitMs: 2000 } as const;

/** Where a server asks for its token. */
const API_PATH = '/-/api/';

/** What is asked of a server's own pages. */
export type ServerQuestion = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** What a server answered: its page, or the first line of its refusal. */
export type ServerAnswer =
  | { readonly kind: 'page'; readonly url: string; readonly text: string }
  | { readonly kind: 'refused'; readonly url: string; readonly status: number; readonly words: string };

/**
 * What the server answers, by the token of the configuration if it has one, that listens at the configured address, or might, in whatever protocol it speaks;
 * undefined where nobody does in two seconds. Whoever that is: hostile. Never rejects.
 */
export async function askServer(
  question: ServerQuestion,
  options: AskingOptions,
): Promise<ServerAnswer | undefined> {
  const { server } = options.config;
  if (server.listen.port === 0) return undefined;
  const stop = new AbortController();
  const timer = options.clock.after(PAGE.limitMs, () => stop.abort(new Error('too slow')));
  try {
    // A refusal may be all that a server says to the other protocol.
    let refusal: ServerAnswer | undefined;
    for (const tls of [server.tls, !server.tls]) {
      const answer = await askAt(serverUrl({ ...server, tls }), question, options, stop.signal);
      if (answer?.kind === 'page' || stop.signal.aborted) return answer;
      refusal ??= answer;
    }
    return refusal;
  } finally {
    timer.cancel();
  }
}

/** A server's own page. */
export type ServerPage = { readonly url: string; readonly text: string };

/** As askServer, for one of its pages; undefined where it gives none. Never rejects. */
export async function readServerPage(path: string, options: AskingOptions): Promise<ServerPage | undefined> {
  const answer = await askServer({ method: 'GET', path }, options);
  return answer?.kind === 'page' ? { url: answer.url, text: answer.text } : undefined;
}

async function askAt(
  url: URL,
  question: ServerQuestion,
  options: AskingOptions,
  signal: AbortSignal,
): Promise<ServerAnswer | undefined> {
  // It is asked for words about mirrors alone, at an address of the user's own: its certificate may be for any name,
  // but whoever else listens there shall not send Rondo anywhere.
  const direct = { insecure: true, proxyFor: () => undefined, maxRedirects: 0 };
  const open = upstreamOpener(options, newInstanceId(options.random), direct);
  const { adminToken } = options.config.server;
  // The API alone asks for it. To this machine alone, since nobody's certificate is checked.
  const isKnown =
    adminToken !== undefined && question.path.startsWith(API_PATH) && isLoopbackAddress(addressOf(url).host);
  const upstream = open({
    name: 'rondo',
    url,
    ...(isKnown ? { authorization: `Bearer ${adminToken}` } : {}),
  });
  try {
    const limits = { headerLimitMs: PAGE.limitMs, maxBodyBytes: PAGE.bytes };
    const answer = await upstream.attempt({ ...question, ...limits }, signal);
    if (answer.kind === 'other') {
      const { status } = answer.outcome;
      if (status === undefined) return undefined;
      return { kind: 'refused', url: url.href, status, words: answer.words ?? answer.outcome.detail };
    }
    // The signal ends only the wait for the head.
    signal.addEventListener('abort', () => answer.cancel(), { once: true });
    const chunks: Buffer[] = [];
    for await (const chunk of answer.body) chunks.push(chunk);
    if (signal.aborted) return undefined;
    return { kind: 'page', url: url.href, text: Buffer.concat(chunks).toString('utf8') };
  } catch {
    return undefined;
  } finally {
    void upstream.close();
  }
}

/** Where a server with this configuration can be asked from this machine. Never throws: values.ts takes no other hosts. */
export function serverUrl({ tls, listen, basePath }: Config['server']): URL {
  return new URL(`${originOf(tls ? 'https' : 'http', listen)}${basePath}`);
}
