import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { knownWords } from './known-words.ts';
import { tableOf } from './language.ts';
import { render } from './render.ts';
import type { Sentence } from './sentences.ts';

const SENTENCES: readonly Sentence[] = [
  '{kept} ({origin} names only Rondo)',
  'the chain kept from {address}',
  'environment {name}',
];

test('a sentence is found again, with the sentences that stand in its slots', async () => {
  const words = 'the chain kept from 127.0.0.1:7070 (environment GOPROXY names only Rondo)';
  assert.equal(
    render(knownWords(words, SENTENCES), await tableOf('zh')),
    '为 127.0.0.1:7070 保存的链（环境变量 GOPROXY 只指向 Rondo）',
  );
});

test('what fits none stays as it is, and so does what is too long to be compared', () => {
  const long = `environment ${'A'.repeat(1000)}`;
  for (const words of ['', 'environment ', 'go env -w GOPROXY', 'An environment X', long])
    assert.equal(knownWords(words, SENTENCES), words);
});

test('in English nothing ever changes, whatever stands in it', () => {
  const piece = fc.constantFrom(
    'environment ',
    'the chain kept from ',
    ' (',
    ' names only Rondo)',
    '{name}',
    '$&',
    'x',
    '\n',
  );
  const words = fc.array(fc.oneof(piece, fc.string())).map((parts) => parts.join(''));
  fc.assert(fc.property(words, (text) => assert.equal(render(knownWords(text, SENTENCES)), text)));
});
