import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryFiles } from './repository.ts';

test('own files are seen with git and without it, installed and built ones are not', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'rondo-repository-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const file of ['a.ts', 'src/b.ts', '.ci/run', '.editorconfig', 'node_modules/x/i.js', 'dist/d.js']) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), '');
  }
  const own = ['.ci/run', '.editorconfig', 'a.ts', 'src/b.ts'];
  assert.deepEqual(repositoryFiles(root), own);
  execFileSync('git', ['init', '-q'], { cwd: root });
  writeFileSync(join(root, '.gitignore'), 'secret.txt\n');
  writeFileSync(join(root, 'secret.txt'), '');
  assert.deepEqual(repositoryFiles(root), [...own.slice(0, 2), '.gitignore', ...own.slice(2)]);
});
