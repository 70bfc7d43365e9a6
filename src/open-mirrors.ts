import type { Text } from './words/text.ts';
import { isDeepStrictEqual } from 'node:util';
import type { Config } from './config/config.ts';
import type { Emit } from './events/events.ts';
import { readTrustRoots, rootPlaces } from './host/trust-roots.ts';
import type { Clock } from './kit/clock.ts';
import type { Random } from './kit/random.ts';
import { createDatabaseItself, type DatabaseItself } from './mirrors/database-itself.ts';
import { createMirrors, type Mirrors, type MirrorsOptions } from './mirrors/mirrors.ts';
import { databasesOf, mirrorSpec, mirrorsSettings, upstreamSettings } from './settings-map.ts';
import type { Endpoint, Upstream } from './upstream/attempt.ts';
import { openUpstream } from './upstream/open-upstream.ts';
import type { UpstreamSettings } from './upstream/settings.ts';
import { createTlsTrust } from './upstream/tls-trust.ts';

/** What asking mirrors needs, with a server in front of them or without. */
export type AskingOptions = {
  readonly config: Config;
  /** Of Rondo, for its User-Agent. */
  readonly version: string;
  /** Where the system's trust roots are depends on it. */
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  readonly random: Random;
  /** As createMirrors takes them. */
  readonly adviceUnreachable?: Text | string;
  readonly exists?: MirrorsOptions['exists'];
};

/** Short and of token characters only: what this process calls itself in Via. */
export function newInstanceId(random: Random): string {
  return Math.floor(random() * 2 ** 40).toString(36);
}

/** The chain's mirrors, each with its connections; nothing is asked yet. */
export function openMirrors(options: AskingOptions, instanceId: string, emit: Emit): Mirrors {
  const { config, clock, random } = options;
  const open = upstreamOpener(options, instanceId);
  return createMirrors({
    specs: config.chain.mirrors.map(mirrorSpec),
    settings: mirrorsSettings(config),
    openUpstream: ({ endpoint }) => open(endpoint),
    clock,
    random,
    emit,
    adviceUnreachable: options.adviceUnreachable,
    exists: options.exists,
  });
}

/** The checksum databases, as they are asked without a mirror between, by name; nothing is asked yet. */
export function openDatabases(
  options: AskingOptions,
  instanceId: string,
): ReadonlyMap<string, DatabaseItself> {
  const open = databaseOpener(options, instanceId);
  return new Map(
    databasesOf(options.config).map(({ name, url }) => {
      const endpoint = { name: `${name} itself`, url: withoutSlash(url) };
      return [name, createDatabaseItself(endpoint, open, options.clock)];
    }),
  );
}

/** Who is asked. */
export type Asked = { readonly mirrors: Mirrors; readonly databases: ReadonlyMap<string, DatabaseItself> };

/**
 * Has mirrors and databases asked as `options.config` says, and not as `before` did any more.
 * @throws RondoError E_BAD_MIRROR_URL where one cannot be asked, and then nothing has changed
 */
export function reopen(
  { mirrors, databases }: Asked,
  before: Config,
  options: AskingOptions,
  instanceId: string,
): void {
  const { config } = options;
  const open = upstreamOpener(options, instanceId);
  const reconnect = !isDeepStrictEqual(connectionsOf(before), connectionsOf(config));
  mirrors.replace({
    specs: config.chain.mirrors.map(mirrorSpec),
    settings: mirrorsSettings(config),
    openUpstream: ({ endpoint }) => open(endpoint),
    reconnect,
  });
  if (!reconnect) return;
  for (const database of databases.values()) database.reconnect(databaseOpener(options, instanceId));
}

/** What decides how connections are made; the environment, which proxies come from, stays the same. */
function connectionsOf(config: Config): Omit<UpstreamSettings, 'proxyFor'> {
  const { proxyFor: _same, ...settings } = upstreamSettings(config);
  return settings;
}

/** A build has some ten lookups under way. */
const DATABASE_CONNECTIONS = 20;

function databaseOpener(options: AskingOptions, instanceId: string): (endpoint: Endpoint) => Upstream {
  return upstreamOpener(options, instanceId, { maxConnections: DATABASE_CONNECTIONS });
}

/** As an Endpoint's URL is: paths are put behind it. */
function withoutSlash(url: URL): URL {
  const bare = new URL(url);
  bare.pathname = bare.pathname.replace(/\/+$/, '');
  return bare;
}

/** How one server is asked: by the configuration, but for `changes`. All of them share what is trusted for TLS. */
export function upstreamOpener(
  { config, version, platform, clock }: AskingOptions,
  instanceId: string,
  changes: Partial<UpstreamSettings> = {},
): (endpoint: Endpoint) => Upstream {
  const settings = { ...upstreamSettings(config), ...changes };
  const trust = createTlsTrust(() => readTrustRoots(rootPlaces(platform), config.network));
  const identity = { instanceId, userAgent: `rondo/${version}` };
  return (endpoint) => openUpstream({ endpoint, settings, trust, clock, identity });
}
