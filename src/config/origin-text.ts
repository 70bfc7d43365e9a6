import { knownWords } from '../words/known-words.ts';
import type { Sentence } from '../words/sentences.ts';
import type { Text } from '../words/text.ts';

/** Where a chain or a value comes from, as src/config says it. `go env -w NAME` and `$GOROOT/go.env` are the same everywhere. */
const ORIGINS: readonly Sentence[] = [
  'default',
  'none',
  'as GOPRIVATE',
  '{kept} ({origin} names only Rondo)',
  'the chain kept from {address}',
  'the built-in list and $GOROOT/go.env',
  'the built-in list',
  'environment {name}',
  'file {path}',
  'flag {name}',
];

/** The origin of a chain or of a value in no language yet; what is unknown stays as it is. */
export function originText(origin: string): Text | string {
  return knownWords(origin, ORIGINS);
}
