import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isOwnHost } from '../http/host-header.ts';
import { isAskedByForeignPage } from '../http/web-page.ts';
import { isLoopbackAddress } from '../kit/address.ts';

/** Who asks, and what for. */
export type Caller = {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Of the connection; empty where it is gone. */
  readonly address: string;
};

/** Why somebody is not answered. */
export type Refusal = {
  readonly status: 401 | 403 | 415 | 421;
  readonly message: string;
  readonly hint?: string;
};

/** Whoever comes through a proxy is not on this machine, though the connection is. */
const FORWARDED = /forwarded|client-ip|real-ip|external-address|^cf-/;
/** What `rondo mirrors` itself adds. */
const OWN_VIA = /^1\.1 rondo-[0-9a-z]{1,20}$/;

const TOKEN_HINT = 'set [server] admin_token, and send it as Authorization: Bearer TOKEN';

/**
 * Why the API does not answer somebody; undefined where it does: whoever has the token, or asks on this machine by its
 * own name (a page that a changed DNS record has led here asks by another), and in either case no page of another
 * origin, and with JSON where something is to be done, which no form can send. Pure.
 */
export function whyRefused(caller: Caller, token: string | undefined): Refusal | undefined {
  const { method, headers } = caller;
  const isForeign =
    isAskedByForeignPage(headers) || isAskedByForeignPage({ ...headers, 'sec-fetch-site': undefined });
  if (isForeign) return { status: 403, message: 'a web page of another origin asks: Rondo answers its own' };
  const refusal = hasToken(headers, token) ? undefined : whyNotLocal(caller, token);
  if (refusal !== undefined) return refusal;
  if (method !== 'POST' || isJson(headers['content-type'])) return undefined;
  return {
    status: 415,
    message: 'an order is JSON',
    hint: "curl -H 'Content-Type: application/json' -d '{}'",
  };
}

function whyNotLocal({ headers, address }: Caller, token: string | undefined): Refusal | undefined {
  if (headers.authorization !== undefined && token !== undefined)
    return { status: 401, message: 'that is not the token of this Rondo', hint: TOKEN_HINT };
  if (!isLoopbackAddress(address) || isForwarded(headers)) {
    return token === undefined
      ? { status: 403, message: 'the API answers this machine alone', hint: TOKEN_HINT }
      : { status: 401, message: 'from elsewhere the API asks for a token', hint: TOKEN_HINT };
  }
  if (isOwnHost(headers.host)) return undefined;
  return { status: 421, message: 'Host must be an IP address or localhost', hint: TOKEN_HINT };
}

/** Compared as hashes, in a time that says nothing of what they are. */
function hasToken({ authorization }: IncomingHttpHeaders, token: string | undefined): boolean {
  const given = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  return given !== undefined && token !== undefined && timingSafeEqual(hash(given), hash(token));
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function isForwarded(headers: IncomingHttpHeaders): boolean {
  const { via } = headers;
  if (via !== undefined && !OWN_VIA.test(via)) return true;
  return Object.keys(headers).some((name) => FORWARDED.test(name));
}

function isJson(contentType: string | undefined): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/json';
}
