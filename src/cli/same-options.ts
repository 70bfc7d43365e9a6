import { shellWord } from '../kit/shell-word.ts';
import type { Flags } from './flags.ts';

/** ` --cache-dir /srv/rondo`: what a command that is recommended needs to mean the copy that this one was about. */
export function sameOptions({ config, cacheDir, set = [] }: Flags): string {
  const words = [
    ...(config === undefined ? [] : ['--config', config]),
    ...(cacheDir === undefined ? [] : ['--cache-dir', cacheDir]),
    ...set.flatMap((text) => ['--set', text]),
  ];
  return words.map((word) => ` ${shellWord(word)}`).join('');
}
