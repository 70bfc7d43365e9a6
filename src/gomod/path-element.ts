import { say, type Text } from '../words/text.ts';
import { quoted } from './quoted.ts';

/** Names that Windows reserves, whatever the case and whatever follows a dot. */
const WINDOWS_RESERVED = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])$/i;

/** Anything but the characters of one element of a module path (module.modPathOK). */
const NOT_IN_MODULE_PATH = /[^0-9A-Za-z._~-]/;

/**
 * Anything but the characters of a file name (module.fileNameOK). Go allows every Unicode letter there,
 * but nothing outside ASCII can be escaped (module.escapeString), so none passes on the wire.
 */
const NOT_IN_FILE_NAME = /[^0-9A-Za-z!#$%&()+,\-.=@[\]^_{}~ ]/;

/**
 * Why `element` may not stand between two slashes of a module path (`module-path`) or be a version or
 * query (`file-name`), or `undefined` if it may. Never `.` or `..`, never empty, never a slash
 * (module.checkElem).
 */
export function elementProblem(element: string, kind: 'module-path' | 'file-name'): Text | undefined {
  if (element === '') return say('empty path element');
  if (/^\.+$/.test(element)) return say('invalid path element {element}', { element: quoted(element) });
  if (kind === 'module-path' && element.startsWith('.')) return say('leading dot in path element');
  if (element.endsWith('.')) return say('trailing dot in path element');
  const forbidden = (kind === 'module-path' ? NOT_IN_MODULE_PATH : NOT_IN_FILE_NAME).exec(element);
  if (forbidden !== null) return say('invalid character {character}', { character: quoted(forbidden[0]) });
  const [stem = ''] = element.split('.', 1);
  if (WINDOWS_RESERVED.test(stem)) return say('{name} is reserved on Windows', { name: quoted(stem) });
  // On Windows `name~1` may be the short name of another folder.
  if (kind === 'module-path' && /~[0-9]+$/.test(stem))
    return say('trailing tilde and digits in path element');
  return undefined;
}
