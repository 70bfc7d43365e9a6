import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { formatAddress, type Address } from '../kit/address.ts';
import type { Chain, ConfiguredMirror } from './config.ts';
import { writeStateFile } from './state-file.ts';

/**
 * A chain that `serve` ran with, and where. Once the user has pasted Rondo's own line, go's setting names
 * only Rondo: this is how the next start knows what stood there before (spec config.md).
 */
export type KeptChain = { readonly address: Address; readonly chain: Chain };

const FILE = 'chains.json';
const MAX_KEPT = 16;

const FILE_SHAPE = z.object({
  version: z.literal(1),
  chains: z.array(
    z.object({
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
    }),
  ),
});

/**
 * The chains kept in the user's state folder, newest first; none if the file is absent or not ours. One
 * that came from an untrusted file was never the user's choice: it is left out, whoever wrote it there.
 */
export async function loadKeptChains(stateDir: string): Promise<KeptChain[]> {
  const content = await readFile(join(stateDir, FILE), 'utf8').catch(() => '');
  const parsed = FILE_SHAPE.safeParse(parseJson(content));
  if (!parsed.success) return [];
  const chosen = parsed.data.chains.filter(({ trusted }) => trusted);
  return chosen.map(({ address, mirrors, end, endSeparator, trusted }) => ({
    address,
    chain: {
      mirrors: mirrors.map(({ url, authorization, ...rest }): ConfiguredMirror => {
        const secret =
          authorization === undefined ? {} : { authorization, authorizationOrigin: 'url' as const };
        return { ...rest, ...secret, url: new URL(url) };
      }),
      end,
      endSeparator,
      origin: `the chain kept from ${formatAddress(address)}`,
      trusted,
    },
  }));
}

/**
 * Keeps `chain` as the newest one and drops what was kept for the same address; false, and nothing is
 * changed, for a chain that is not the user's choice for this address: one that a checkout brought, or one
 * that stood in for a lost one. The file may hold credentials that stood in a URL, as go's own environment
 * file may: only the user can read it. Those from anywhere else are asked for again there. Rejects as node:fs does.
 */
export async function saveKeptChain(stateDir: string, address: Address, chain: Chain): Promise<boolean> {
  if (!chain.trusted || chain.standIn === true) return false;
  const others = (await loadKeptChains(stateDir)).filter(
    (kept) => formatAddress(kept.address) !== formatAddress(address),
  );
  const chains = [{ address, chain }, ...others].slice(0, MAX_KEPT).map((kept) => ({
    address: kept.address,
    mirrors: kept.chain.mirrors.map(keptMirror),
    end: kept.chain.end,
    endSeparator: kept.chain.endSeparator,
    trusted: kept.chain.trusted,
  }));
  await writeStateFile(join(stateDir, FILE), `${JSON.stringify({ version: 1, chains }, null, 2)}\n`);
  return true;
}

function keptMirror({ authorization, authorizationOrigin, ...mirror }: ConfiguredMirror): object {
  return authorizationOrigin === 'url' ? { ...mirror, authorization } : mirror;
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
