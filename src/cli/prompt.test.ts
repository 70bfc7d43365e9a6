import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { test } from 'node:test';
import { confirm } from './prompt.ts';

async function answered(typed: string): Promise<{ answer: boolean; shown: string }> {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = '';
  output.on('data', (text: Buffer) => (shown += text.toString()));
  const answer = confirm('Really?', input, output);
  input.end(typed);
  await answer;
  output.end();
  await finished(output);
  return { answer: await answer, shown };
}

test('only a yes is one; what is neither is asked again', async () => {
  for (const [typed, expected] of [
    ['y\n', true],
    ['YES\n', true],
    ['是\n', true],
    ['n\n', false],
    ['否\n', false],
    ['\n', false],
    ['', false],
  ] as const) {
    assert.equal((await answered(typed)).answer, expected, JSON.stringify(typed));
  }
  const twice = await answered('perhaps\ny\n');
  assert.deepEqual([twice.answer, twice.shown.split('Really? [y/N] ').length - 1], [true, 2]);
});
