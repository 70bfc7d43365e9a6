import type { Config, ConfiguredMirror } from './config/config.ts';
import { originOf } from './kit/address.ts';
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

/** A server's own page is no larger, and comes as soon as it runs. */
const PAGE = { bytes: 4 * 1024 * 1024, limitMs: 2000 } as const;

/**
 * The text of a page of the server that listens at the configured address, or might; undefined where nobody
 * answers 200 in two seconds. Whoever that is: hostile. Never rejects.
 */
export async function readServerPage(
  path: string,
  options: AskingOptions,
): Promise<{ readonly url: string; readonly text: string } | undefined> {
  const { server } = options.config;
  if (server.listen.port === 0) return undefined;
  const url = serverUrl(server);
  // It is asked for words about mirrors alone, at an address of the user's own: its certificate may be for any name.
  const direct = { insecure: true, proxyFor: () => undefined };
  const open = upstreamOpener(options, newInstanceId(options.random), direct);
  const upstream = open({ name: 'rondo', url });
  try {
    const request = { method: 'GET', path, headerLimitMs: PAGE.limitMs, maxBodyBytes: PAGE.bytes } as const;
    const answer = await upstream.attempt(request, new AbortController().signal);
    if (answer.kind === 'other') return undefined;
    const chunks: Buffer[] = [];
    for await (const chunk of answer.body) chunks.push(chunk);
    return { url: url.href, text: Buffer.concat(chunks).toString('utf8') };
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
