import { render } from '../../src/words/render.ts';
import type { Text } from '../../src/words/text.ts';

/** What each of the texts says in English. */
export function english(texts: readonly (Text | string)[]): string[] {
  return texts.map((text) => render(text));
}
