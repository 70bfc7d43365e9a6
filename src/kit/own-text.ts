/**
 * A copy of an ASCII text that shares no memory with what it was cut from. A slice keeps all of that alive: twenty
 * characters of a list that a mirror sent, the whole list.
 */
export function ownText(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
