import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RondoError } from '../errors/rondo-error.ts';
import { say } from '../words/text.ts';

/**
 * The folder that a word of the command line names: a path relative to `cwd`, or what stands in `GOPROXY=file://…`.
 * @throws RondoError E_USAGE for a file:// URL that names no file of this machine
 */
export function folderOf(word: string, cwd: string): string {
  if (!/^file:\/\//i.test(word)) return resolve(cwd, word);
  try {
    return fileURLToPath(word);
  } catch (error) {
    throw new RondoError('E_USAGE', say('{word} names no folder of this machine', { word }), {
      hint: say('write file:///path/to/folder, or the path alone'),
      cause: error,
    });
  }
}
