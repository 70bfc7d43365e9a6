import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { wrapWithin, wrapWords } from './text-width.ts';

test('Chinese is broken between its characters, and punctuation stays where it belongs', () => {
  const table: [text: string, width: number, lines: string[]][] = [
    ['把项目的所有模块放入副本', 8, ['把项目的', '所有模块', '放入副本']],
    ['一二三，四五', 6, ['一二', '三，四', '五']],
    ['一二（三四）五', 6, ['一二', '（三', '四）五']],
    ['文件 go.mod 或目录', 8, ['文件', 'go.mod', '或目录']],
    ['在go.mod中', 7, ['在', 'go.mod', '中']],
    ['file:// 目录', 7, ['file://', '目录']],
    ['plain words', 5, ['plain', 'words']],
    ['', 5, ['']],
  ];
  for (const [text, width, lines] of table) assert.deepEqual(wrapWords(text, width), lines, text);
});

test('nothing is lost, and no line is wider than it may be but one of a single word', () => {
  const parts = fc.constantFrom(
    '副',
    '本',
    '，',
    '。',
    '（',
    '）',
    'go',
    'go.mod',
    ' ',
    '、',
    '“',
    '”',
    '…',
    '--json',
    'é',
    '镜像',
  );
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 30 }), fc.integer({ min: 8, max: 40 }), (words, width) => {
      const text = words.join('').trim().replaceAll(/ +/g, ' ');
      const lines = wrapWords(text, width);
      assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''));
      for (const line of lines) {
        assert.equal(line, line.trim());
        if (stringWidth(line) > width) assert.deepEqual(wrapWords(line, 1).length, 1, line);
      }
    }),
  );
});

test('a word that is too long is broken behind a slash or comma, else wherever the line ends', () => {
  assert.deepEqual(wrapWithin('at github.com/some-one/module', 14), [
    'at',
    'github.com/',
    'some-one/',
    'module',
  ]);
  assert.deepEqual(wrapWithin('GOPROXY=https://a.b,direct', 12), ['GOPROXY=', 'https://a.b,', 'direct']);
  assert.deepEqual(wrapWithin('镜像abcdefgh', 4), ['镜像', 'abcd', 'efgh']);
  assert.deepEqual(wrapWithin('as it is', Infinity), ['as it is']);
});
