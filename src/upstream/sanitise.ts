import { stripVTControlCharacters } from 'node:util';

/**
 * Words of a mirror or a certificate, made fit for a terminal and for the go command's error printing
 * (cmd/go/internal/web, formatted error bodies): one line, printable, valid Unicode, at most `maxLength` characters.
 * Control characters, terminal sequences, direction overrides and U+FFFD are dropped; runs of space become one.
 */
export function sanitiseLine(text: string, maxLength: number): string {
  // A bound before the work: what comes in is as long as an attacker likes.
  const bounded = stripVTControlCharacters(text.slice(0, maxLength * 8));
  const line = bounded
    .replace(/[\s\p{Z}]+/gu, ' ')
    .replace(/[\p{C}\uFFFD]/gu, '')
    .trim();
  const characters = Array.from(line);
  return characters.length <= maxLength ? line : `${characters.slice(0, maxLength - 1).join('')}…`;
}

/**
 * The first line that has something to say, sanitised; '' if there is none.
 * `bodyStart` is from a mirror: hostile bytes, perhaps cut in the middle of a character.
 */
export function firstLine(bodyStart: Buffer, maxLength: number): string {
  for (const line of bodyStart.toString('utf8').split(/\r\n|[\n\r]/)) {
    const words = sanitiseLine(line, maxLength);
    if (words !== '') return words;
  }
  return '';
}
