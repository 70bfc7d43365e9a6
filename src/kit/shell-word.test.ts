import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { testWith } from '../../test/support/requirements.ts';
import { shellWord } from './shell-word.ts';

test('words that need it are quoted, as the shells of the platform know it', () => {
  const table: [string, string, string][] = [
    [
      'GOPROXY=http://127.0.0.1:7070,direct',
      'GOPROXY=http://127.0.0.1:7070,direct',
      'GOPROXY=http://127.0.0.1:7070,direct',
    ],
    ['http://a|direct', "'http://a|direct'", '"http://a|direct"'],
    ['http://[::1]:7070', "'http://[::1]:7070'", '"http://[::1]:7070"'],
    ["it's", String.raw`'it'\''s'`, `"it's"`],
    ['$(touch x)', "'$(touch x)'", '"$(touch x)"'],
    [String.raw`C:\a`, String.raw`'C:\a'`, String.raw`C:\a`],
    ['', "''", '""'],
  ];
  for (const [text, posix, windows] of table) {
    assert.equal(shellWord(text, 'linux'), posix);
    assert.equal(shellWord(text, 'win32'), windows);
  }
});

await testWith(['bash'], 'a shell gets back what was written, whatever it is', () => {
  const texts = fc.sample(
    fc.string({ unit: fc.constantFrom("'", '"', '$', '`', '\\', '\n', ' ', '(', 'a', '*', '~', '!') }),
    200,
  );
  const words = texts.map((text) => shellWord(text, 'linux'));
  const out = execFileSync('bash', ['-c', `printf '%s\\0' ${words.join(' ')}`]).toString();
  assert.deepEqual(out.split('\0').slice(0, -1), texts);
});
