import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LANGUAGES, languageOf, tableOf } from './language.ts';
import { render } from './render.ts';
import { listed, many, say, type Text } from './text.ts';
import { ZH } from './zh.ts';

const ZH_TABLE = await tableOf('zh');

test('a sentence in both languages, a text in a slot of another, and several in a row', () => {
  const text = say('cannot read {path}: {why}', {
    path: 'go.sum',
    why: many(2, '{count} file', '{count} files'),
  });
  assert.equal(render(text), 'cannot read go.sum: 2 files');
  assert.equal(render(text, ZH_TABLE), '无法读取 go.sum：2 个文件');
  const row = listed([many(1, '{count} file', '{count} files'), 'go.mod'], ' and ');
  assert.equal(render(row), '1 file and go.mod');
  assert.equal(render(row, ZH_TABLE), '1 个文件和 go.mod');
});

test('in Chinese a word between two has a space beside Latin text, and none beside Chinese', () => {
  const file = many(1, '{count} file', '{count} files');
  const table: [Text, string][] = [
    [listed(['rondo toolchain ls', 'rondo cache ls'], ' or '), 'rondo toolchain ls 或 rondo cache ls'],
    [listed(['--all', file], ' or '), '--all 或 1 个文件'],
    [listed([file, file], ' and '), '1 个文件和 1 个文件'],
    [listed(['a', 'b', 'c'], ' and '), 'a 和 b 和 c'],
    [listed(['a', 'b']), 'a，b'],
    [listed(['a'], ' and '), 'a'],
    [listed([], ' and '), ''],
  ];
  for (const [text, words] of table) assert.equal(render(text, ZH_TABLE), words);
});

test('what stands in a slot is no sentence: its braces and dollar signs stay', () => {
  const text = say('cannot read {path}: {why}', { path: '{why}', why: '$& $1 {path}' });
  assert.equal(render(text), 'cannot read {why}: $& $1 {path}');
});

test('every translation has the slots of its sentence', () => {
  const slots = (sentence: string): string[] =>
    [...sentence.matchAll(/\{\w+\}/g)].map(([slot]) => slot).sort();
  for (const [sentence, translated] of Object.entries(ZH.sentences))
    assert.deepEqual(slots(translated), slots(sentence), sentence);
});

test('the language is the one that was asked for, then that of the locale, then English', () => {
  const table: [Record<string, string>, string | undefined, string][] = [
    [{}, undefined, 'en'],
    [{ LANG: 'zh_CN.UTF-8' }, undefined, 'zh'],
    [{ LANG: 'zh_TW' }, undefined, 'zh'],
    [{ LANG: 'en_GB.UTF-8' }, undefined, 'en'],
    [{ LANG: 'zha_CN' }, undefined, 'en'],
    [{ LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }, undefined, 'en'],
    [{ LANG: 'zh_CN.UTF-8', LC_ALL: '', LC_MESSAGES: 'de_DE' }, undefined, 'en'],
    [{ LANG: 'zh_CN.UTF-8' }, 'en', 'en'],
    [{ LANG: 'C' }, 'zh', 'zh'],
  ];
  for (const [env, asked, language] of table)
    assert.equal(languageOf(env, asked), language, JSON.stringify(env));
  assert.deepEqual([...LANGUAGES], ['en', 'zh']);
});
