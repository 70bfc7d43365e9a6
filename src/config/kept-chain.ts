import { say, type Text } from '../words/text.ts';
import * as z from 'zod';
import { formatAddress, type Address } from '../kit/address.ts';
import type { Chain, ConfiguredMirror } from './config.ts';
import { readStateFile, stateWarning, updateStateFile, type StateKind } from './state-file.ts';

/**
 * A chain that `serve` ran with, and where. Once the user has pasted Rondo's own line, go's setting names
 * only Rondo: this is how the next start knows what stood there before (spec config.md).
 */
export type KeptChain = { readonly address: Address; readonly chain: Chain };

const MAX_KEPT = 16;

/** One chain as it stands in the file. */
const CHAIN = z.object({
  address: z.object({ host: z.string(), port: z.number().int() }),
  mirrors: z.array(
    z.object({
      name: z.string().min(1),
      url: z.url({ protocol: /^(https?|file)$/ }),
      authorization: z.string().optional(),
      weight: z.number().int().min(1).max(1000),
      tier: z.number().int().min(0),
      match: z.string().min(1),
      probePath: z.string().startsWith('/'),
    }),
  ),
  end: z.enum(['direct', 'off']).optional(),
  endSeparator: z.enum([',', '|']),
  trusted: z.boolean(),
});
type WrittenChain = z.infer<typeof CHAIN>;

const SHAPE = z.object({ chains: z.array(z.unknown()) });

/**
 * Newest first. A chain that came from an untrusted file was never the user's choice: it is left out, whoever wrote
 * it there.
 */
const KIND: StateKind<{ readonly chains: readonly WrittenChain[] }> = {
  name: 'chains.json',
  words: say('list of kept chains'),
  version: 1,
  parse: (document) => {
    const chains = SHAPE.safeParse(document).data?.chains.flatMap((each) => {
      const { data } = CHAIN.safeParse(each);
      return data?.trusted === true ? [data] : [];
    });
    return chains && { chains };
  },
};

/** The chains kept in the user's state folder, newest first. */
export type KeptChains = { readonly kept: readonly KeptChain[]; readonly warnings: readonly Text[] };

/** What is kept; none, with a warning, if the file is not ours. Never rejects. */
export async function loadKeptChains(stateDir: string): Promise<KeptChains> {
  const found = await readStateFile(stateDir, KIND);
  const warning = stateWarning(stateDir, KIND, found);
  return {
    kept: found.kind === 'read' ? found.value.chains.map(keptChain) : [],
    warnings: warning === undefined ? [] : [warning],
  };
}

/**
 * Keeps `chain` as the newest one and drops what was kept for the same address; false, and nothing is
 * changed, for a chain that is not the user's choice for this address: one that a checkout brought, or one
 * that stood in for a lost one. The file may hold credentials that stood in a URL, as go's own environment
 * file may: only the user can read it. Those from anywhere else are asked for again there. Rejects as node:fs does.
 * @throws RondoError E_CONFIG where the file that is there is another version's, or none
 */
export async function saveKeptChain(stateDir: string, address: Address, chain: Chain): Promise<boolean> {
  if (!chain.trusted || chain.standIn === true) return false;
  const { end, endSeparator, trusted } = chain;
  const newest: WrittenChain = {
    address,
    mirrors: chain.mirrors.map(writtenMirror),
    end,
    endSeparator,
    trusted,
  };
  await updateStateFile(stateDir, KIND, (before) => {
    const others = (before?.chains ?? []).filter(
      (other) => formatAddress(other.address) !== formatAddress(address),
    );
    return { chains: [newest, ...others].slice(0, MAX_KEPT) };
  });
  return true;
}

function keptChain({ address, mirrors, end, endSeparator, trusted }: WrittenChain): KeptChain {
  const chain = {
    mirrors: mirrors.map(({ url, authorization, ...rest }): ConfiguredMirror => {
      const secret =
        authorization === undefined ? {} : { authorization, authorizationOrigin: 'url' as const };
      return { ...rest, ...secret, url: new URL(url) };
    }),
    end,
    endSeparator,
    origin: `the chain kept from ${formatAddress(address)}`,
    trusted,
  };
  return { address, chain };
}

function writtenMirror(mirror: ConfiguredMirror): WrittenChain['mirrors'][number] {
  const { name, url, authorization, authorizationOrigin, weight, tier, match, probePath } = mirror;
  const secret = authorizationOrigin === 'url' ? { authorization } : {};
  return { name, url: url.href, ...secret, weight, tier, match, probePath };
}
