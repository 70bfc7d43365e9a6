import { parse } from 'ini';
import { RondoError } from '../errors/rondo-error.ts';
import { quote } from './quote.ts';

/** One `key = value` of a configuration file. The value is hostile until its key's schema has read it. */
export type IniEntry = {
  /** `''` before the first section. */
  readonly section: string;
  /** The name in quotes of a section such as `[mirror "corp"]`. */
  readonly name: string | undefined;
  readonly key: string;
  readonly text: string;
  /** From 1. */
  readonly line: number;
};

const SECTION = /^\[\s*([\w-]+)(?:\s+"([^"]*)")?\s*\]\s*(?:[;#].*)?$/;

/**
 * The entries of a `.goproxy` in the order of the file. The ini library reads each line by itself
 * (comments, quotes, escapes); sections are read here, because the library drops line numbers and splits
 * section names at dots, which mirrors' names are full of. `file` is for messages only.
 * @throws RondoError E_CONFIG, naming file and line, for a line that is neither and for a key given twice.
 */
export function parseIniFile(content: string, file: string): IniEntry[] {
  const entries: IniEntry[] = [];
  const seen = new Map<string, number>();
  let section = '';
  let name: string | undefined;
  for (const [index, raw] of content
    .replace(/^\u{FEFF}/u, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith(';') || line.startsWith('#')) continue;
    const where = `${file}:${index + 1}`;
    if (line.startsWith('[')) {
      const match = SECTION.exec(line);
      if (match === null)
        throw new RondoError('E_CONFIG', `${where}: ${quote(line)} is not a section`, SECTION_HINT);
      [section, name] = [match[1] ?? '', match[2]];
      continue;
    }
    const { key, text } = parseLine(line, where);
    const id = JSON.stringify([section, name, key]);
    const earlier = seen.get(id);
    if (earlier !== undefined) {
      throw new RondoError('E_CONFIG', `${where}: ${quote(key)} is given twice, first in line ${earlier}`);
    }
    seen.set(id, index + 1);
    entries.push({ section, name, key, text, line: index + 1 });
  }
  return entries;
}

const SECTION_HINT = { hint: 'sections are written [cache], or [mirror "goproxy.cn"]' };

function parseLine(line: string, where: string): { key: string; text: string } {
  // A bare word is `true` to the library; here it is nearly always a slip.
  const pair = line.includes('=') ? Object.entries<unknown>(parse(line))[0] : undefined;
  const value = pair?.[1];
  if (pair === undefined || (typeof value === 'object' && value !== null)) {
    throw new RondoError('E_CONFIG', `${where}: ${quote(line)} is not of the form key = value`);
  }
  return { key: pair[0].trim(), text: String(value) };
}
