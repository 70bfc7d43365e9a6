import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { messageOf } from '../errors/rondo-error.ts';
import type { Clock } from '../kit/clock.ts';
import { isPublicAddress } from './address.ts';

/** Where a name leads, for a diagnosis. */
export type LookedUp =
  | {
      readonly kind: 'addresses';
      readonly addresses: readonly { readonly address: string; readonly isPublic: boolean }[];
    }
  | { readonly kind: 'failed'; readonly why: string };

/** Whether a host is an address, and no name. */
export function isAddress(host: string): boolean {
  return isIP(host) !== 0;
}

/** All addresses of a name, as this machine's resolver has them. Never rejects. */
export async function lookUpName(host: string, clock: Clock, limitMs: number): Promise<LookedUp> {
  try {
    const found = await within(lookup(host, { all: true }), limitMs, clock);
    const addresses = found.map(({ address }) => ({ address, isPublic: isPublicAddress(address) }));
    return { kind: 'addresses', addresses };
  } catch (error) {
    return { kind: 'failed', why: messageOf(error) };
  }
}

function within<T>(work: Promise<T>, limitMs: number, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(limitMs, () => reject(new Error(`no answer within ${limitMs / 1000} s`)));
    work.then(resolve, reject).finally(() => timer.cancel());
  });
}
