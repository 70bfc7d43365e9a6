import { RondoError } from '../errors/rondo-error.ts';
import { fieldsOf } from './fields.ts';
import { checkVersion, isCanonicalVersion } from './module-path.ts';
import { quoted } from './quoted.ts';
import { say, type Text } from '../words/text.ts';

/** What a go.sum says of one file of a module version. */
export type GoSumEntry = {
  readonly module: string;
  /** Canonical, without `/go.mod`. */
  readonly version: string;
  readonly kind: 'zip' | 'mod';
  /** `h1:` and 44 characters of base64. */
  readonly h1: string;
  /** Counted from 1. */
  readonly line: number;
};

/** A line that the go command reads and that no file can ever satisfy. */
export type GoSumFlaw = {
  /** Counted from 1. */
  readonly line: number;
  /** One line, safe to print. */
  readonly why: Text | string;
};

/** A go.sum taken apart. */
export type GoSum = {
  /** One a file, in the order of the text, with the hash by which the go command judges. */
  readonly entries: readonly GoSumEntry[];
  /** Entries that another line above them contradicts: of several hashes of a file only the first counts. */
  readonly conflicts: readonly GoSumEntry[];
  /** Names that no module has and hashes that no file has. */
  readonly flaws: readonly GoSumFlaw[];
  /** How many lines have a hash of a kind that this go does not know (`h2:…`); it passes over them. */
  readonly unknownHashes: number;
};

/** The longest go.sum that is read, in UTF-16 units; the largest in use have some hundred thousand. */
export const MAX_GO_SUM_LENGTH: number = 16 * 1024 * 1024;

const H1 = /^h1:[0-9A-Za-z+/]{43}=$/;

/** An old go command wrote this one for versions without go.mod; the new one drops it (modfetch.emptyGoModHash). */
const EMPTY_GO_MOD = 'h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=';

/**
 * Reads the text of a go.sum or go.work.sum as the go command does (modfetch.readGoSum): lines of
 * `<module> <version>[/go.mod] <hash>`, any white space between, empty lines and CRLF allowed. Which of
 * several hashes counts is what modfetch.haveModSumLocked makes of them. From a checkout that anybody may
 * have written. Throws RondoError E_GO_SUM, with the number of the line, for a line of another number of
 * fields, and for a text longer than MAX_GO_SUM_LENGTH.
 */
export function parseGoSum(text: string): GoSum {
  if (text.length > MAX_GO_SUM_LENGTH) {
    throw malformed(say('it is longer than {max} characters', { max: MAX_GO_SUM_LENGTH }));
  }
  const byFile = new Map<string, GoSumEntry>();
  const conflicts: GoSumEntry[] = [];
  const flaws: GoSumFlaw[] = [];
  let unknownHashes = 0;
  let line = 0;
  for (let start = 0; start < text.length;) {
    line += 1;
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const fields = fieldsOf(text.slice(start, end));
    start = end + 1;
    if (fields.length === 0) continue;
    if (fields.length !== 3) {
      const values = { line, fields: fields.length };
      throw malformed(say('line {line} has {fields} fields instead of 3', values));
    }
    const [module = '', versionOrMod = '', hash = ''] = fields;
    if (hash === EMPTY_GO_MOD) continue;
    if (!hash.startsWith('h1:')) {
      unknownHashes += 1;
      continue;
    }
    const kind = versionOrMod.endsWith('/go.mod') ? 'mod' : 'zip';
    const version = kind === 'mod' ? versionOrMod.slice(0, -'/go.mod'.length) : versionOrMod;
    const why = flawOf(module, version, hash);
    if (why !== undefined) {
      flaws.push({ line, why });
      continue;
    }
    const entry: GoSumEntry = { module, version, kind, h1: hash, line };
    const known = byFile.get(`${module} ${versionOrMod}`);
    if (known === undefined) byFile.set(`${module} ${versionOrMod}`, entry);
    else if (known.h1 !== hash) conflicts.push(entry);
  }
  return { entries: [...byFile.values()], conflicts, flaws, unknownHashes };
}

function flawOf(module: string, version: string, hash: string): Text | string | undefined {
  if (!H1.test(hash)) return say('{hash} is no h1 hash', { hash: quoted(hash) });
  if (!isCanonicalVersion(version)) {
    return say('{version} is no canonical version', { version: quoted(version) });
  }
  try {
    checkVersion(module, version);
    return undefined;
  } catch (error) {
    if (error instanceof RondoError) return error.said.message;
    throw error;
  }
}

function malformed(why: Text): RondoError {
  return new RondoError('E_GO_SUM', say('malformed go.sum: {why}', { why }));
}
