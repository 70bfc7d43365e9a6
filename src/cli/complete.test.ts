import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RONDO } from './commands.ts';
import { complete } from './complete.ts';

function valuesOf(line: string): string[] {
  return complete(line.split(' '), RONDO).candidates.map(({ value }) => value);
}

test('commands, options, and the few values that some have', () => {
  const table: [string, readonly string[]][] = [
    ['c', ['config', 'cache', 'completion']],
    ['config ', ['show', 'check', 'trust', 'docs', 'help']],
    ['help conf', ['config']],
    ['help config ', ['show', 'check', 'trust', 'docs']],
    ['config help ch', ['check']],
    ['help cache ls ', []],
    ['--lang ', ['en', 'zh']],
    ['--lang zh sy', ['sync']],
    ['config sh', ['show']],
    ['config show --or', ['--origin']],
    ['config show --origin --or', []],
    ['serve --po', ['--port']],
    ['serve --port ', []],
    ['serve --port 7070 --ho', ['--host']],
    ['cache ls --sort ', ['name', 'size', 'last']],
    ['cache ls --sort s', ['size']],
    ['serve --set a=b --se', ['--set']],
    ['completion ', ['bash', 'zsh', 'fish', 'powershell']],
    ['toolchain install 1.26.8 --o', ['--os', '--offline']],
    ['toolchain install 1.26.8 --os d', ['darwin', 'dragonfly']],
    ['toolchain install 1.26.8 --arch mips64', ['mips64', 'mips64le']],
    ['env --shell ', ['bash', 'zsh', 'fish', 'pwsh', 'sh']],
    ['nonsense ', []],
    ['exec -- go ', []],
    ['--v', ['--verbose', '--version']],
    ['version --he', ['--help']],
  ];
  for (const [line, expected] of table) assert.deepEqual(valuesOf(line), expected, line);
});

test('files where a file is meant, folders where a folder is', () => {
  const table: [string, string][] = [
    ['config check ', 'files'],
    ['serve --config ', 'files'],
    ['cache export ', 'folders'],
    ['cache import ', 'files'],
    ['sync ', 'folders'],
    ['sync one ', 'folders'],
    ['sync --target ', 'files'],
    ['verify ', 'files'],
    ['exec -- ./', 'files'],
    ['cache rm ', 'none'],
    ['config ', 'none'],
    ['', 'none'],
  ];
  for (const [line, files] of table) assert.equal(complete(line.split(' '), RONDO).files, files, line);
});
