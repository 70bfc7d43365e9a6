import { RondoError } from '../errors/rondo-error.ts';
import { escapeQuery } from '../gomod/escape.ts';
import { checkPath, checkVersion, isCanonicalVersion, isValidPath } from '../gomod/module-path.ts';
import type { ModuleWord } from '../upkeep/remove-versions.ts';
import { say, type Text } from '../words/text.ts';

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
      throw new RondoError('E_USAGE', error.said.message, { hint: hintFor(word) });
    }
  });
}

/** What was meant: a URL is no module path, and a version has a `v`; what is no version in full may be looked for. */
function hintFor(word: string): Text {
  const bare = word
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/[?#].*$/, '')
    .replace(/(?:\.git)?\/*$/, '');
  const at = bare.indexOf('@');
  const module = at < 0 ? bare : bare.slice(0, at);
  if (!isValidPath(module)) return say('for example example.com/mod@v1.2.3');
  const version = at < 0 ? undefined : bare.slice(at + 1).replace(/^[vV]?(?=\d)/, 'v');
  const meant = version === undefined ? module : `${module}@${version}`;
  if (meant !== word && isVersionOrModule(meant)) return say('did you mean {meant}?', { meant });
  return say('to see which versions there are: rondo why {module}', { module });
}

function isVersionOrModule(word: string): boolean {
  return word.includes('@') ? isVersionWord(word) : isValidPath(word);
}

/** Whether that is `MODULE@VERSION`, in full. */
export function isVersionWord(word: string): boolean {
  try {
    return parseWord(word, 'version').version !== undefined;
  } catch {
    return false;
  }
}

/** What go get takes behind the @, and what may be another version tomorrow. */
const QUERIES: ReadonlySet<string> = new Set(['latest', 'upgrade', 'patch', 'none']);

function parseWord(word: string, behindAt: BehindAt): ModuleWord {
  const at = word.indexOf('@');
  const module = at < 0 ? word : word.slice(0, at);
  if (/^[a-z]+:\/\//i.test(word))
    throw new RondoError('E_BAD_NAME', say('{word} is a URL, and no module path', { word }));
  checkPath(module);
  if (at < 0) return { module };
  const version = word.slice(at + 1);
  if (behindAt === 'version' && QUERIES.has(version))
    throw new RondoError('E_BAD_NAME', say('{version} is a question, and no version', { version }));
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
