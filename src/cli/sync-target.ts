import { resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { withoutLogins } from '../doctor/finding.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { folderOf } from './folder-word.ts';
import { listed, say } from '../words/text.ts';

/** Where the modules of a project are brought to. */
export type SyncTarget =
  | { readonly kind: 'copy' }
  | { readonly kind: 'folder'; readonly dir: string }
  | { readonly kind: 'bundle'; readonly file: string }
  | { readonly kind: 'rondo'; readonly url: URL };

const OTHER_ARCHIVE = /\.(?:tar(?:\.\w+)?|tgz|txz|tzst|zst|zip)$/i;
const BUNDLE = /\.tar\.zst$/i;

/** Whether `--target` names one of the configuration: a bare word, that is no path, no URL and no bundle. */
export function isTargetName(word: string): boolean {
  return !/[/\\]|^file:|^\.{1,2}$/i.test(word) && !BUNDLE.test(word);
}

/**
 * What `--target` means: a URL is another Rondo, `….tar.zst` a bundle, a word with a slash (or `.`) a folder, and a bare
 * word one of `targets` (the configuration's).
 * @throws RondoError E_USAGE
 */
export function syncTargetOf(word: string | undefined, cwd: string, targets: Config['targets']): SyncTarget {
  if (word === undefined) return { kind: 'copy' };
  if (!isTargetName(word)) return placeOf(word, cwd);
  const named = targets.get(word);
  // Paths in a file are absolute by now.
  if (named !== undefined) return placeOf(named.to, cwd);
  const known = [...targets.keys()];
  if (OTHER_ARCHIVE.test(word))
    throw new RondoError('E_USAGE', say('{word} is no bundle: those are .tar.zst', { word }), {
      hint: say('--target {file}', { file: word.replace(OTHER_ARCHIVE, '.tar.zst') }),
    });
  throw new RondoError('E_USAGE', say('there is no target {word} in the configuration', { word }), {
    hint:
      known.length === 0
        ? say('for a folder of that name: --target ./{word}; for a bundle: --target {word}.tar.zst', { word })
        : say('one of {list}; for a folder of that name: --target ./{word}', { list: listed(known), word }),
  });
}

/** Of a URL; a drive of Windows has one letter. */
const SCHEME = /^([a-z][a-z\d+.-]+):\/\//i;

function placeOf(word: string, cwd: string): SyncTarget {
  const scheme = SCHEME.exec(word)?.[1];
  if (scheme !== undefined && !/^(https?|file)$/i.test(scheme)) {
    // Not the word: a login may stand in it.
    throw new RondoError('E_USAGE', say('nothing can be brought to a {scheme}: URL', { scheme }), {
      hint: say('--target http://127.0.0.1:7070'),
    });
  }
  if (!/^https?:\/\//i.test(word)) {
    if (BUNDLE.test(word)) return { kind: 'bundle', file: resolve(cwd, word) };
    return { kind: 'folder', dir: folderOf(word, cwd) };
  }
  const url = URL.parse(word);
  if (url !== null) return { kind: 'rondo', url };
  throw new RondoError('E_USAGE', say('{word} is no URL', { word: withoutLogins(word) }), {
    hint: say('--target http://127.0.0.1:7070'),
  });
}
