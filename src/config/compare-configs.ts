import { say, type Text } from '../words/text.ts';
import type { Config, ConfiguredMirror, ServerConfig } from './config.ts';
import { chainEnd, effectiveGoSettings, effectiveMirror, effectiveValues } from './effective-values.ts';
import { KEYS } from './keys.ts';

/** How a configuration differs from the one that is in use; keys by their paths, in the order of the reference page. */
export type ConfigChange = {
  /** What takes effect while Rondo runs, for people. */
  readonly changed: readonly (Text | string)[];
  /** What does not: those keep their value until Rondo is started again. */
  readonly restart: readonly string[];
};

/** GOSUMDB says whose signature counts, and what go has already bound itself to. */
const RESTART_VARIABLES: ReadonlySet<string> = new Set(['GOSUMDB']);

/** What `after` changes in `before`. Credentials are compared and not told. Pure. */
export function compareConfigs(before: Config, after: Config): ConfigChange {
  const keys = changedPaths(keyTexts(before), keyTexts(after));
  const variables = changedPaths(goTexts(before), goTexts(after));
  const needsRestart = (name: string): boolean => KEYS.get(name)?.restart ?? RESTART_VARIABLES.has(name);
  const named = [...keys, ...variables, ...secretChanges(before, after, new Set(keys))];
  return {
    changed: [...named.filter((name) => !needsRestart(name)), ...chainChanges(before, after)],
    restart: named.filter(needsRestart),
  };
}

/** `after` as far as a running Rondo can go along: what needs a restart stays as in `before`. Pure. */
export function keepingUntilRestart(before: Config, after: Config): Config {
  const { server, cache, log, go, alerts, alertSecrets } = before;
  return {
    ...after,
    server: serverUntilRestart(server, after.server),
    cache: { ...after.cache, dir: cache.dir, memoryBytes: cache.memoryBytes },
    log: { ...after.log, requests: log.requests },
    telemetry: before.telemetry,
    telemetryHeaders: before.telemetryHeaders,
    go: { ...after.go, gosumdb: go.gosumdb },
    network: before.network,
    alerts,
    alertSecrets,
  };
}

function serverUntilRestart(before: ServerConfig, after: ServerConfig): ServerConfig {
  const { adminToken: _, ...kept } = before;
  const { adminToken, drainMs } = after;
  return { ...kept, drainMs, ...(adminToken === undefined ? {} : { adminToken }) };
}

/** What is never shown, and the keys that say it: by themselves, or by a file or variable that says something else by now. */
const SECRETS: readonly {
  readonly of: (config: Config) => string | undefined;
  readonly keys: readonly string[];
}[] = [
  { of: ({ server }) => server.adminToken, keys: ['server.admin_token'] },
  {
    of: ({ alertSecrets }) => alertSecrets.webhook,
    keys: ['alerts.webhook', 'alerts.webhook_env', 'alerts.webhook_file'],
  },
  { of: ({ alertSecrets }) => alertSecrets.secret, keys: ['alerts.secret_env', 'alerts.secret_file'] },
  {
    of: ({ telemetryHeaders }) => JSON.stringify(telemetryHeaders),
    keys: ['telemetry.headers_file', 'telemetry.headers_env', 'telemetry.traces'],
  },
];

/** The keys of secrets that differ where no key does. */
function secretChanges(before: Config, after: Config, changed: ReadonlySet<string>): string[] {
  const texts = keyTexts(after);
  return SECRETS.flatMap(({ of, keys }) => {
    if (of(before) === of(after) || keys.some((name) => changed.has(name))) return [];
    return keys.filter((name) => texts.get(name) !== undefined).slice(0, 1);
  });
}

type Texts = ReadonlyMap<string, string | undefined>;

function keyTexts(config: Config): Texts {
  return new Map([...effectiveValues(config).values()].flat().map(({ path, mark }) => [path, mark]));
}

function goTexts(config: Config): Texts {
  return new Map(effectiveGoSettings(config).map(({ name, text }) => [name, text]));
}

function changedPaths(before: Texts, after: Texts): string[] {
  return [...after.keys()].filter((path) => before.get(path) !== after.get(path));
}

function chainChanges(before: Config, after: Config): (Text | string)[] {
  const gone = before.chain.mirrors.filter((mirror) => sameMirror(mirror, after) === undefined);
  const others = after.chain.mirrors.flatMap((mirror) => {
    const earlier = sameMirror(mirror, before);
    if (earlier === undefined) return [say('mirror {name} is new', { name: mirror.name })];
    return mirrorChanges(earlier, before, mirror, after);
  });
  return [
    ...others,
    ...gone.map(({ name }) => say('mirror {name} is gone', { name })),
    ...(chainEnd(before.chain) === chainEnd(after.chain) ? [] : [say('the end of the chain')]),
    ...(before.chain.trusted === after.chain.trusted ? [] : [say('the trust in the chain')]),
  ];
}

/** By its base URL: that is what its health belongs to. */
function sameMirror({ url }: ConfiguredMirror, { chain }: Config): ConfiguredMirror | undefined {
  return chain.mirrors.find((mirror) => mirror.url.href === url.href);
}

function mirrorChanges(
  earlier: ConfiguredMirror,
  before: Config,
  mirror: ConfiguredMirror,
  after: Config,
): (Text | string)[] {
  const texts = (each: ConfiguredMirror, config: Config): Texts =>
    new Map(effectiveMirror(each, config).map(({ key, text }) => [key.name, text]));
  const keys = changedPaths(texts(earlier, before), texts(mirror, after));
  return [
    ...(earlier.name === mirror.name
      ? []
      : [say('mirror {before} is called {name}', { before: earlier.name, name: mirror.name })]),
    ...keys.map((name) => `mirror.${mirror.name}.${name}`),
    ...(earlier.authorization === mirror.authorization
      ? []
      : [say('the credentials of {name}', { name: mirror.name })]),
  ];
}
