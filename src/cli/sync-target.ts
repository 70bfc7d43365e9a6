import { resolve } from 'node:path';
import { RondoError } from '../errors/rondo-error.ts';
import { folderOf } from './folder-word.ts';
import { say } from '../words/text.ts';

/** Where the modules of a project are brought to. */
export type SyncTarget =
  | { readonly kind: 'copy' }
  | { readonly kind: 'folder'; readonly dir: string }
  | { readonly kind: 'bundle'; readonly file: string }
  | { readonly kind: 'rondo'; readonly url: URL };

const BUNDLE = /\.tar\.zst$/i;

/**
 * What `--target` means: a URL is another Rondo, `….tar.zst` a bundle, a word with a slash (or `.`) a folder. A bare
 * word is none of them: it may be a target of the configuration that is spelt wrongly.
 * @throws RondoError E_USAGE
 */
export function syncTargetOf(word: string | undefined, cwd: string): SyncTarget {
  if (word === undefined) return { kind: 'copy' };
  if (/^https?:\/\//i.test(word)) {
    const url = URL.parse(word);
    if (url !== null) return { kind: 'rondo', url };
    throw new RondoError('E_USAGE', say('{word} is no URL', { word }), {
      hint: say('--target http://127.0.0.1:7070'),
    });
  }
  if (BUNDLE.test(word)) return { kind: 'bundle', file: resolve(cwd, word) };
  if (/[/\\]|^\.{1,2}$|^file:/i.test(word)) return { kind: 'folder', dir: folderOf(word, cwd) };
  throw new RondoError('E_USAGE', say('there is no target {word} in the configuration', { word }), {
    hint: say('for a folder of that name: --target ./{word}; for a bundle: --target {word}.tar.zst', {
      word,
    }),
  });
}
