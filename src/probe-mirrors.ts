import type { Config, ConfiguredMirror } from './config/config.ts';
import { readTrustRoots, rootPlaces } from './host/trust-roots.ts';
import type { Clock } from './kit/clock.ts';
import type { Random } from './kit/random.ts';
import { measure, type Measurement } from './mirrors/measure.ts';
import type { MirrorView } from './mirrors/mirror-view.ts';
import { createMirrors } from './mirrors/mirrors.ts';
import { mirrorSpec, mirrorsSettings, upstreamSettings } from './settings-map.ts';
import type { Endpoint, Upstream } from './upstream/attempt.ts';
import { openUpstream } from './upstream/open-upstream.ts';
import { createTlsTrust } from './upstream/tls-trust.ts';
import type { UpstreamSettings } from './upstream/settings.ts';

/** What asking mirrors without a server needs. */
export type ProbeOptions = {
  readonly config: Config;
  readonly version: string;
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  readonly random: Random;
};

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
  options: ProbeOptions,
  onDone: (index: number, measurement: Measurement) => void,
): Promise<Measurement[]> {
  const { config, clock } = options;
  const { connectMs, tlsMs } = config.timeouts;
  const open = opener(options, {
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
export function openChainProbes(options: ProbeOptions): ChainProbes {
  const { config, clock, random } = options;
  const open = opener(options, {});
  return createMirrors({
    specs: config.chain.mirrors.map(mirrorSpec),
    settings: mirrorsSettings(config),
    openUpstream: ({ endpoint }) => open(endpoint),
    clock,
    random,
    emit: () => undefined,
  });
}

/** A server's own page is no larger, and comes as soon as it runs. */
const PAGE = { bytes: 4 * 1024 * 1024, limitMs: 2000 } as const;

/**
 * The text of a page of the server that listens at the configured address, or might; undefined where nobody
 * answers 200 in two seconds. Whoever that is: hostile. Never rejects.
 */
export async function readServerPage(
  path: string,
  options: ProbeOptions,
): Promise<{ readonly url: string; readonly text: string } | undefined> {
  const { server } = options.config;
  if (server.listen.port === 0) return undefined;
  const url = serverUrl(server);
  // It is asked for words about mirrors alone, at an address of the user's own: its certificate may be for any name.
  const open = opener(options, { insecure: true, proxyFor: () => undefined });
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

/** Where a server with this configuration can be asked from this machine. */
export function serverUrl({ tls, listen, basePath }: Config['server']): URL {
  const host = { '0.0.0.0': '127.0.0.1', '::': '::1' }[listen.host] ?? listen.host;
  const authority = host.includes(':') ? `[${host}]` : host;
  return new URL(`${tls ? 'https' : 'http'}://${authority}:${listen.port}${basePath}`);
}

function opener(
  { config, version, platform, clock, random }: ProbeOptions,
  changes: Partial<UpstreamSettings>,
): (endpoint: Endpoint) => Upstream {
  const settings = { ...upstreamSettings(config), ...changes };
  const trust = createTlsTrust(() => readTrustRoots(rootPlaces(platform), config.network));
  const instanceId = Math.floor(random() * 2 ** 40).toString(36);
  const identity = { instanceId, userAgent: `rondo/${version}` };
  return (endpoint) => openUpstream({ endpoint, settings, trust, clock, identity });
}
