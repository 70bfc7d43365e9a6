import { safe, unsafe } from 'ini';
import { printable } from './quote.ts';

/** Columns before the words behind a value. */
const WIDTH = 40;

/**
 * `key = value`, with words about it behind the value, or above it where the value needs quotes: the ini
 * library takes a quote for one only if the line ends with it. Read back it is the same text.
 */
export function iniLine(name: string, text: string, words?: string): string {
  const value = iniText(text);
  const pair = `${name} = ${value}`.trimEnd();
  if (words === undefined) return pair;
  if (value.startsWith('"')) return `; ${printable(words)}\n${pair}`;
  return `${pair.padEnd(WIDTH)} ; ${printable(words)}`;
}

/** In JSON's quotes where the library's own escapes do not do it. */
function iniText(text: string): string {
  const escaped = safe(text);
  return unsafe(escaped) === text ? escaped : JSON.stringify(text);
}
