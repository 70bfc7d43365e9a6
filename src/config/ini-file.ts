import { parse } from 'ini';
import { RondoError } from '../errors/rondo-error.ts';
import { quote, type Quoting } from './quote.ts';
import { raise, type Report } from './report.ts';
import { say, type Text } from '../words/text.ts';

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

/** The longest line, in characters, and the most [mirror] sections: what comes after them may take time for each pair. */
const MAX_LINE = 8 * 1024;
const MAX_MIRRORS = 256;

const SECTION = /^\[\s*([\w-]+)(?:\s+"([^"]*)")?\s*\]\s*(?:[;#].*)?$/;

/**
 * The entries of a `.goproxy` in the order of the file, which may be anybody's: what is too much is reported
 * before anything looks at it. The ini library reads each line by itself
 * (comments, quotes, escapes); sections are read here, because the library drops line numbers and splits
 * section names at dots, which mirrors' names are full of. `file` is for messages only.
 * A line that is neither, and a key given twice, is reported as RondoError E_CONFIG that names file and line.
 * What stands below a section that is none is left out.
 * `quoting` decides whether messages show what stands there.
 */
export function parseIniFile(
  content: string,
  file: string,
  report: Report = raise,
  quoting: Quoting = quote,
): IniEntry[] {
  const problem: Problem = (text, details) => report(new RondoError('E_CONFIG', text, details));
  const entries: IniEntry[] = [];
  const seen = new Map<string, number>();
  const mirrors = new Set<string>();
  let section: string | undefined = '';
  let name: string | undefined;
  for (const [index, raw] of linesOf(content).entries()) {
    if (raw.length > MAX_LINE) {
      problem(
        say('{file}:{line}: the line is longer than {max} characters', {
          file,
          line: index + 1,
          max: MAX_LINE,
        }),
      );
      continue;
    }
    const line = raw.trim();
    if (line === '' || line.startsWith(';') || line.startsWith('#')) continue;
    const where = `${file}:${index + 1}`;
    if (line.startsWith('[')) {
      const match = SECTION.exec(line);
      if (match === null)
        problem(say('{where}: {line} is not a section', { where, line: quoting(line) }), SECTION_HINT);
      [section, name] = [match?.[1], match?.[2]];
      if (section === 'mirror') mirrors.add(name ?? '');
      if (mirrors.size > MAX_MIRRORS) {
        problem(say('{where}: there are more than {MAX_MIRRORS} [mirror] sections', { where, MAX_MIRRORS }));
        return entries;
      }
      continue;
    }
    if (section === undefined) continue;
    const pair = readPair(line, where, problem, quoting);
    if (pair === undefined) continue;
    const { key, text } = pair;
    const id = JSON.stringify([section, name, key]);
    const earlier = seen.get(id);
    if (earlier !== undefined) {
      problem(
        say('{where}: {key} is given twice, first in line {earlier}', {
          where,
          key: quoting(key),
          earlier,
        }),
      );
      continue;
    }
    seen.set(id, index + 1);
    entries.push({ section, name, key, text, line: index + 1 });
  }
  return entries;
}

function linesOf(content: string): string[] {
  return content.replace(/^\u{FEFF}/u, '').split(/\r\n|\n|\r/);
}

type Problem = (text: Text, details?: { readonly hint: string }) => void;

/** The key and the text of a line; undefined where it has none, which was told. */
function readPair(
  line: string,
  where: string,
  problem: Problem,
  quoting: Quoting,
): ReturnType<typeof parseLine> {
  const pair = parseLine(line);
  if (pair === undefined)
    problem(say('{where}: {line} is not of the form key = value', { where, line: quoting(line) }));
  else if (cutsMirrors(line))
    problem(say('{where}: what stands behind ; or # is a comment', { where }), CUT_HINT);
  else return pair;
  return undefined;
}

const CUT_HINT = { hint: 'write commas between mirrors, and a blank before the ; of a comment' };

/** Whether a comment without a blank before it has a mirror or the end of a list: it was meant to be read. */
function cutsMirrors(line: string): boolean {
  const cut = /^[^=]*=\s*(?!["'])(?:\\.|[^\s;#\\])+[;#](.*)$/.exec(line)?.[1];
  return cut !== undefined && /:\/\/|(?:^|[;#,|]) *(?:direct|off) *(?:$|[;#,|])/.test(cut);
}

const SECTION_HINT = { hint: 'sections are written [cache], or [mirror "goproxy.cn"]' };

function parseLine(line: string): { key: string; text: string } | undefined {
  // A bare word is `true` to the library; here it is nearly always a slip.
  const pair = line.includes('=') ? Object.entries<unknown>(parse(line))[0] : undefined;
  const value = pair?.[1];
  if (pair === undefined || (typeof value === 'object' && value !== null)) return undefined;
  return { key: pair[0].trim(), text: String(value) };
}
