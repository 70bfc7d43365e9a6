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
  /** `1.1` */
  readonly httpVersion: string;
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

const SET_TOKEN = 'set [server] admin_token, and send it as Authorization: Bearer TOKEN';
const SEND_TOKEN = 'send its [server] admin_token as Authorization: Bearer TOKEN';

/**
 * Why the API does not answer somebody; undefined where it does: whoever has the token, or, where there is none, asks on
 * this machine by its own name (a page that a changed DNS record has led here asks by another), and in either case no
 * page of another origin, and with JSON where something is to be done, which no form can send. Pure.
 */
export function whyRefused(caller: Caller, token: string | undefined): Refusal | undefined {
  const { method, headers } = caller;
  const isForeign =
    isAskedByForeignPage(headers) || isAskedByForeignPage({ ...headers, 'sec-fetch-site': undefined });
  if (isForeign) return { status: 403, message: 'a web page of another origin asks: Rondo answers its own' };
  const refusal = token === undefined ? whyNotLocal(caller) : whyNotKnown(caller, token);
  if (refusal !== undefined) return refusal;
  if (method !== 'POST' || isJson(headers['content-type'])) return undefined;
  return {
    status: 415,
    message: 'an order is JSON',
    hint: "curl -H 'Content-Type: application/json' -d '{}'",
  };
}

/** On this machine too: a reverse proxy that does not say so may stand before whoever asks from here. */
function whyNotKnown({ headers }: Caller, token: string): Refusal | undefined {
  const { authorization } = headers;
  if (authorization === undefined)
    return { status: 401, message: 'the API asks for the token of this Rondo', hint: SEND_TOKEN };
  if (hasToken(authorization, token)) return undefined;
  return { status: 401, message: 'that is not the token of this Rondo', hint: SEND_TOKEN };
}

function whyNotLocal(caller: Caller): Refusal | undefined {
  const { headers, address } = caller;
  if (!isLoopbackAddress(address) || isForwarded(caller))
    return { status: 403, message: 'the API answers this machine alone', hint: SET_TOKEN };
  if (isOwnHost(headers.host)) return undefined;
  return { status: 421, message: 'Host must be 127.0.0.1, [::1] or localhost', hint: SET_TOKEN };
}

/** Compared as hashes, in a time that says nothing of what they are. */
function hasToken(authorization: string, token: string): boolean {
  const given = /^bearer +(\S+) *$/i.exec(authorization)?.[1];
  return given !== undefined && timingSafeEqual(hash(given), hash(token));
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** HTTP/1.0 is what nginx asks by unless told otherwise, and nobody else today, with a Host of this machine and none of those headers. */
function isForwarded({ headers, httpVersion }: Caller): boolean {
  const { via } = headers;
  if (httpVersion !== '1.1') return true;
  if (via !== undefined && !OWN_VIA.test(via)) return true;
  return Object.keys(headers).some((name) => FORWARDED.test(name));
}

function isJson(contentType: string | undefined): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/json';
}
