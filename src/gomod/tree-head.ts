import { RondoError } from '../errors/rondo-error.ts';
import { HASH_BYTES } from './log-hashes.ts';
import { say } from '../words/text.ts';

/** What a checksum database signs: so many records, and the one hash over all of them (tlog.Tree). */
export type TreeHead = {
  readonly size: number;
  /** 32 bytes. */
  readonly hash: Buffer;
};

/**
 * More records than there can be. Below it every number of a log, that of its stored hashes too, is exact as
 * a JavaScript number.
 */
export const MAX_TREE_SIZE: number = 2 ** 48;

const FIRST_LINE = 'go.sum database tree';
const MAX_LENGTH = 1_000_000;

/** The text that is signed: three lines, each with its newline (tlog.FormatTree). */
export function formatTreeHead({ size, hash }: TreeHead): string {
  return `${FIRST_LINE}\n${size}\n${hash.toString('base64')}\n`;
}

/**
 * Reads the text of a signed tree; further lines are for later versions of the format and ignored
 * (tlog.ParseTree). Throws RondoError E_BAD_CONTENT.
 */
export function parseTreeHead(text: string): TreeHead {
  const [first, sizeText = '', hashText = '', ...rest] = text.split('\n', 4);
  const size = Number(sizeText);
  const hash = Buffer.from(hashText, 'base64');
  const wellFormed =
    text.length <= MAX_LENGTH &&
    first === FIRST_LINE &&
    rest.length > 0 &&
    /^(?:0|[1-9][0-9]{0,15})$/.test(sizeText) &&
    size <= MAX_TREE_SIZE &&
    /^[0-9A-Za-z+/]{43}=$/.test(hashText) &&
    hash.length === HASH_BYTES;
  if (!wellFormed) throw new RondoError('E_BAD_CONTENT', say('malformed tree of a checksum database'));
  return { size, hash };
}
