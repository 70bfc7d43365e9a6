import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { ZH } from '../words/zh.ts';
import type { CommandSpec } from './command-spec.ts';
import { RONDO } from './commands.ts';
import { helpText } from './help.ts';
import type { TableStyle } from './table.ts';

type Page = { readonly spec: CommandSpec; readonly names: readonly string[] };

function pagesOf(spec: CommandSpec, names: readonly string[]): Page[] {
  return [{ spec, names }, ...(spec.commands ?? []).flatMap((each) => pagesOf(each, [...names, each.name]))];
}

const PAGES = pagesOf(RONDO, ['rondo']);
const PIPE: TableStyle = { width: Infinity, color: false };
const TABLES = [undefined, ZH];

/** Four words of English in a row, what is code or a name apart: flags, placeholders, files, capitals. */
function englishIn(text: string): string | undefined {
  const words = text
    .replaceAll(/\brondo [a-z]+\b|\bgo (?:env|mod)\b|\b(?:bash|zsh|fish|pwsh)\b/g, '')
    .split(/[^\w.:/@=<>[\]-]+/);
  let row: string[] = [];
  for (const word of words) {
    row = /^[a-z]{2,}$/i.test(word) && !/^[A-Z]+$/.test(word) ? [...row, word] : [];
    if (row.length === 4) return row.join(' ');
  }
  return undefined;
}

test('there is a page for every command, its examples first, each of them a line of that command', () => {
  assert.ok(PAGES.length > 30, `${PAGES.length} pages`);
  for (const { spec, names } of PAGES) {
    const text = helpText(spec, names, PIPE);
    assert.match(text, /^Examples?:( |\n {2})/, names.join(' '));
    assert.ok(spec.examples.length > 0);
    for (const example of spec.examples) {
      assert.ok(example.includes(names.join(' ')), example);
      assert.ok(text.replaceAll(/(\\|(?<=\|))\n +/g, '').includes(example), `${names.join(' ')}: ${example}`);
    }
    for (const { syntax } of [...(spec.options ?? []), ...[spec.argument ?? []].flat()])
      assert.ok(text.includes(syntax), `${names.join(' ')}: ${syntax}`);
    assert.match(text, new RegExp(`^Usage: ${names.join(' ')}( |$)`, 'm'));
    assert.match(text, /[^\n]\n$/);
  }
});

test('no line is wider than the terminal, in both languages, and none of a pipe than 80', () => {
  for (const table of TABLES) {
    for (const [width, limit] of [
      [40, 40],
      [60, 60],
      [80, 80],
      [300, 100],
      [Infinity, 80],
    ] as const) {
      for (const { spec, names } of PAGES) {
        for (const line of helpText(spec, names, { width, color: true, table }).split('\n')) {
          const plain = stripVTControlCharacters(line);
          assert.ok(stringWidth(plain) <= limit, `${names.join(' ')} at ${width}: ${plain}`);
          assert.equal(plain, plain.trimEnd(), names.join(' '));
        }
      }
    }
  }
});

test('a long example is cut where a shell goes on', () => {
  const spec: CommandSpec = {
    ...RONDO,
    commands: [],
    examples: [
      'rondo completion powershell | Out-String | Invoke-Expression',
      'rondo a --long-option value --more-of-it',
    ],
  };
  const lines = helpText(spec, ['rondo'], { width: 40, color: false }).split('\n');
  assert.deepEqual(lines.slice(0, 5), [
    'Examples:',
    '  rondo completion powershell |',
    '    Out-String | Invoke-Expression',
    '  rondo a --long-option value \\',
    '    --more-of-it',
  ]);
});

test('beside a term where there is room, else below it', () => {
  const spec: CommandSpec = { ...RONDO, commands: [] };
  const wide = helpText(spec, ['rondo', 'x'], { width: 80, color: false });
  assert.match(wide, /^ {2}--no-color {9}no colour$/m);
  const narrow = helpText(spec, ['rondo', 'x'], { width: 40, color: false });
  assert.match(
    narrow,
    /^ {2}--lang <language>\n {6}speak this language: en or zh\n {6}\(default: that of LANG\)$/m,
  );
});

test('titles are bold where there is colour, and nothing else is painted', () => {
  const spec: CommandSpec = { ...RONDO, commands: [] };
  const painted = helpText(spec, ['rondo'], { width: 80, color: true });
  assert.ok(painted.includes('\u001B[1mUsage:\u001B[22m rondo'));
  assert.equal(stripVTControlCharacters(painted), helpText(spec, ['rondo'], { width: 80, color: false }));
});

test('no page in Chinese has English prose', () => {
  assert.equal(englishIn('把 read this file and 放入'), 'read this file and');
  for (const { spec, names } of PAGES) {
    const text = helpText(spec, names, { ...PIPE, table: ZH });
    // Examples are code in every language.
    const prose = text.slice(text.indexOf('用法：'));
    for (const line of prose.split('\n')) assert.equal(englishIn(line), undefined, names.join(' '));
    assert.doesNotMatch(text, /Usage|Options|Commands|Arguments|Examples?:|Exit codes/);
  }
});
