import { systemClock, type Clock } from '../../src/kit/clock.ts';
import type {
  AttemptAnswer,
  AttemptRequest,
  Endpoint,
  FoundAnswer,
  OtherAnswer,
  Upstream,
} from '../../src/upstream/attempt.ts';
import { createHttpUpstream } from '../../src/upstream/http-upstream.ts';
import type { Network } from '../../src/upstream/network.ts';
import type { UpstreamSettings } from '../../src/upstream/settings.ts';
import { createTlsTrust, type TlsTrust } from '../../src/upstream/tls-trust.ts';
import type { Cleanup } from './temp-folder.ts';

/** The defaults of selection.md. */
export const UPSTREAM_SETTINGS: UpstreamSettings = {
  connectMs: 5000,
  tlsMs: 5000,
  bodyIdleMs: 10_000,
  minRateBytesPerS: 1000,
  minRateWindowMs: 30_000,
  maxConnections: 100,
  idleMs: 30_000,
  keepAliveMs: 30_000,
  insecure: false,
  allowPrivateRedirects: false,
  proxyFor: () => undefined,
};

/** Trust in these certificates alone, in PEM. */
export function trustIn(...pems: readonly string[]): TlsTrust {
  return createTlsTrust(() => Promise.resolve(pems));
}

/** What a test of an upstream varies. */
export type UpstreamVariation = {
  readonly clock?: Clock;
  readonly settings?: Partial<UpstreamSettings>;
  readonly network?: Network;
  /** Default: nobody is trusted. */
  readonly trust?: TlsTrust;
  readonly authorization?: string;
};

/** An upstream of the mirror at `url`, closed with the test. */
export function upstreamForTest(t: Cleanup, url: URL, variation: UpstreamVariation = {}): Upstream {
  const { authorization, network } = variation;
  const endpoint: Endpoint = { name: 'm', url, ...(authorization === undefined ? {} : { authorization }) };
  const upstream = createHttpUpstream({
    endpoint,
    settings: { ...UPSTREAM_SETTINGS, ...variation.settings },
    trust: variation.trust ?? trustIn(),
    clock: variation.clock ?? systemClock,
    identity: { instanceId: 'test', userAgent: 'rondo/test' },
    ...(network === undefined ? {} : { network }),
  });
  t.after(async () => {
    // Not awaited: transfers that a failing test has left open would keep it for ever.
    void upstream.close();
  });
  return upstream;
}

/** A request of a file, with the limits of selection.md. */
export function getRequest(path: string, variation: Partial<AttemptRequest> = {}): AttemptRequest {
  return { method: 'GET', path, headerLimitMs: 60_000, maxBodyBytes: 1024 * 1024 * 1024, ...variation };
}

/** One attempt that nobody aborts. */
export function attempt(upstream: Upstream, request: AttemptRequest | string): Promise<AttemptAnswer> {
  const whole = typeof request === 'string' ? getRequest(request) : request;
  return upstream.attempt(whole, new AbortController().signal);
}

/** The answer as a found one, or an error that says what it was. */
export function found(answer: AttemptAnswer): FoundAnswer {
  if (answer.kind === 'found') return answer;
  throw new Error(`not found: ${JSON.stringify(answer.outcome)}`);
}

/** The answer as any other one. */
export function other(answer: AttemptAnswer): OtherAnswer {
  if (answer.kind === 'other') return answer;
  throw new Error(`found, with status ${answer.status}`);
}

/** All bytes of a body, as latin1 text. */
export async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}
