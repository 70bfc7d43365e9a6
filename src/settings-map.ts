import type { Config, ConfiguredMirror } from './config/config.ts';
import { proxyFor } from './config/network.ts';
import { parseGosumdb, type Gosumdb } from './gomod/gosumdb.ts';
import type { ServerSettings } from './http/port.ts';
import type { MirrorSpec, MirrorsSettings } from './mirrors/settings.ts';
import type { ProxySettings } from './proxy/settings.ts';
import type { BudgetSettings } from './store/budget.ts';
import type { UpstreamSettings } from './upstream/settings.ts';

/** The database that clients have by default, served beside the one that is configured. */
const DEFAULT_DATABASE = 'sum.golang.org';
/** A mirror is tried at most once a second while none is eligible (selection.md). */
const RESCUE_EVERY_MS = 1000;

/** A body is looked at so often in the time that makes it slow. */
const RACE_CHECKS = 4;

/** What the mirrors room needs of the configuration. */
export function mirrorsSettings(config: Config): MirrorsSettings {
  const { selection, timeouts, retry, breaker, probe, hedge, race, connections, limits } = config;
  return {
    balance: {
      scoreStep: selection.scoreStep,
      scoreFloor: selection.scoreFloor,
      climbMs: selection.climbMs,
      failuresToOpen: breaker.failures,
      failuresToOpenMax: Math.max(breaker.failures, breaker.failuresMax),
      successShare: breaker.successShare,
      successWindowMs: breaker.successWindowMs,
      successVisits: breaker.successRequests,
      unavailableToOpen: breaker.unavailable,
      probeFailuresToOpen: breaker.probeFailures,
      openMinMs: breaker.openMinMs,
      openMaxMs: breaker.openMaxMs,
      coolMaxMs: breaker.coolMaxMs,
      quarantineMs: breaker.quarantineMs,
      rescueEveryMs: RESCUE_EVERY_MS,
    },
    pace: {
      tauMs: selection.speedMemoryMs,
      tolerance: selection.speedTolerance,
      floor: selection.speedFloor,
    },
    pins: { lastMs: selection.pinMs, debt: selection.pinDebt, slowdown: selection.pinSlowdown },
    hedge: { ...hedge, maxMs: Math.max(hedge.minMs, hedge.maxMs) },
    race,
    slots: { min: connections.slotsMin, max: Math.max(connections.slotsMin, connections.slotsMax) },
    queueLimit: limits.queue,
    lagMs: breaker.lagMs,
    softHeaderMs: timeouts.headerSoftMs,
    headerMs: timeouts.headerMs,
    deadlineMs: timeouts.deadlineMs,
    agreementMs: timeouts.agreementMs,
    retry,
    sync: { canary: probe.canary, intervalMs: probe.canaryIntervalMs, behindMs: probe.behindMs },
    probe: { intervalMs: probe.intervalMs, jitter: probe.jitter, timeoutMs: probe.timeoutMs },
    privatePatterns: privatePatterns(config),
    propagate: config.telemetry.propagate,
  };
}

/**
 * What no mirror sees that was not named for it. `GOPRIVATE=corp.example GONOPROXY=none` means that go's own
 * proxies may see private paths: those that the user chose, not those that a checkout brought along. Pure.
 */
export function privatePatterns({ chain, go }: Config): string {
  if (chain.trusted) return go.gonoproxy;
  return [go.goprivate, go.gonoproxy, go.gonosumdb]
    .flatMap((patterns) => patterns.split(','))
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '' && pattern !== 'none')
    .join(',');
}

/** One configured mirror as the mirrors room sees it. */
export function mirrorSpec(mirror: ConfiguredMirror): MirrorSpec {
  const { name, url, authorization, weight, tier, match, probePath } = mirror;
  const credentials = authorization === undefined ? {} : { authorization };
  return { endpoint: { name, url, ...credentials }, weight, tier, match, probePath };
}

/** What the upstream room needs of the configuration. */
export function upstreamSettings({ timeouts, connections, insecure, network }: Config): UpstreamSettings {
  return {
    connectMs: timeouts.connectMs,
    tlsMs: timeouts.tlsMs,
    bodyIdleMs: timeouts.bodyIdleMs,
    minRateBytesPerS: timeouts.minRateBytesPerSecond,
    minRateWindowMs: timeouts.minRateWindowMs,
    maxConnections: connections.max,
    idleMs: connections.idleMs,
    keepAliveMs: connections.keepAliveMs,
    insecure,
    allowPrivateRedirects: connections.privateRedirects,
    proxyFor: proxyFor(network),
  };
}

/** How large the copy may become. */
export function budgetSettings({ cache }: Config): BudgetSettings {
  const { maxBytes, minFreeBytes, pin } = cache;
  return { maxBytes, minFreeBytes, ...(pin === undefined ? {} : { pin }) };
}

/**
 * What the use cases need of the configuration.
 * @throws RondoError E_CONFIG for a GOSUMDB that go would not take either.
 */
export function proxySettings(config: Config, offline: boolean): ProxySettings {
  const { cache } = config;
  const databases = databasesOf(config);
  return {
    holdMs: cache.holdMs,
    resumes: config.retry.resumes,
    deadlineMs: config.timeouts.deadlineMs,
    raceCheckMs: Math.ceil(config.race.afterMs / RACE_CHECKS),
    freshTtlMs: cache.freshTtlMs,
    refreshWaitMs: cache.refreshWaitMs,
    staleMaxQueryMs: cache.staleMaxQueryMs,
    negativeTtlMs: cache.negativeTtlMs,
    listHoldMs: cache.listHoldMs,
    early: config.early,
    offline,
    verify: {
      mode: config.verify.mode,
      exemptAll: config.skipsum || parseGosumdb(config.go.gosumdb).kind === 'off',
      exemptPatterns: config.go.gonosumdb,
    },
    direct: config.verify.direct,
    databases,
    // Toolchains are verified whatever GOSUMDB says.
    verifyDatabase: databases[0]?.name ?? DEFAULT_DATABASE,
    privatePatterns: privatePatterns(config),
    keepsUnproven: config.chain.trusted,
  };
}

/** What the server needs of the configuration, as far as it may change while it runs. */
export function serverSettings({ limits, errorsAs404 }: Config): ServerSettings {
  const { urlBytes, headersBytes: headerBytes, burst, nodelay, loopback } = limits;
  const perS = (limits.ratePerMinute ?? Infinity) / 60;
  const concurrent = limits.concurrent === 0 ? Infinity : limits.concurrent;
  const connections = {
    ...(limits.connections === undefined ? {} : { most: limits.connections }),
    ...(limits.clientConnections === undefined ? {} : { perClient: limits.clientConnections }),
  };
  const clients = { perS, burst, nodelay, status: Number(limits.status), concurrent, loopback };
  return { urlBytes, headerBytes, errorsAs404, connections, clients };
}

/** A checksum database, and where it is asked without a mirror between. */
export type DatabaseSpec = { readonly name: string; readonly key: string; readonly url: URL };

/**
 * The databases that are served: the user's own first, and the one that clients have by default.
 * @throws RondoError E_CONFIG for a GOSUMDB that go would not take either.
 */
export function databasesOf({ go }: Pick<Config, 'go'>): readonly DatabaseSpec[] {
  const specs = [parseGosumdb(go.gosumdb), parseGosumdb(DEFAULT_DATABASE)].flatMap(specOf);
  return specs.filter(({ name }, at) => specs.findIndex((other) => other.name === name) === at);
}

function specOf(database: Gosumdb): DatabaseSpec[] {
  if (database.kind === 'off') return [];
  const { name, key, url } = database;
  return [{ name, key, url: url ?? new URL(`https://${name}`) }];
}
