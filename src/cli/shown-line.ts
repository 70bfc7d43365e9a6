import { printable } from '../config/quote.ts';

/** Longer than any path; no line of ours is. */
const MAX_LINE = 5000;

/**
 * A line for people, with its newline. What stands in it may have been named by anybody, the folder of a checkout too:
 * nothing of it moves a cursor or sets a title.
 */
export function shownLine(text: string): string {
  return `${printable(text, MAX_LINE)}\n`;
}
