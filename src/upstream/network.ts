import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from './address.ts';
import { createLookupLine, type LookupLine } from './lookup-line.ts';

/** What the connector asks about names and addresses: a parameter, so that tests on loopback can own it. */
export type Network = {
  /** As node:dns `lookup`. */
  readonly lookup: LookupFunction;
  /** Whether an IP address belongs to the public Internet. */
  readonly isPublic: (address: string) => boolean;
  /** Of all mirrors that share the resolver; absent: each has one of its own. */
  readonly line?: LookupLine;
};

/** The machine's resolver, whose threads the whole process shares, and the real address plan. */
export const systemNetwork: Network = { lookup, isPublic: isPublicAddress, line: createLookupLine() };

/** The error of a name or address that a public mirror may not redirect to. */
export function privateAddressError(hostname: string): Error {
  const error = new Error(`${hostname} is a private address`);
  return Object.assign(error, { code: 'ERR_RONDO_PRIVATE_ADDRESS', hostname });
}

/**
 * A lookup whose answers are public addresses only; it fails when there is none. The check is here, at the last
 * look at the name before the connection, since a second lookup may answer differently (DNS rebinding).
 */
export function publicOnly(network: Pick<Network, 'lookup' | 'isPublic'>): LookupFunction {
  return (hostname, options, callback) => {
    network.lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const all = typeof addresses === 'string' ? [{ address: addresses, family: 4 }] : addresses;
      const allowed = all.filter(({ address }) => network.isPublic(address));
      const [first] = allowed;
      if (first === undefined) return callback(privateAddressError(hostname), []);
      if (options.all === true) return callback(null, allowed);
      callback(null, first.address, first.family);
    });
  };
}
