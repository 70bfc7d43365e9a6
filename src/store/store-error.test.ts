import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableOf } from '../words/language.ts';
import { render } from '../words/render.ts';
import { say } from '../words/text.ts';
import { storeError } from './store-error.ts';

test('a failed system call is told whole, with what helps, in English and in Chinese', async () => {
  const cause = Object.assign(new Error('EACCES: permission denied, open /x'), { code: 'EACCES' });
  const { said } = storeError(say('read {key} from the copy', { key: 'a/@v/list' }), cause);
  const zh = await tableOf('zh');
  assert.deepEqual(
    [said.message, said.hint ?? ''].flatMap((text) => [render(text), render(text, zh)]),
    [
      'cannot read a/@v/list from the copy: permission denied (EACCES)',
      '无法从副本读取 a/@v/list：权限不足 (EACCES)',
      'make the cache folder writable for this user',
      '请让此用户可以写入缓存目录',
    ],
  );
});
