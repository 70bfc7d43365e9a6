import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..', '..');
const GUIDE = 'docs/guide';
const CHINESE = `${GUIDE}/zh-CN`;

function pagesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.md'));
}

/** Each English page and its Chinese one, from the root. */
const PAIRS: readonly (readonly [english: string, chinese: string])[] = [
  ['README.md', 'README.zh-CN.md'],
  ...pagesIn(GUIDE).map((name) => [`${GUIDE}/${name}`, `${CHINESE}/${name}`] as const),
];

/** What two pages must have in common, whatever their language: the reader does the same things in the same order. */
type Skeleton = {
  readonly headings: readonly string[];
  /** What is typed, written to files and shown, whole. */
  readonly blocks: readonly string[];
  readonly items: number;
  readonly tables: readonly number[];
  /** Commands of Rondo in running text, sorted: sentences have another order there. */
  readonly commands: readonly string[];
  /** Where links lead, as `guide/laptop.md`, sorted and without their anchors. */
  readonly links: readonly string[];
};

const FENCE = /^```.*\n[^]*?^```$/gm;

/** Pure. */
function skeletonOf(page: string): Skeleton {
  const prose = page.replaceAll(FENCE, '');
  const lines = prose.split('\n');
  const tables = prose.match(/(?:^\|.*\n)+/gm) ?? [];
  const commands = [...prose.matchAll(/`(rondo [a-z][^`]*)`/g)].map(([, words = '']) => words);
  // The first one leads to the other language.
  const [, ...links] = [...prose.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, to = '']) => to);
  return {
    headings: lines.flatMap((line) => /^(#+) /.exec(line)?.[1] ?? []),
    blocks: page.match(FENCE) ?? [],
    items: lines.filter((line) => /^\s*(?:-|\d+\.) /.test(line)).length,
    tables: tables.map((table) => table.trimEnd().split('\n').length),
    commands: commands.sort(),
    links: links.map(sameInEveryLanguage).sort(),
  };
}

/** From a Chinese page the English-only ones are further away, and its own ones in another folder; pictures are of pages in its language. */
function sameInEveryLanguage(link: string): string {
  return link
    .replaceAll('../', '')
    .replace('zh-CN/', '')
    .replace(/-zh\.png$/, '-en.png');
}

function textOf(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

for (const [english, chinese] of PAIRS) {
  test(`${chinese} does what ${english} does`, () => {
    assert.deepEqual(skeletonOf(textOf(chinese)), skeletonOf(textOf(english)));
  });
}

test('there is a Chinese page for each English one, and no other; each leads to the other at its top', () => {
  assert.deepEqual(pagesIn(CHINESE).sort(), pagesIn(GUIDE).sort());
  for (const [english, chinese] of PAIRS) {
    const there = posix.relative(dirname(english), chinese);
    const back = posix.relative(dirname(chinese), english);
    assert.equal(textOf(english).split('\n')[2], `[简体中文](${there})`, english);
    assert.equal(textOf(chinese).split('\n')[2], `[English](${back})`, chinese);
  }
});

test('a page that has drifted away is found', () => {
  const page = '# A\n\n[B](b.md)\n\n```sh\nrondo sync\n```\n\n`rondo why A` [c](c.md)\n\n| a |\n|---|\n';
  const other = skeletonOf(page);
  for (const [from, to] of [
    ['rondo sync', 'rondo serve'],
    ['# A', '## A'],
    ['why A', 'why B'],
    ['(c.md)', '(d.md)'],
    ['| a |\n', ''],
    ['```sh', '- x\n\n```sh'],
  ] as const)
    assert.notDeepEqual(skeletonOf(page.replace(from, to)), other, to);
});
