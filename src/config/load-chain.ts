import { RondoError } from '../errors/rondo-error.ts';
import { parseGoproxyList } from '../gomod/goproxy-list.ts';
import { addressOf, formatAddress, isLoopback } from './address.ts';
import type { MirrorSection } from './build-mirrors.ts';
import type { Config, Origin } from './config.ts';
import type { Environment, GoFiles } from './go-settings.ts';
import { loadKeptChains } from './kept-chain.ts';
import { keyPath } from './key.ts';
import { MIRROR, type MirrorValues } from './keys.ts';
import type { Layer } from './layer.ts';
import { readSection, type Source } from './read-values.ts';
import { resolveChain, type ResolvedChain } from './resolve-chain.ts';

/** What the chain depends on besides configuration files. */
export type ChainSurroundings = {
  readonly env: Environment;
  readonly home: string;
  /** The user's folder for what Rondo remembers. */
  readonly stateDir: string;
  readonly go: GoFiles;
  /** Whether a loopback address refuses connections right now (host/loopback.ts). */
  readonly refuses: (host: string, port: number) => Promise<boolean>;
  /** False where a chain that was lost is no error: `--offline`. */
  readonly chainNeeded: boolean;
};

/**
 * Gathers what the chain depends on, and resolves it. `origins` gets those of the [mirror] sections.
 * @throws RondoError as resolveChain does; E_NO_CHAIN only if a chain is needed.
 */
export async function loadChain(
  surroundings: ChainSurroundings,
  layers: readonly Layer[],
  { server, probe }: Pick<Config, 'server' | 'probe'>,
  origins: Map<string, Origin>,
): Promise<ResolvedChain> {
  const { env, home, go, refuses } = surroundings;
  const override = env['GOPROXY_OVERRIDE'];
  const environment = env['GOPROXY'];
  const goUser = go.user.get('GOPROXY');
  // As for go itself, an empty line in the user's file hides the default.
  const goroot = go.user.has('GOPROXY') ? undefined : go.goroot.get('GOPROXY');
  const isGoSettingUsed = !override && !environment;
  try {
    return resolveChain({
      override,
      environment,
      files: layers.map(({ file, trusted, values, refused }) => ({
        file,
        trusted,
        proxy: values.get('proxy'),
        refused,
      })),
      sections: mirrorSections(layers, home, origins),
      goUser,
      goroot,
      kept: await loadKeptChains(surroundings.stateDir),
      listen: server.listen,
      refused: await refusedAddresses(isGoSettingUsed ? goUser || goroot || '' : '', refuses),
      probePath: probe.path,
    });
  } catch (error) {
    if (surroundings.chainNeeded || !(error instanceof RondoError && error.code === 'E_NO_CHAIN'))
      throw error;
    const chain = { mirrors: [], end: undefined, endSeparator: ',', origin: 'none', trusted: true } as const;
    return { chain, warnings: [error.message] };
  }
}

function mirrorSections(
  layers: readonly Layer[],
  home: string,
  origins: Map<string, Origin>,
): MirrorSection[] {
  const names = new Set(layers.flatMap(({ mirrors }) => [...mirrors.keys()]));
  return [...names].map((name) => {
    const section = `mirror.${name}`;
    const urlPath = keyPath(section, 'url');
    const sources = layers.map((layer): Source => (path) => {
      const found = layer.mirrors.get(name)?.get(path.slice(section.length + 1));
      const origin: Origin = `file ${layer.file}:${found?.line}`;
      return found === undefined ? undefined : { text: found.text, origin, base: layer.file };
    });
    const values = readSection<MirrorValues>(section, MIRROR, { sources, home, origins, defaults: false });
    const layer = layers.findIndex(({ mirrors }) => mirrors.has(name));
    const urlLayer = sources.findIndex((source) => source(urlPath) !== undefined);
    const line = Math.min(
      ...[...(layers[layer]?.mirrors.get(name)?.values() ?? [])].map((text) => text.line),
    );
    const where = `${layers[layer]?.file}:${line}`;
    return { name, where, layer, urlLayer: urlLayer < 0 ? undefined : urlLayer, values };
  });
}

/** Which loopback mirrors of go's own setting refuse: most likely a Rondo that is not running. */
async function refusedAddresses(
  text: string,
  refuses: ChainSurroundings['refuses'],
): Promise<ReadonlySet<string>> {
  const refused = new Set<string>();
  let urls: URL[] = [];
  try {
    urls = parseGoproxyList(text).entries.map(({ url }) => new URL(url));
  } catch {
    return refused; // No list at all; resolveChain says so if it is the one that counts.
  }
  const local = urls.map(addressOf).filter(({ host, port }) => isLoopback(host) && port !== 0);
  for (const address of local.slice(0, 8)) {
    if (await refuses(address.host, address.port)) refused.add(formatAddress(address));
  }
  return refused;
}
