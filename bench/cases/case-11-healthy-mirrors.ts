import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAuthority, type Authority } from '../../test/support/certificates.ts';
import { takeTurns } from '../frame/turns.ts';
import type { Case, CaseContext, RunningSubject } from '../frame/types.ts';
import { startMirrors, type Mirrors } from '../world/mirrors.ts';
import { runOpenLoop } from '../world/open-loop.ts';
import { steadyPaths } from '../world/steady-paths.ts';
import { askedIn, pinnedRepeats, shareOff } from '../world/traffic.ts';
import { Failures, retire } from './go-turn.ts';

const MIRRORS = 3;
const LATENCY_MS = 40;
/** TCP's way there and back, and that of TLS 1.3. */
const HANDSHAKE_MS = 2 * LATENCY_MS;
const RATE_PER_SECOND = 100;
const MODULES = 200;
/** Between the .mod and the .info of one version: a second of this load. */
const INFO_AFTER = RATE_PER_SECOND;
/** How long Rondo keeps a module at a mirror. */
const PIN_MS = 60_000;
const SEED = 20_240_301;
const SETTLE_MS = 1000;

/** Good mirrors, and a steady load of files that nobody has asked for before. */
export const HEALTHY_MIRRORS: Case = {
  number: 11,
  title: '100 requests a second to three healthy mirrors, over TLS, 40 ms away',
  needs: [],
  wants: ['rondo', 'goproxyio'],
  contestants: { fresh: 'direct, no reuse', kept: 'direct, reuse' },
  measures: [
    { key: 'latency', words: 'mean latency', unit: 'ms' },
    { key: 'latency-mod', words: 'mean latency of .mod alone', unit: 'ms' },
    { key: 'latency-p99', words: 'p99 of latency', unit: 'ms' },
    { key: 'connections', words: 'new connections to the mirrors a second', unit: '1' },
    { key: 'share-off', words: 'share of a mirror, off its weight by at most', unit: '%' },
    { key: 'pinned', words: 'repeats that went to the same mirror', unit: '%' },
    { key: 'failed', words: 'requests that failed', unit: '%' },
  ],
  goals: [
    {
      measure: 'connections',
      of: 'rondo',
      reference: { kind: 'value' },
      op: '<=',
      value: 0.7,
      words: 'new connections <= 0.7 a second',
    },
    {
      measure: 'share-off',
      of: 'rondo',
      reference: { kind: 'value' },
      op: '<=',
      value: 2,
      words: 'pick share within 2% of the weights',
    },
    {
      measure: 'pinned',
      of: 'rondo',
      reference: { kind: 'value' },
      op: '>=',
      value: 80,
      words: '>= 80% of repeats pinned',
    },
    {
      measure: 'latency',
      of: 'rondo',
      reference: { kind: 'ratio', to: 'fresh' },
      op: '<=',
      value: 0.2,
      words: 'mean latency <= 0.2x of the same without reuse',
    },
  ],
  conditions: [
    'An open loop of Poisson arrivals out of a process of its own, 60 s a turn; latency counts from the moment at which a request was due. 200 modules; each version is new: first its .mod, and a second later its .info, as go asks them.',
    'The mirrors speak TLS 1.3 and HTTP/1.1. An answer comes 40 ms after its request, a new connection is served 80 ms after it was opened, as TCP and TLS need it over such a distance; sessions are not taken up again.',
    'Without reuse: the same load straight at one mirror, a connection for each request. By the distance alone, a request that reuses a connection and asks a mirror takes 1/3 of one that does not.',
    'A repeat is a request of the mirrors for a module for which one was asked within the 60 s before. Health checks are no requests here, but their connections count. Weights are equal. GOSUMDB=off.',
    'goproxyio takes one mirror and does not check certificates; goproxy/goproxy and Athens would load whole modules and have no part in it.',
  ],
  run,
};

async function run(context: CaseContext): Promise<void> {
  const authority = createAuthority('Rondo bench root');
  const mirrors = await startMirrors(
    {
      count: MIRRORS,
      content: { kind: 'any-module' },
      distance: { latencyMs: LATENCY_MS, handshakeMs: HANDSHAKE_MS },
      certificate: authority.issue(['127.0.0.1']),
    },
    context.cleanup,
  );
  const failures = new Failures(context);
  const contestants = ['fresh', 'kept', ...context.subjects('rondo', 'goproxyio').map(({ name }) => name)];
  await takeTurns(contestants, context.runs, context.signal, (contestant, run) =>
    failures.attempt(contestant, async () => {
      context.progress(`run ${run + 1} of ${context.runs}: ${contestant}`);
      await oneTurn(context, { mirrors, authority, contestant, run });
    }),
  );
}

type Turn = {
  readonly mirrors: Mirrors;
  readonly authority: Authority;
  readonly contestant: string;
  readonly run: number;
};

async function oneTurn(context: CaseContext, turn: Turn): Promise<void> {
  const { mirrors, authority, contestant, run } = turn;
  const durationMs = context.quick ? 15_000 : 60_000;
  let running: RunningSubject | undefined;
  try {
    running = await startSubject(context, turn);
    await sleep(SETTLE_MS);
    await mirrors.takeTraffic();
    running?.resetPeak();
    const before = running?.usage();
    const result = await runOpenLoop(
      {
        baseUrl: running?.url ?? mirrors.urls[0] ?? '',
        // A Poisson process brings more than the mean now and then.
        paths: steadyPaths({
          count: (durationMs / 1000) * RATE_PER_SECOND * 1.2,
          modules: MODULES,
          infoAfter: INFO_AFTER,
          seed: SEED,
        }),
        ratePerSecond: RATE_PER_SECOND,
        durationMs,
        seed: SEED + run,
        connections: contestant === 'fresh' ? 'fresh' : 'kept',
        caPem: authority.certPem,
      },
      context.cleanup,
    );
    context.recordUsage({ contestant, phase: 'load', run }, before, running?.usage());
    for (const [words, count] of Object.entries(result.errors))
      context.note(`${contestant}: ${count}x ${words}`);
    const traffic = await mirrors.takeTraffic();
    const asked = askedIn(traffic);
    const record = (measure: string, value: number): void =>
      context.record({ measure, contestant, run, value });
    record('latency', result.latency.mean);
    record('latency-mod', result.byKind['mod']?.mean ?? Number.NaN);
    record('latency-p99', result.latency.p99);
    record('connections', traffic.connections / (durationMs / 1000));
    record('failed', (1 - result.latency.count / result.lag.count) * 100);
    if (contestant !== 'rondo') return;
    record('share-off', shareOff(asked, MIRRORS));
    record('pinned', pinnedRepeats(asked, PIN_MS));
    context.progress(`the generator was late by ${result.lag.p99.toFixed(1)} ms at most in 99% of requests`);
  } finally {
    await retire(running);
  }
}

async function startSubject(context: CaseContext, turn: Turn): Promise<RunningSubject | undefined> {
  const { mirrors, authority, contestant, run } = turn;
  if (contestant !== 'rondo' && contestant !== 'goproxyio') return undefined;
  const trust = join(context.folder, 'trust.pem');
  writeFileSync(trust, authority.certPem);
  const folder = join(context.folder, `${contestant}-${run}`);
  const options = { upstreams: mirrors.urls, folder, env: { SSL_CERT_FILE: trust } };
  return context.subject(contestant)?.start(options, context.cleanup);
}
