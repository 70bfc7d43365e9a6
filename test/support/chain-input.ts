import { RondoError } from '../../src/errors/rondo-error.ts';
import type { Chain } from '../../src/config/config.ts';
import { resolveChain, type ChainInput, type FileChain } from '../../src/config/resolve-chain.ts';

/** A machine on which nobody has set anything. */
export const NO_CHAIN_INPUT: ChainInput = {
  override: undefined,
  environment: undefined,
  files: [],
  sections: [],
  goUser: undefined,
  goroot: undefined,
  kept: [],
  listen: { host: '127.0.0.1', port: 7070 },
  refused: new Set(),
  probePath: '/probe',
  netrc: () => undefined,
};

/** A configuration file with this list in line 3. */
export function fileChain(text: string, trusted = true): FileChain {
  return { file: '/f', trusted, proxy: { text, line: 3 } };
}

/** The chain as a GOPROXY list of names. */
export function showChain(chain: Chain): string {
  const end = chain.end === undefined ? '' : `${chain.endSeparator}${chain.end}`;
  return chain.mirrors.map(({ name }) => name).join(' ') + end;
}

/** The error that resolveChain throws; fails where it does not. */
export function chainFailure(input: Partial<ChainInput>): RondoError {
  try {
    resolveChain({ ...NO_CHAIN_INPUT, ...input });
  } catch (error) {
    if (error instanceof RondoError) return error;
    throw error;
  }
  throw new Error('resolveChain did not fail');
}
