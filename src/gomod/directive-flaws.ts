import { listed, say, type Text } from '../words/text.ts';
import { isCanonicalVersion, matchPathMajor, splitPathVersion } from './module-path.ts';
import { major } from './semver.ts';

const MAX_SHOWN = 80;
/** What strconv.Unquote takes between double quotes. */
const QUOTED =
  /^"(?:[^"\\\n]|\\(?:[abfnrtv\\"]|x[0-9a-fA-F]{2}|[0-3][0-7]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}))*"$/;

/** A word of the file, no longer than a line of a terminal. */
export function shortened(word: string): string {
  return word.length > MAX_SHOWN ? `${word.slice(0, MAX_SHOWN)}…` : word;
}

/** As Go quotes it (`%q`); whoever shows it makes what cannot be seen harmless. */
function quoted(word: string): string {
  return JSON.stringify(shortened(word));
}

/** What is wrong with a word that may be quoted (modfile.parseString). */
export function quotedFlaw(word: string): Text | undefined {
  const why = quotesFlaw(word);
  return why === undefined ? undefined : say('invalid quoted string: {why}', { why });
}

function quotesFlaw(word: string): Text | undefined {
  if (word.startsWith('"')) return QUOTED.test(word) ? undefined : say('invalid syntax');
  return /["'`]/.test(word) ? say('unquoted string cannot contain quote') : undefined;
}

/** `require` and `exclude`. */
export function requirementFlaw(verb: 'require' | 'exclude', args: readonly string[]): Text | undefined {
  const [path = '', version = ''] = args;
  if (args.length !== 2) return say('usage: {usage}', { usage: `${verb} module/path v1.2.3` });
  return quotedFlaw(path) ?? versionFlaw(verb, bare(path), version);
}

/** `replace` (modfile.parseReplace). */
export function replaceFlaw(args: readonly string[]): Text | undefined {
  const arrow = args[1] === '=>' ? 1 : 2;
  const [path = ''] = args;
  const [by = '', version] = args.slice(arrow + 1);
  if (args.length < arrow + 2 || args.length > arrow + 3 || args[arrow] !== '=>')
    return say('usage: {usage} or {other}', {
      usage: 'replace module/path [v1.2.3] => other/module v1.4',
      other: 'replace module/path [v1.2.3] => ../local/directory',
    });
  const before =
    quotedFlaw(path) ??
    (splitPathVersion(bare(path)).ok
      ? undefined
      : say('replace {module}: invalid module path', { module: shortened(bare(path)) })) ??
    (arrow === 2 ? versionFlaw('replace', bare(path), args[1] ?? '') : undefined);
  return before ?? quotedFlaw(by) ?? replacementFlaw(bare(by), version);
}

function replacementFlaw(by: string, version: string | undefined): Text | undefined {
  if (version !== undefined)
    return (
      versionFlaw('replace', by, version) ??
      (isFolder(by)
        ? say('replacement module directory path {path} cannot have version', { path: quoted(by) })
        : undefined)
    );
  if (isFolder(by))
    return by.includes('\\') && process.platform !== 'win32'
      ? say('replacement directory appears to be Windows path (on a non-windows system)')
      : undefined;
  return by.includes('@')
    ? say("replacement module must match format 'path version', not 'path@version'")
    : say('replacement module without version must be directory path (rooted or starting with . or ..)');
}

/** `retract`: a version, or two of them in brackets. go looks up what is not exact; it is about this module alone. */
export function retractFlaw(args: readonly string[]): Text | undefined {
  const [first] = args;
  if (first === undefined || first === '(') return say("expected '[' or version");
  if (first !== '[') return endFlaw(args.slice(1));
  const [, low, comma, high, end] = args;
  if (low === undefined) return say('expected version after {token}', { token: "'['" });
  if (comma !== ',') return say('expected {token} after version', { token: "','" });
  if (high === undefined) return say('expected version after {token}', { token: "','" });
  if (end !== ']') return say('expected {token} after version', { token: "']'" });
  return endFlaw(args.slice(5));
}

function endFlaw([token]: readonly string[]): Text | undefined {
  return token === undefined
    ? undefined
    : say('unexpected token after version: {token}', { token: quoted(token) });
}

/** modfile.parseVersion with what go does to the version (modload.fixVersion), but for asking mirrors. */
function versionFlaw(verb: string, path: string, word: string): Text | undefined {
  const version = bare(word);
  const { pathMajor, ok } = splitPathVersion(path);
  const invalid = (why: Text, shown = version): Text =>
    say('{verb} {module}: version {version} invalid: {why}', {
      verb,
      module: shortened(path),
      version: quoted(shown),
      why,
    });
  const why = quotesFlaw(word);
  if (why !== undefined) return invalid(why, word);
  if (!ok) return invalid(say('malformed module path {path}', { path: quoted(path) }));
  if (!isCanonicalVersion(version)) {
    // What is excluded is not needed: that go may have to look it up is no matter.
    return verb === 'exclude' ? undefined : invalid(say('must be of the form v1.2.3'));
  }
  if (matchPathMajor(version, pathMajor)) return undefined;
  const wanted = pathMajor === '' ? listed(['v0', 'v1'], ' or ') : pathMajor.slice(1);
  return invalid(say('should be {wanted}, not {found}', { wanted, found: major(version) }));
}

/** Without its quotes; escapes stay, since no path has any. */
function bare(word: string): string {
  return word.startsWith('"') && word.length > 1 ? word.slice(1, -1) : word;
}

/** modfile.IsDirectoryPath. */
function isFolder(path: string): boolean {
  return /^\.{1,2}(?:$|[/\\])|^[/\\]|^[A-Za-z]:/.test(path);
}
