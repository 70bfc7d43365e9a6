import type { Sentence, Value } from './sentences.ts';
import type { Text } from './text.ts';

/** Sentences of ours are shorter. What a stranger sends is not to be compared with them at any length. */
const MAX_LENGTH = 400;

/**
 * English of Rondo's own, as it comes over the wire or stands in the configuration, as the text that it was made of: the
 * first of `sentences` that it fits, and so again for what stands in its slots. Words that fit none stay as they are. In
 * English the text is always `words` again.
 */
export function knownWords(words: string, sentences: readonly Sentence[]): Text | string {
  if (words.length > MAX_LENGTH) return words;
  for (const sentence of sentences) {
    const found = patternOf(sentence).exec(words);
    if (found === null) continue;
    const values: Record<string, Value> = {};
    for (const [name, value] of Object.entries(found.groups ?? {}))
      values[name] = knownWords(value, sentences);
    return { sentence, values };
  }
  return words;
}

/** A slot takes one character at the least, so that what stands in it is shorter than the whole. */
function patternOf(sentence: Sentence): RegExp {
  const pattern = sentence
    .split(/\{(\w+)\}/)
    .map((part, index) => (index % 2 === 1 ? `(?<${part}>.+?)` : RegExp.escape(part)));
  return new RegExp(`^${pattern.join('')}$`, 's');
}
