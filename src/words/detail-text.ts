import { knownWords } from './known-words.ts';
import type { Sentence } from './sentences.ts';
import type { Text } from './text.ts';

/**
 * What is seen most of a failure (upstream/classify.ts, error-codes.ts): it goes to logs and over the wire in English. Where
 * one ends like another the longer one comes first.
 */
export const DETAILS: readonly Sentence[] = [
  '{what}, but a web page',
  '{what}, but for now only',
  '{what}, from a Rondo that could not get it',
  '{what}, retry after {seconds} s',
  'no answer within {seconds} s',
  'not whole within {seconds} s',
  'no byte for {seconds} s',
  'through {name}: {what}',
  '{what} after {count} bytes',
  '{name} wants credentials, or other ones',
  'the probe was answered with other bytes',
  'stopped after {count} redirects',
  'redirect from https to http',
  'redirected from a public mirror to a private address',
  'redirected to where nobody can be reached: {what}',
  'no such host ({evidence})',
  'the host has no address ({evidence})',
  'name lookup failed ({evidence})',
  'name lookup does not work here ({evidence})',
  'no route from this machine ({evidence})',
  'no route to the host ({evidence})',
  'the network of this machine is down ({evidence})',
  'connection refused ({evidence})',
  'connection not permitted, by a firewall perhaps ({evidence})',
  'no connection in time ({evidence})',
  'no connection in time',
  'no TLS handshake in time ({evidence})',
  'no TLS handshake in time',
  'connection reset ({evidence})',
  'connection closed by the mirror ({evidence})',
  'connection closed in the middle of the answer ({evidence})',
  'certificate has expired ({evidence})',
  'certificate is not valid yet (is the clock right?) ({evidence})',
  'certificate is for another name: {why} ({evidence})',
  'certificate is self-signed ({evidence})',
  'certificate chain ends in an unknown, self-signed root ({evidence})',
  'certificate has an unknown issuer ({evidence})',
  'certificate has an unknown issuer, or its chain is incomplete ({evidence})',
  'no such file',
];

/** The detail of a failure, in no language yet; what is unknown stays as it is. */
export function detailText(detail: string): Text | string {
  return knownWords(detail, DETAILS);
}
