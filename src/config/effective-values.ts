import { formatAddress } from '../kit/address.ts';
import type { Chain, Config, ConfiguredMirror } from './config.ts';
import { GO_VARIABLES } from './go-settings.ts';
import { isSecret, keyPath, type Key } from './key.ts';
import { MIRROR, TARGET, TOP_LEVEL } from './keys.ts';
import { writtenUrl } from './mirror-url.ts';
import type { ProxyVariable } from './network-config.ts';
import { parseProxyUrl } from './proxy-url.ts';
import { SECTIONS, type SectionName } from './section-keys.ts';

/** One key and what is in force for it, as a file would say it. */
export type EffectiveValue = {
  readonly key: Key<unknown>;
  /** `cache.dir` */
  readonly path: string;
  /** Undefined: the key is unset, or `hidden`. */
  readonly text: string | undefined;
  /** It is set, and a secret. */
  readonly hidden?: true;
  /** Another one for another value, also of a secret; not to be shown. */
  readonly mark: string | undefined;
  /** As in Config.origins. */
  readonly origin: string;
};

type Keys = Readonly<Record<string, Key<unknown>>>;
type Part = Readonly<Record<string, unknown>>;

/** What is in force for every key with a fixed name, but for `proxy`: by section, `''` before the first. */
export function effectiveValues(config: Config): ReadonlyMap<string, readonly EffectiveValue[]> {
  const { insecure, skipsum, errorsAs404 } = config;
  const { proxy: _chain, ...topLevel } = TOP_LEVEL;
  const parts: Readonly<Record<SectionName, Part>> = config;
  const origin = (path: string): string => config.origins.get(path) ?? 'default';
  const sections = Object.entries<Keys>(SECTIONS).map(([name, keys]): [string, Keys, Part] => {
    const part = Object.entries(parts).find(([section]) => section === name)?.[1] ?? {};
    return [name, keys, part];
  });
  const all: [string, Keys, Part][] = [['', topLevel, { insecure, skipsum, errorsAs404 }], ...sections];
  return new Map(all.map(([name, keys, part]) => [name, valuesOf(name, keys, part, origin)]));
}

/** What is in force for one mirror of the chain; its credentials are not among it. */
export function effectiveMirror(mirror: ConfiguredMirror, config: Config): readonly EffectiveValue[] {
  const { url, weight, tier, match, probePath } = MIRROR;
  const keys = { url, weight, tier, match, probePath };
  const part = { ...mirror, url: writtenUrl(mirror.url) };
  return valuesOf(`mirror.${mirror.name}`, keys, part, (path) => {
    const origin = config.origins.get(path);
    if (origin !== undefined) return origin;
    if (path.endsWith('.url')) return config.chain.origin;
    // The probe path of a mirror that has none of its own is that of [probe].
    return path.endsWith('.probe') ? (config.origins.get('probe.path') ?? 'default') : 'default';
  });
}

/** What is in force for each target of `sync`, by its name. */
export function effectiveTargets({
  targets,
  origins,
}: Config): ReadonlyMap<string, readonly EffectiveValue[]> {
  const origin = (path: string): string => origins.get(path) ?? 'default';
  return new Map(
    [...targets].map(([name, target]) => [name, valuesOf(`target.${name}`, TARGET, target, origin)]),
  );
}

/** What follows the mirrors, or Rondo in their place, in a GOPROXY: `,direct`, `|direct`, `,off` or nothing. */
export function chainEnd({ end, endSeparator }: Pick<Chain, 'end' | 'endSeparator'>): string {
  return end === undefined ? '' : `${endSeparator}${end}`;
}

/** The chain as a list for `proxy`, without credentials; undefined if there is none. */
export function chainText(chain: Chain): string | undefined {
  const list = chain.mirrors.map(({ url }) => writtenUrl(url)).join(',');
  return list === '' ? chain.end : `${list}${chainEnd(chain)}`;
}

/** Go's own settings by their variables, with where each came from; URLs without their credentials. */
export function effectiveGoSettings(
  config: Config,
): readonly { readonly name: string; readonly text: string; readonly origin: string }[] {
  const { goprivate, gonoproxy, gonosumdb, gosumdb, goinsecure } = config.go;
  const texts = { goprivate, gonoproxy, gonosumdb, gosumdb, goinsecure };
  const names: Readonly<Record<string, string>> = GO_VARIABLES;
  return Object.entries(texts).map(([property, text]) => {
    const name = names[property] ?? property;
    const shown = text.replaceAll(/(:\/\/)[^\s/?#]*@/g, '$1');
    return { name, text: shown, origin: config.origins.get(name) ?? 'default' };
  });
}

/**
 * What the environment says of the way to the mirrors, where it says something: proxies without their credentials,
 * what goes past them, trusted certificates.
 */
export function effectiveNetwork({ network }: Pick<Config, 'network'>): readonly {
  readonly name: string;
  readonly text: string;
  readonly origin: string;
}[] {
  const { httpProxy, httpsProxy, noProxy, certFile, certDirs } = network;
  const set = [
    [httpProxy?.name, proxyText(httpProxy)],
    [httpsProxy?.name, proxyText(httpsProxy)],
    [noProxy?.name, noProxy?.text],
    ['SSL_CERT_FILE', certFile],
    ['SSL_CERT_DIR', certDirs],
  ] as const;
  return set.flatMap(([name, text]) =>
    name === undefined || text === undefined ? [] : [{ name, text, origin: `environment ${name}` }],
  );
}

/** Undefined where there is none, or what is there is none: a warning says so. */
function proxyText(variable: ProxyVariable | undefined): string | undefined {
  const server = variable && parseProxyUrl(variable.text)?.server;
  if (server === undefined) return undefined;
  return `${server.protocol}://${formatAddress({ host: server.hostname, port: server.port })}`;
}

function valuesOf(
  section: string,
  keys: Keys,
  part: Part,
  originOf: (path: string) => string,
): EffectiveValue[] {
  return Object.entries(keys).map(([property, key]) => {
    const value = part[property];
    const path = keyPath(section, key.name);
    const mark = value === undefined ? undefined : key.value.format(value);
    const hidden = mark !== undefined && isSecret(key, mark);
    const text = hidden ? undefined : mark;
    return { key, path, text, mark, origin: originOf(path), ...(hidden ? { hidden } : {}) };
  });
}
