import { RondoError } from '../errors/rondo-error.ts';
import { say } from '../words/text.ts';

/** The largest record that is read: lists of versions are the largest that are written. */
export const MAX_RECORD_BYTES: number = 64 * 1024 * 1024;

/** A record's JSON text. Throws RondoError E_BUG for a value that JSON cannot hold. */
export function encodeRecord(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new RondoError('E_BUG', say('a record must be a JSON value'));
  return text;
}

/**
 * The value of a record's text, frozen to its depth because it is shared between callers; `undefined` if
 * the text is damaged, so that a damaged record is an absent one. Its shape is for the caller to check:
 * the file may have been written by anybody.
 */
export function decodeRecord(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown) => Object.freeze(value)) as unknown;
  } catch {
    return undefined;
  }
}
