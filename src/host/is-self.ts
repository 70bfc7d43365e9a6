import { networkInterfaces } from 'node:os';
import { addressOf, isLoopback, type Address } from '../kit/address.ts';

/** Where a server of this process listens, and what its certificate calls it. */
export type Listener = Address & { readonly names: readonly string[] };

/** Whether a URL leads to that server itself: at an address or name of this machine, and at its own port. */
export function isSelf(url: URL, listening: Listener): boolean {
  const { host, port } = addressOf(url);
  if (port !== listening.port) return false;
  const local = Object.values(networkInterfaces()).flatMap(
    (each) => each?.map(({ address }) => address) ?? [],
  );
  return isLoopback(host) || [listening.host, ...listening.names, ...local].includes(host);
}
