import { isIPv4, isIPv6 } from 'node:net';
import { isLocalhostName } from '../kit/address.ts';

/**
 * Whether a Host header, from the client, names this machine by what no DNS server can give to another: an IP
 * address, `localhost` or a name below it (RFC 6761, 6.3), with any port. A web page that a browser was made to
 * load from here by a changed DNS record (DNS rebinding) asks by its own name. Requests without the header are no
 * browser's and pass.
 */
export function isOwnHost(host: string | undefined): boolean {
  if (host === undefined || host === '') return true;
  const literal = /^\[([0-9A-Fa-f:.]+)\](?::\d*)?$/.exec(host)?.[1];
  if (literal !== undefined) return isIPv6(literal);
  const name = host.replace(/:\d*$/, '');
  return isIPv4(name) || (isLocalhostName(name) && /^(?:[a-z0-9_-]+\.)*[a-z]+\.?$/i.test(name));
}

/** A Host header that can be shown as part of a URL, or undefined. From the client. */
export function printableHost(host: string | undefined): string | undefined {
  const shape = /^(?:[0-9A-Za-z._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;
  return host !== undefined && shape.test(host) ? host : undefined;
}
