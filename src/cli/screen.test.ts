import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLiveBlock, type Screen } from './screen.ts';

test('a block is drawn over itself, and never higher than the terminal', () => {
  const written: string[] = [];
  const screen: Screen = { isTerminal: true, width: 80, height: 4, color: false };
  const block = createLiveBlock(
    (text) => void written.push(text),
    () => screen,
  );
  block.draw(['a', 'b']);
  block.draw(['1', '2', '3', '4', '5']);
  block.draw(['x']);
  assert.deepEqual(written, [
    'a\nb\n',
    '\u001B[2A\r\u001B[0J1\n2\n… 3 more lines\n',
    '\u001B[3A\r\u001B[0Jx\n',
  ]);
});
