import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import { ERROR_CODES } from '../errors/codes.ts';
import { ZH } from '../words/zh.ts';
import { errorTopic } from './error-topic.ts';

test('every code has its topic in both languages, within the terminal', () => {
  for (const code of Object.keys(ERROR_CODES)) {
    for (const [table, head] of [
      [undefined, /^E_[A-Z0-9_]+, exit code \d+\n\n[^]+\.\n\n[^]+\.\n$/],
      [ZH, /^E_[A-Z0-9_]+，退出码 \d+\n\n[^]+。\n\n[^]+。\n$/],
    ] as const) {
      const text = errorTopic(code, { width: 40, color: false, table }) ?? '';
      assert.match(text, head, code);
      for (const line of text.split('\n')) assert.ok(stringWidth(line) <= 40, line);
    }
  }
});

test('what is no code has none', () => {
  assert.equal(errorTopic('E_NONSENSE', { width: 80, color: false }), undefined);
});
