import { posix } from 'node:path';
import type { Finding } from './finding.ts';

/** One Markdown page of the repository. */
export type Page = { readonly path: string; readonly text: string };

const LINK = /\[(?:[^\]\\]|\\.)*\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g;
const NAMED_FILE = /`((?:src|test|scripts|bin|docs|\.ci)\/[\w./-]*[\w-])`/g;
const NPM_COMMAND = /\bnpm (?:run ([\w:-]+)|(test|start)\b)/g;

/** The text with fenced blocks blanked, line for line. */
function withoutFences(text: string): string {
  return text.replaceAll(/^(```|~~~)[^\n]*\n[\s\S]*?^\1/gm, (block) => block.replaceAll(/[^\n]/g, ' '));
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** The anchors that GitHub gives the headings of a page. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutFences(text).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = words.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(/\s/g, '-');
    let unique = slug;
    for (let count = 1; anchors.has(unique); count += 1) unique = `${slug}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

/**
 * Finds relative links that lead nowhere (file or heading) and files named in backticks that are not
 * there. `files` are all files of the repository.
 */
export function checkLinks(pages: readonly Page[], files: readonly string[]): Finding[] {
  const known = new Set(files.flatMap((file) => [file, ...foldersOf(file)]));
  const texts = new Map(pages.map(({ path, text }) => [path, text]));
  const findings: Finding[] = [];
  for (const { path, text } of pages) {
    const prose = withoutFences(text);
    const add = (offset: number, message: string): void =>
      void findings.push({ file: path, line: lineAt(text, offset), rule: 'docs-links', message });
    for (const { 1: link = '', index } of prose.replaceAll(/`[^`\n]*`/g, blank).matchAll(LINK)) {
      if (/^[a-z][a-z+.-]*:/i.test(link)) continue;
      const [target = '', anchor] = link.split('#');
      const file = target === '' ? path : posix.normalize(posix.join(posix.dirname(path), decodeURI(target)));
      const page = texts.get(file);
      if (!known.has(file.replace(/\/$/, '')))
        add(index, `the link ${link} leads nowhere: there is no ${file}`);
      else if (anchor !== undefined && page !== undefined && !anchorsOf(page).has(anchor))
        add(index, `the link ${link} leads nowhere: ${file} has no heading #${anchor}`);
    }
    for (const { 1: file = '', index } of prose.matchAll(NAMED_FILE))
      if (!known.has(file)) add(index, `there is no ${file}: name a file that exists`);
  }
  return findings;
}

function blank(text: string): string {
  return ' '.repeat(text.length);
}

function foldersOf(file: string): string[] {
  const parts = file.split('/');
  return parts.map((_, index) => parts.slice(0, index).join('/')).filter((folder) => folder !== '');
}

/** Finds npm commands in pages that package.json does not have. */
export function checkCommands(pages: readonly Page[], scripts: readonly string[]): Finding[] {
  return pages.flatMap(({ path, text }) =>
    [...text.matchAll(NPM_COMMAND)]
      .map(({ 1: run, 2: short, index }) => ({ name: run ?? short ?? '', index }))
      .filter(({ name }) => !scripts.includes(name))
      .map(({ name, index }) => ({
        file: path,
        line: lineAt(text, index),
        rule: 'commands',
        message: `package.json has no script "${name}"`,
      })),
  );
}
