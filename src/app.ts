import { adminPort } from './admin-port.ts';
import type { Totals } from './api/answers.ts';
import { createTotals } from './api/totals.ts';
import { createBus, type Bus } from './events/bus.ts';
import type { Config } from './config/config.ts';
import { messageOf, RondoError } from './errors/rondo-error.ts';
import { readGauges } from './gauges.ts';
import { createServer, type ProxyServer } from './http/server.ts';
import type { CertificateFiles, ServerCertificate } from './host/certificate.ts';
import { namesOf } from './host/certificate-names.ts';
import { openFilesLimit } from './host/open-files.ts';
import type { Environment } from './host/user-folders.ts';
import { isSelf, type Listener } from './host/is-self.ts';
import { createWebFiles } from './host/web-files.ts';
import type { Clock } from './kit/clock.ts';
import type { LogLevel } from './kit/log-level.ts';
import type { Random } from './kit/random.ts';
import type { DatabaseItself } from './mirrors/database-itself.ts';
import type { Mirrors } from './mirrors/mirrors.ts';
import { openAlerts } from './open-alerts.ts';
import { openHistory, type OpenHistory } from './open-history.ts';
import { newInstanceId, openDatabases, openMirrors, reopen, type AskingOptions } from './open-mirrors.ts';
import type { VersionFile } from './gomod/module-file.ts';
import { openApi } from './open-api.ts';
import { openProxy } from './open-proxy.ts';
import { fetchAhead } from './proxy/fetch-ahead.ts';
import type { Proxy } from './proxy/proxy.ts';
import { followOwnCertificate } from './own-certificate.ts';
import { createReloader, type Reloader } from './reload.ts';
import { budgetSettings, databasesOf, proxySettings, serverSettings } from './settings-map.ts';
import { openDiskStore, type DiskStore } from './store/disk-store.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { createLastAnswer } from './history/last-answer.ts';
import { createRequestLog, type RequestLog } from './telemetry/request-log.ts';
import { createTraces, type Traces } from './telemetry/traces.ts';
import { say } from './words/text.ts';

/** pino takes 25 ms to load: the first answers need not wait for it. Their lines do. */
const LOG_AFTER_MS = 100;
/** A command that is over sooner leaves the copy to the next one. */
const TEND_AFTER_MS = 3_000;

/** Enough to keep three mirrors busy that are 40 ms away, and few enough that what the client asks waits for none of them. */
const AHEAD = { small: 32, zips: 8 };

/** The dashboard as `npm run build` makes it, of the sources and of the bundle. */
const WEB_FOLDER = new URL('../dist/dashboard/', import.meta.url);

/** What looking at mirrors depends on. */
const THIS_PROCESS = { env: process.env, platform: process.platform } as const;

/** A running Rondo, as the commands see it. */
export type App = {
  readonly bus: Bus;
  /** The configuration in use. */
  config(): Config;
  /** Reads it again and goes on with it (reload.ts); absent where it is kept to the end. */
  readonly reload: Reloader['reload'] | undefined;
  /**
   * Listens and starts the probes; `url` is complete, with the base path. Rejects with RondoError E_PORT_IN_USE
   * or E_LISTEN.
   */
  listen(host: string, port: number): Promise<{ host: string; port: number; url: string }>;
  /** Fetches files before CMD asks for them (proxy/fetch-ahead.ts), until `signal` aborts. */
  fetchAhead(files: readonly VersionFile[], signal: AbortSignal, onFetched: () => void): Promise<void>;
  /** Takes nothing new, waits for running requests up to `server.drain`, keeps what is whole, closes everything. */
  drain(): Promise<void>;
  /** Closes everything now. */
  force(): Promise<void>;
};

/** What an App is made of. */
export type AppOptions = {
  readonly config: Config;
  /** Reads the configuration again. Rejects with RondoError where it is wrong. */
  readonly readConfig?: () => Promise<Config>;
  readonly version: string;
  readonly offline: boolean;
  readonly clock: Clock;
  readonly random: Random;
  /** One line a request on stderr. */
  readonly logRequests: boolean;
  /** How the mirrors do is written down beside the copy, for `rondo report`. */
  readonly keepsHistory: boolean;
  /** What commands of alerts are run with; absent: nobody is told of anything. */
  readonly alertsEnv?: Environment;
  /** Speaks TLS with this certificate, and with the next one as soon as its files change. */
  readonly tls?: { readonly files: CertificateFiles; readonly certificate: ServerCertificate } | undefined;
};

/**
 * Builds Rondo, inside out. First the bus, to which everything tells what happens, and the sinks that
 * listen to it: the metrics, the request log. Then the copy on disk. Then the mirrors, each with its
 * connections, and the checksum databases that may be asked themselves; over all of those the proxy: its
 * flights, the databases' clients, and the verifier, which reads records through those clients. Last the HTTP server, which only knows how to ask the
 * proxy. Nothing runs until `listen`. Another configuration is handed to each of them in the same order.
 * @throws RondoError E_CACHE_DIR, E_CONFIG.
 */
// tidy: long because it is the one place where all parts are put together, in the order of its comment.
export async function createApp(options: AppOptions): Promise<App> {
  const { config, clock } = options;
  const core = await openCore(options);
  const { bus, mirrors, metrics, proxy, instanceId } = core;
  const { readConfig } = options;
  const reloader = createReloader({
    config,
    read: readConfig ?? (() => Promise.resolve(config)),
    swap(before, after) {
      if (closing !== undefined) throw new RondoError('E_INTERRUPTED', say('Rondo is shutting down'));
      goOn({ ...core, server }, before, { ...options, config: after });
      leaveOutItself(after, mirrors, listening);
    },
    emit: bus.emit,
  });
  const reload = readConfig && reloader.reload;
  const names = databasesOf(config).map(({ name }) => name);
  const server = createServer({
    answer: (file, context) => proxy.answer(file, context),
    admin: adminPort({ ...options, ...core, config: reloader.config }),
    api: openApi({
      ...options,
      ...core,
      ...THIS_PROCESS,
      config: reloader.config,
      reload,
      url: () => ownUrl,
    }),
    webFiles: createWebFiles(WEB_FOLDER),
    databases: () => names,
    instanceId,
    basePath: config.server.basePath,
    settings: serverSettings(config),
    openFiles: await openFilesLimit(),
    ...(options.tls && { keyPair: options.tls.certificate.texts }),
    emit: bus.emit,
    clock,
    trace: core.traces && ((headers, isLocal) => core.traces?.begin(headers, isLocal)),
  });
  metrics.gauges(() => [...readGauges({ ...core, server }), ...(core.traces?.readings() ?? [])]);
  metrics.suspects(() => ({ mirrors: mirrors.views().map(({ name }) => name), databases: names }));
  let closing: Promise<void> | undefined;
  let listening: Listener | undefined;
  let ownUrl: string | undefined;
  const own = followOwnCertificate(options, server, bus.emit);
  const alerts = openAlerts(config, {
    ...options,
    ...core,
    ...THIS_PROCESS,
    certificate: () => own.current(),
  });
  const end = (drainMs: number): Promise<void> => {
    own.stop();
    return close({ ...core, alerts, server }, drainMs);
  };
  return {
    bus,
    config: reloader.config,
    reload,
    async listen(host, port) {
      const bound = await server.listen(host, port);
      ownUrl = bound.url;
      listening = { ...bound, names: options.tls === undefined ? [] : namesOf(options.tls.certificate.leaf) };
      leaveOutItself(config, mirrors, listening);
      begin(core, options);
      own.follow();
      alerts?.start();
      return bound;
    },
    fetchAhead: (files, signal, onFetched) => fetchAhead(files, proxy, AHEAD, signal, onFetched),
    drain: () => (closing ??= end(reloader.config().server.drainMs)),
    async force() {
      // A drain that is under way ends as soon as its clients are cut.
      await server.force();
      await (closing ??= end(0));
    },
  };
}

/** All but the server. */
type Core = OpenHistory & {
  readonly bus: Bus;
  readonly metrics: Metrics;
  readonly log: RequestLog | undefined;
  readonly traces: Traces | undefined;
  /** Unix time in milliseconds of the last answer of a mirror that was right. */
  readonly lastAnswerMs: () => number | undefined;
  readonly totals: () => Totals;
  readonly store: DiskStore;
  readonly instanceId: string;
  readonly mirrors: Mirrors;
  readonly databases: ReadonlyMap<string, DatabaseItself>;
  readonly proxy: Proxy;
};

type Parts = Core & { readonly server: ProxyServer };

async function openCore(options: AppOptions): Promise<Core> {
  const { config, clock, random } = options;
  const bus = createBus((error) => process.stderr.write(`rondo: a sink failed: ${messageOf(error)}\n`));
  const metrics = createMetrics((sink) => bus.subscribe(sink), clock);
  const log = options.logRequests ? openLog(bus, config.log.level, clock) : undefined;
  const { emit } = bus;
  const store = await openDiskStore({
    dir: config.cache.dir,
    memoryBytes: config.cache.memoryBytes,
    budget: budgetSettings(config),
    clock,
    emit,
  });
  const instanceId = newInstanceId(random);
  const traces = openTraces(options, bus, instanceId);
  const asking = { ...options, platform: process.platform };
  // The checksum database is read through the mirrors, and they are judged by it.
  const exists: AskingOptions['exists'] = (module, version) => proxy.exists(module, version);
  const mirrors = openMirrors({ ...asking, exists }, instanceId, emit);
  const databases = openDatabases(asking, instanceId);
  const proxy: Proxy = openProxy(options, store, mirrors, databases, emit);
  const kept = openHistory(options, bus, mirrors);
  const lastAnswerMs = createLastAnswer((sink) => bus.subscribe(sink), clock);
  const totals = createTotals((sink) => bus.subscribe(sink));
  const sinks = { totals, metrics, log, traces, ...kept, lastAnswerMs };
  return { bus, ...sinks, store, instanceId, mirrors, databases, proxy };
}

/** Hands another configuration to all parts, without a pause in which there could be a request. Throws RondoError, and then nothing has changed. */
function goOn(parts: Parts, before: Config, options: AppOptions): void {
  const { config, offline } = options;
  const next = { proxy: proxySettings(config, offline), budget: budgetSettings(config) };
  reopen(parts, before, { ...options, platform: process.platform }, parts.instanceId);
  // Nothing throws from here on.
  parts.proxy.replace(next.proxy);
  parts.store.bound(next.budget);
  parts.server.replace(serverSettings(config));
  parts.log?.show(config.log.level);
}

/** Undefined, and nothing is loaded, unless they are to be sent somewhere. */
function openTraces(options: AppOptions, bus: Bus, instanceId: string): Traces | undefined {
  const { config, version, clock, tls } = options;
  const { traces: url, service, sample, sampledByClient } = config.telemetry;
  if (url === undefined) return undefined;
  const target = { url, headers: config.telemetryHeaders, service, version, instanceId };
  const scheme = tls === undefined ? 'http' : 'https';
  const subscribe: Bus['subscribe'] = (sink) => bus.subscribe(sink);
  return createTraces({ subscribe, emit: bus.emit, clock, target, scheme, sample, sampledByClient });
}

function begin({ store, mirrors, log, traces, history }: Core, { offline, clock }: AppOptions): void {
  clock.after(LOG_AFTER_MS, () => void log?.load().catch(tellLogEnded), { background: true });
  clock.after(LOG_AFTER_MS, () => void traces?.load(), { background: true });
  clock.after(TEND_AFTER_MS, () => store.tend(), { background: true });
  if (offline) return;
  mirrors.startProbes();
  history?.start();
}

function leaveOutItself({ chain }: Config, mirrors: Mirrors, listening: Listener | undefined): void {
  if (listening === undefined) return;
  for (const { name, url } of chain.mirrors)
    if (isSelf(url, listening)) mirrors.exclude(name, 'it is this Rondo itself');
}

/** Outside in: what is taken first is let go last. With no time to drain, what runs is cut before its answer fails. */
async function close(
  parts: Parts & { readonly alerts: ReturnType<typeof openAlerts> },
  drainMs: number,
): Promise<void> {
  const { server, proxy, mirrors, store, metrics, log, traces, history, alerts } = parts;
  await (drainMs > 0 ? server.drain(drainMs) : server.force());
  await proxy.close();
  // While the mirrors can still be seen.
  await history?.close();
  await alerts?.close();
  await mirrors.close();
  await store.close();
  metrics.close();
  await traces?.close();
  await log?.close();
}

function openLog(bus: Bus, level: LogLevel, clock: Clock): RequestLog {
  const settings = { destination: { kind: 'stderr' }, level } as const;
  return createRequestLog((sink) => bus.subscribe(sink), settings, clock, tellLogEnded);
}

function tellLogEnded(error: unknown): void {
  process.stderr.write(`rondo: the request log has ended: ${messageOf(error)}\n`);
}
