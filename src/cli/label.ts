import { render, type Table } from '../words/render.ts';
import type { Text } from '../words/text.ts';

/** A word with a colon, painted, and the space behind it: a full-width colon has its own. */
export function label(word: Text, paint: (plain: string) => string, table: Table | undefined): string {
  const plain = render(word, table);
  return plain.endsWith('：') ? paint(plain) : `${paint(plain)} `;
}
