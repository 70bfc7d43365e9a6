import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { readStateFile, stateWarning, updateStateFile, type StateKind } from './state-file.ts';
import { say, type Text } from '../words/text.ts';

/** What trust is remembered by, and the path of the file, for people. */
type TrustedFiles = { readonly files: Readonly<Record<string, string>> };

const SHAPE = z.object({ files: z.record(z.string(), z.unknown()) });

const KIND: StateKind<TrustedFiles> = {
  name: 'trusted.json',
  words: say('list of trusted files'),
  version: 1,
  parse: (document) => {
    const parsed = SHAPE.safeParse(document);
    if (!parsed.success) return undefined;
    const files = Object.entries(parsed.data.files).filter(
      (entry): entry is [string, string] => /^[0-9a-f]{64}$/.test(entry[0]) && typeof entry[1] === 'string',
    );
    return { files: Object.fromEntries(files) };
  },
};

/**
 * What trust in a file is remembered by, in hexadecimal: the SHA-256 of its path without links and its content. The
 * same words mean something else elsewhere: paths in them start at the file.
 */
export function trustHash(realPath: string, content: string): string {
  return createHash('sha256').update(`${realPath}\0`).update(content).digest('hex');
}

/** What the user has trusted (`rondo config trust` writes the list). */
export type Trust = {
  readonly isTrusted: (hash: string) => boolean;
  /** For people, where the list is there and cannot be used. */
  readonly warning: Text | undefined;
};

/** Where the list is. */
export function trustFile(stateDir: string): string {
  return join(stateDir, KIND.name);
}

/** Nothing is trusted if the list is absent, or is not ours. Never rejects. */
export async function loadTrust(stateDir: string): Promise<Trust> {
  const found = await readStateFile(stateDir, KIND);
  const trusted = new Set(found.kind === 'read' ? Object.keys(found.value.files) : []);
  return { isTrusted: (hash) => trusted.has(hash), warning: stateWarning(stateDir, KIND, found) };
}

/**
 * Remembers that the user trusts the file with this hash; `path` is where it lies, for people.
 * @throws RondoError E_CONFIG where the list is there but cannot be read or written: it may be a newer
 * Rondo's, so it is never replaced by an empty one.
 */
export async function rememberTrust(
  stateDir: string,
  trusted: { readonly path: string; readonly hash: string },
): Promise<void> {
  try {
    await updateStateFile(stateDir, KIND, (before) => ({
      files: { ...before?.files, [trusted.hash]: trusted.path },
    }));
  } catch (error) {
    if (error instanceof RondoError) throw error;
    throw new RondoError('E_CONFIG', say('trust cannot be remembered: {why}', { why: messageOf(error) }), {
      hint: say('make {stateDir} a folder that you can write to', { stateDir }),
      cause: error,
    });
  }
}
