import { knownWords } from '../words/known-words.ts';
import type { Sentence } from '../words/sentences.ts';
import type { Text } from '../words/text.ts';

/** Where a chain comes from, as src/config says it. */
const ORIGINS: readonly Sentence[] = [
  '{kept} ({origin} names only Rondo)',
  'the chain kept from {address}',
  'the built-in list and $GOROOT/go.env',
  'the built-in list',
  'environment {name}',
  'file {path}',
];

/** The origin of a chain in no language yet; what is unknown stays as it is. */
export function originText(origin: string): Text | string {
  return knownWords(origin, ORIGINS);
}
