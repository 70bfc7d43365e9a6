import type { ConfiguredMirror } from './config/config.ts';
import type { MirrorFacts, NameFacts } from './doctor/check-mirror.ts';
import type { VersionFile } from './gomod/module-file.ts';
import { remotePath } from './gomod/remote-path.ts';
import { hostsFile, hostsLineOf, readHostsFile } from './host/hosts-file.ts';
import { readTrustRoots, rootPlaces } from './host/trust-roots.ts';
import { readSyncTime } from './mirrors/sync-time.ts';
import { newInstanceId, upstreamOpener, type AskingOptions } from './open-mirrors.ts';
import { upstreamSettings } from './settings-map.ts';
import type { AttemptTiming, Hop, Upstream } from './upstream/attempt.ts';
import { isAddress, lookUpName } from './upstream/look-up-name.ts';
import { publicRoots } from './upstream/public-roots.ts';
import { peekCertificate, type PeekedCertificate } from './upstream/peek-certificate.ts';
import { createTlsTrust } from './upstream/tls-trust.ts';

/** What was seen of a mirror, and how long each phase took. */
export type Diagnosis = MirrorFacts & { readonly url: string; readonly timing: AttemptTiming };

/** What mirrors are diagnosed with. */
export type DiagnosisOptions = AskingOptions & {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a mirror of that host is one that everybody knows. */
  readonly isPublic: (host: string) => boolean;
  /** A file of some size that all of them should have. */
  readonly sample: VersionFile;
  /** Hashes the sample. */
  readonly hash: (bytes: Buffer, sample: VersionFile) => Promise<string | undefined>;
  readonly signal: AbortSignal;
};

/** A diagnosis is for people, who wait. */
const LIMITS = { headerMs: 10_000, connectMs: 5000, dnsMs: 5000, tlsMs: 5000, syncMs: 3000 } as const;
/** Enough to know how fast it comes. */
const SAMPLE = { bytes: 32 * 1024 * 1024, ms: 5000 } as const;
const SMALL_BYTES = 16 * 1024 * 1024;

/** Looks at each mirror, phase by phase, side by side. In their order. Rejects with the signal's reason only. */
export async function diagnoseMirrors(
  mirrors: readonly ConfiguredMirror[],
  options: DiagnosisOptions,
): Promise<Diagnosis[]> {
  const { config, platform, env, random } = options;
  const path = hostsFile(platform, env);
  const hosts = { path, text: await readHostsFile(path) };
  const limits = { connectMs: LIMITS.connectMs, tlsMs: LIMITS.tlsMs };
  const open = upstreamOpener(options, newInstanceId(random), limits);
  const trust = createTlsTrust(() => readTrustRoots(rootPlaces(platform), config.network));
  const roots = publicRoots();
  return Promise.all(
    mirrors.map(async (mirror) => {
      const upstream = open(mirror);
      try {
        return await diagnose(mirror, upstream, { ...options, hosts, trust, publicRoots: roots });
      } finally {
        await upstream.close();
      }
    }),
  );
}

type Shared = DiagnosisOptions & {
  readonly hosts: { readonly path: string; readonly text: string };
  readonly trust: ReturnType<typeof createTlsTrust>;
  readonly publicRoots: ReadonlySet<string>;
};

async function diagnose(mirror: ConfiguredMirror, upstream: Upstream, shared: Shared): Promise<Diagnosis> {
  const { name, url, probePath } = mirror;
  const { clock, signal, hosts } = shared;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const [names, certificate] = await Promise.all([
    namesOf(mirror, host, shared),
    certificateOf(mirror, host, shared),
  ]);
  const hops: Hop[] = [];
  const request = {
    method: 'GET',
    path: probePath,
    headerLimitMs: LIMITS.headerMs,
    maxBodyBytes: SMALL_BYTES,
  } as const;
  const answer = await upstream.attempt(
    { ...request, onHop: (hop) => hops.push(withoutSecrets(hop)) },
    signal,
  );
  const { timing } = answer;
  if (answer.kind === 'found') answer.cancel();
  const outcome =
    answer.kind === 'other'
      ? answer.outcome
      : ({ class: 'ok', cause: 'ok', status: answer.status, detail: `${answer.status}` } as const);
  const works = outcome.class === 'ok';
  const [sample, syncedAtMs] = works
    ? await Promise.all([sampleOf(upstream, shared), readSyncTime(upstream, LIMITS.syncMs, clock, signal)])
    : [undefined, undefined];
  return {
    name,
    url: url.href,
    host,
    isWellKnown: shared.isPublic(host),
    names,
    hostsLine: !isAddress(host) ? hostsLineOf(hosts.path, hosts.text, host) : undefined,
    certificate,
    rootIsPublic: certificate === undefined ? undefined : shared.publicRoots.has(certificate.rootFingerprint),
    outcome,
    hops,
    timing,
    sample,
    syncedAtMs,
  };
}

/** Where a mirror sends requests on, the query and the login are what lets them in: signatures. They are nobody's to see. */
export function withoutSecrets({ headers, url, ...hop }: Hop): Hop {
  const bare = (text: string): string => text.replace(/[?#].*$/s, '').replace(/\/\/[^/@]*@/, '//');
  const { location } = headers;
  return {
    ...hop,
    url: bare(url),
    headers: location === undefined ? headers : { ...headers, location: bare(location) },
  };
}

async function namesOf(
  { url }: ConfiguredMirror,
  host: string,
  { config, clock }: Shared,
): Promise<NameFacts> {
  if (url.protocol === 'file:') return { kind: 'not-looked-up', why: 'it is a folder' };
  if (isAddress(host)) return { kind: 'not-looked-up', why: 'its URL has an address' };
  if (upstreamSettings(config).proxyFor(url) !== undefined)
    return { kind: 'not-looked-up', why: 'a proxy looks it up' };
  return lookUpName(host, clock, LIMITS.dnsMs);
}

/** Past a proxy nobody can look without asking it for a tunnel: then the attempt says enough. */
async function certificateOf(
  { url }: ConfiguredMirror,
  host: string,
  { config, clock, trust }: Shared,
): Promise<PeekedCertificate | undefined> {
  if (url.protocol !== 'https:' || upstreamSettings(config).proxyFor(url) !== undefined) return undefined;
  const secureContext = await trust().catch(() => undefined);
  if (secureContext === undefined) return undefined;
  const port = url.port === '' ? 443 : Number(url.port);
  return peekCertificate({ host, port, secureContext, clock, timeoutMs: LIMITS.tlsMs });
}

/** Reads a file of some size, as long as it takes and not longer than people wait; hashed where all of it came. */
async function sampleOf(
  upstream: Upstream,
  { sample, hash, clock, signal }: Shared,
): Promise<MirrorFacts['sample']> {
  const request = {
    method: 'GET',
    path: remotePath(sample),
    headerLimitMs: LIMITS.headerMs,
    maxBodyBytes: SAMPLE.bytes,
  } as const;
  const answer = await upstream.attempt(request, signal);
  if (answer.kind === 'other') return undefined;
  const startMs = clock.now();
  const chunks: Buffer[] = [];
  let bytes = 0;
  const timer = clock.after(SAMPLE.ms, () => answer.cancel());
  try {
    for await (const chunk of answer.body) {
      bytes += chunk.length;
      chunks.push(Buffer.from(chunk));
      if (clock.now() - startMs > SAMPLE.ms) break;
    }
  } catch {
    // What came until then says how fast it was.
  } finally {
    timer.cancel();
    answer.cancel();
  }
  signal.throwIfAborted();
  const ms = clock.now() - startMs;
  const isWhole = answer.contentLength === bytes;
  return { bytes, ms, h1: isWhole ? await hash(Buffer.concat(chunks), sample) : undefined };
}
