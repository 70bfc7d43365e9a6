import assert from 'node:assert/strict';
import { test } from 'node:test';
import { places } from './made-up.ts';
import { anchorsOf, checkCommands, checkLinks } from './markdown.ts';

const files = ['README.md', 'docs/a.md', 'docs/design/b.md', 'src/kit/clock.ts'];

function check(text: string, path: string = 'docs/a.md'): string[] {
  const other = { path: 'docs/design/b.md', text: '# Title\n\n## The *way* of `x`: one\n' };
  return places(checkLinks([{ path, text }, other], files));
}

test('links that lead somewhere', () => {
  for (const good of [
    '[a](../README.md)',
    '[b](design/b.md#the-way-of-x-one)',
    '[folder](design/)',
    '[self](#here)\n\n# Here',
    '[web](https://example.com/x.md)',
    '`[code](nowhere.md)`',
    '```\n[code](nowhere.md)\n```',
    '`src/kit/clock.ts` and `src/kit/`',
  ])
    assert.deepEqual(check(good), [], good);
});

test('links that do not', () => {
  for (const bad of [
    '[a](README.md)',
    '[a](/README.md)',
    '[b](design/b.md#elsewhere)',
    '[self](#here)',
    '![image](x.png "title")',
    '`src/kit/time.ts`',
  ])
    assert.deepEqual(check(`text\n\n${bad}`), ['docs/a.md:3'], bad);
});

test('anchors as GitHub makes them', () => {
  assert.deepEqual(
    [...anchorsOf('# A b\n## A b\n```\n# no\n```\n### `x_y` – [z](q.md)!')],
    ['a-b', 'a-b-1', 'x_y--z'],
  );
});

test('commands', () => {
  const text = 'Run `npm test`, `npm run check`\nand `npm run polish` after `npm ci`.';
  assert.deepEqual(places(checkCommands([{ path: 'README.md', text }], ['test', 'check'])), ['README.md:2']);
});
