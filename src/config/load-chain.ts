import { say, type Text } from '../words/text.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { parseGoproxyList } from '../gomod/goproxy-list.ts';
import { addressOf, formatAddress, isLoopback } from '../kit/address.ts';
import type { MirrorSection } from './build-mirrors.ts';
import type { Config, Origin } from './config.ts';
import { netrcCredentials, usesNetrc, type NetrcLogins } from './credentials.ts';
import { goValue, type Environment, type GoFiles } from './go-settings.ts';
import type { KeptChains } from './kept-chain.ts';
import { loadCredentials } from './load-credentials.ts';
import type { Layer } from './layer.ts';
import { readMirrorSections } from './mirror-sections.ts';
import { quote } from './quote.ts';
import { resolveChain, type ResolvedChain } from './resolve-chain.ts';

/** What the chain depends on besides configuration files. */
export type ChainSurroundings = {
  readonly env: Environment;
  readonly home: string;
  /** The chains that `serve` kept. */
  readonly kept: KeptChains;
  readonly go: GoFiles;
  /** The user's netrc file (host/netrc.ts); undefined if there is none. */
  readonly netrc: NetrcLogins | undefined;
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
  const { env, go, refuses } = surroundings;
  const override = env['GOPROXY_OVERRIDE'];
  const environment = env['GOPROXY'];
  const goUser = go.user.get('GOPROXY');
  // As for go itself, an empty line in the user's file hides the default.
  const goroot = go.user.has('GOPROXY') ? undefined : go.goroot.get('GOPROXY');
  const netrc = usesNetrc(goValue('GOAUTH', env, go)) ? surroundings.netrc : undefined;
  const isGoSettingUsed = !override && !environment;
  const { kept, warnings } = surroundings.kept;
  try {
    const resolved = resolveChain({
      override,
      environment,
      files: layers.map(({ file, trusted, values, refused }) => ({
        file,
        trusted,
        proxy: values.get('proxy'),
        refused,
      })),
      sections: await withCredentials(readMirrorSections(layers, surroundings.home, origins), env),
      goUser,
      goroot,
      kept,
      listen: server.listen,
      refused: await refusedAddresses(isGoSettingUsed ? goUser || goroot || '' : '', refuses),
      probePath: probe.path,
      netrc: (url) => netrcCredentials(url, netrc),
    });
    return { ...resolved, warnings: [...warnings, ...resolved.warnings, ...netrcWarnings(resolved, netrc)] };
  } catch (error) {
    if (surroundings.chainNeeded || !(error instanceof RondoError && error.code === 'E_NO_CHAIN'))
      throw error;
    const chain = { mirrors: [], end: undefined, endSeparator: ',', origin: 'none', trusted: true } as const;
    const { message: what, hint } = error.said;
    const warning = hint === undefined ? what : say('{what} (mend it with: {hint})', { what, hint });
    return { chain, warnings: [...warnings, warning] };
  }
}

/** Silence is go's way here; a mirror that then answers 401 is hard to explain. */
function netrcWarnings({ chain }: ResolvedChain, netrc: NetrcLogins | undefined): Text[] {
  const needs = chain.mirrors.some(({ url, authorization }) => url.protocol === 'https:' && !authorization);
  if (netrc?.problem === undefined || !needs) return [];
  return [say('no credentials from {path}: {why}', { path: netrc.path, why: netrc.problem })];
}

function withCredentials(sections: readonly MirrorSection[], env: Environment): Promise<MirrorSection[]> {
  return Promise.all(
    sections.map(async (section) => {
      const place = `${section.where}: [mirror ${quote(section.name)}]`;
      return { ...section, credentials: await loadCredentials(section.values, env, place) };
    }),
  );
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
