import type {
  ConfigAnswer,
  FileShown,
  FlightShown,
  ModulesAnswer,
  ReloadShown,
  Totals,
  VersionsAnswer,
} from './api/answers.ts';
import type { ApiPorts, ReloadAnswer } from './api/ports.ts';
import type { Config } from './config/config.ts';
import { chainEnd } from './config/effective-values.ts';
import { originText } from './config/origin-text.ts';
import { configValues } from './config/show-config.ts';
import type { Bus } from './events/bus.ts';
import { historyPath } from './history/history-file.ts';
import { readHistory } from './history/read-history.ts';
import { type Clock, sleep } from './kit/clock.ts';
import type { Mirrors } from './mirrors/mirrors.ts';
import type { FlightProgress } from './proxy/flight.ts';
import type { OpenHistory } from './open-history.ts';
import type { Proxy } from './proxy/proxy.ts';
import type { Reload, Reloader } from './reload.ts';
import type { DiskStore } from './store/disk-store.ts';
import type { KeptFile } from './store/index-modules.ts';
import { render, type Table } from './words/render.ts';
import type { Text } from './words/text.ts';

/** The running parts that the API shows. */
export type ApiParts = OpenHistory & {
  readonly config: () => Config;
  readonly reload: Reloader['reload'] | undefined;
  readonly offline: boolean;
  readonly version: string;
  /** Where it listens; undefined before it does. */
  readonly url: () => string | undefined;
  readonly mirrors: Mirrors;
  readonly store: DiskStore;
  readonly proxy: Proxy;
  readonly totals: () => Totals;
  readonly doctor: ApiPorts['doctor'];
  readonly bus: Bus;
  readonly clock: Clock;
};

/** What the API shows of the running parts, and the orders that it takes. */
export function apiPorts(parts: ApiParts): ApiPorts {
  const { config, reload, offline, mirrors, store, proxy, incidents, clock, bus } = parts;
  return {
    token: () => config().server.adminToken,
    status: statusOf(parts),
    mirrors: () => ({ version: 1, offline, origin: config().chain.origin, mirrors: mirrors.views() }),
    order: (name, order) => mirrors.order(name, order),
    flights: () => ({ version: 1, flights: proxy.progress().map((each) => flightShown(each, clock)) }),
    modules: async (query) => modulesShown(await store.index.modules(query)),
    versions: async (module) => versionsShown(module, await store.index.versions(module)),
    purge: async (word) => purge(word, parts),
    history: historyOf(parts),
    config: (table) => configShown(config(), table),
    doctor: parts.doctor,
    reload: reload && (async (table) => reloadAnswer(await reload('an order'), table)),
    subscribe: (sink) => bus.subscribe(sink),
    incidents: (sink) => incidents.subscribe(sink),
    clock,
  };
}

function statusOf(parts: ApiParts): ApiPorts['status'] {
  const { config, version, offline, url, store, proxy, history, totals, clock } = parts;
  const startedAtMs = clock.wallMs();
  return () => {
    const known = store.index.knownTotals();
    const { maxBytes } = config().cache;
    return {
      version: 1,
      rondo: version,
      startedAtMs,
      nowMs: clock.wallMs(),
      offline,
      url: url() ?? '',
      chainEnd: chainEnd(config().chain),
      totals: totals(),
      copy: {
        files: known?.files ?? 0,
        bytes: known?.bytes ?? 0,
        maxBytes,
        keeping: store.isKeeping(),
      },
      flights: proxy.flights(),
      historyKept: history !== undefined,
    };
  };
}

function flightShown(flight: FlightProgress, clock: Clock): FlightShown {
  const { key, file, mirror, receivedBytes, totalBytes, startedMs, readers } = flight;
  return {
    key,
    kind: file.kind,
    ...('module' in file ? { module: file.module } : {}),
    ...('version' in file ? { fileVersion: file.version } : {}),
    ...(mirror === undefined ? {} : { mirror }),
    receivedBytes,
    ...(totalBytes === undefined ? {} : { totalBytes }),
    startedAtMs: Math.round(clock.wallMs() - (clock.now() - startedMs)),
    waiting: readers,
  };
}

function configShown(config: Config, table: Table | undefined): ConfigAnswer {
  const values = configValues(config).map(({ origin, ...rest }) => ({
    ...rest,
    origin: render(originText(origin), table),
    isDefault: origin === 'default',
  }));
  return { version: 1, files: config.files, values };
}

function modulesShown({ modules, next }: Awaited<ReturnType<DiskStore['index']['modules']>>): ModulesAnswer {
  return {
    version: 1,
    modules: modules.map(({ lastRequestS, ...rest }) => ({
      ...rest,
      ...(lastRequestS === 0 ? {} : { lastUsedMs: lastRequestS * 1000 }),
    })),
    ...(next === undefined ? {} : { next }),
  };
}

function versionsShown(
  module: string,
  versions: Awaited<ReturnType<DiskStore['index']['versions']>>,
): VersionsAnswer {
  const shown = ({ kind, sizeBytes, h1, mirror, at, verified }: KeptFile): FileShown => ({
    kind,
    bytes: sizeBytes,
    hash: h1,
    mirror,
    keptAtMs: at,
    verified,
  });
  return {
    version: 1,
    module,
    versions: versions.map(({ version, files }) => ({
      version,
      files: files.map(shown),
    })),
  };
}

/** As `rondo cache rm` and `rondo cache purge`, which are loaded when somebody wants them. */
async function purge(
  word: { readonly module: string; readonly version?: string | undefined },
  { store }: ApiParts,
): Promise<{ version: 1; removed: number; bytes: number }> {
  const [{ removeVersions }, { purgeAnswers }] = await Promise.all([
    import('./upkeep/remove-versions.ts'),
    import('./upkeep/purge-answers.ts'),
  ]);
  const { module, version } = word;
  const words = [version === undefined ? { module } : { module, version }];
  const work = { store, signal: new AbortController().signal };
  const [removal] = await removeVersions(words, work);
  // Whatever is asked of the module next is asked of the mirrors.
  const [purged] = await purgeAnswers([{ module }], work);
  return {
    version: 1,
    removed: (removal?.files ?? 0) + (purged?.answers ?? 0),
    bytes: removal?.bytes ?? 0,
  };
}

/** In slices, so that requests are not kept waiting, and no further than somebody waits for it. */
function historyOf({ config, history, clock }: ApiParts): ApiPorts['history'] {
  return (sinceMs, parts, signal) => {
    const untilMs = clock.wallMs();
    return readHistory(
      historyPath(config().cache.dir),
      { sinceMs: untilMs - sinceMs, untilMs },
      {
        parts,
        nowMs: untilMs,
        pause: () => sleep(clock, 0, signal),
        ...(history === undefined ? {} : { pending: () => history.pending() }),
      },
    );
  };
}

function reloadAnswer(reload: Reload, table: Table | undefined): ReloadAnswer {
  if (reload.kind === 'refused') return reload;
  const { result, changed, restart, warnings } = reload;
  const rendered = (texts: readonly (Text | string)[]): string[] => texts.map((text) => render(text, table));
  const page: ReloadShown = {
    version: 1,
    result,
    changed: rendered(changed),
    needsRestart: restart,
    warnings: rendered(warnings),
  };
  return { kind: 'done', page };
}
