import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { readPlainText } from '../host/read-plain-file.ts';
import { say, type Text } from '../words/text.ts';

/** Whether a file is there, not a folder or a pipe. Never rejects. */
export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

/** The file of that name in `cwd` or the nearest folder above it; undefined where there is none. */
export async function nearestFile(name: string, cwd: string): Promise<string | undefined> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (await isFile(join(folder, name))) return join(folder, name);
    if (dirname(folder) === folder) return undefined;
  }
}

/** What is said of a file that cannot be used. */
export type FileWords = {
  /** Where it has more than `maxBytes`. */
  readonly tooLarge: Text;
  /** What helps. */
  readonly hint: Text;
};

/**
 * The text of a file that somebody named, or that lies in a project.
 * @throws RondoError E_USAGE where it cannot be read, is none, or is too large
 */
export async function readNamedText(path: string, maxBytes: number, words: FileWords): Promise<string> {
  const text = await readPlainText(path, maxBytes).catch((error: unknown) => {
    throw unreadable(path, whyUnread(error), words.hint, error);
  });
  if (text === undefined) throw unreadable(path, words.tooLarge, words.hint);
  return text;
}

/** The error for a file that cannot be used. Pure. */
export function unreadable(path: string, code: Text | string, hint: Text, cause?: unknown): RondoError {
  return new RondoError('E_USAGE', say('cannot read {path}: {code}', { path, code }), { hint, cause });
}

/** The system's code where it has one. */
function whyUnread(error: unknown): Text | string {
  if (error instanceof RondoError) return error.said.message;
  return error instanceof Error && 'code' in error ? String(error.code) : messageOf(error);
}
