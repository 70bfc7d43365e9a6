import { RondoError } from '../errors/rondo-error.ts';
import { escapeQuery } from '../gomod/escape.ts';
import { checkPath, checkVersion, isCanonicalVersion } from '../gomod/module-path.ts';
import type { ModuleWord } from '../upkeep/remove-versions.ts';
import { say } from '../words/text.ts';

/** What may stand behind the `@`: one canonical version, or any query, as in `go get`. */
export type BehindAt = 'version' | 'query';

/**
 * Reads `MODULE` or `MODULE@VERSION` words of a command line.
 * @throws RondoError E_USAGE for what is neither
 */
export function parseModuleWords(words: readonly string[], behindAt: BehindAt): ModuleWord[] {
  return words.map((word) => {
    try {
      return parseWord(word, behindAt);
    } catch (error) {
      if (!(error instanceof RondoError) || error.code !== 'E_BAD_NAME') throw error;
      throw new RondoError('E_USAGE', error.said.message, {
        hint: say('for example example.com/mod@v1.2.3'),
      });
    }
  });
}

/** Whether that is `MODULE@VERSION`, in full. */
export function isVersionWord(word: string): boolean {
  try {
    return parseWord(word, 'version').version !== undefined;
  } catch {
    return false;
  }
}

function parseWord(word: string, behindAt: BehindAt): ModuleWord {
  const at = word.indexOf('@');
  const module = at < 0 ? word : word.slice(0, at);
  checkPath(module);
  if (at < 0) return { module };
  const version = word.slice(at + 1);
  if (behindAt === 'query') {
    escapeQuery(version);
    return { module, version };
  }
  checkVersion(module, version);
  if (!isCanonicalVersion(version)) {
    throw new RondoError('E_BAD_NAME', say('{version} is not a version in full, like v1.2.3', { version }));
  }
  return { module, version };
}
