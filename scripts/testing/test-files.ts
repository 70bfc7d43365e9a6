import { globSync } from 'node:fs';
import { sep } from 'node:path';

/** Folders that hold tests, the slow ones first so that no long file is left for the end of a run. */
const TEST_FOLDERS = ['test/e2e', 'test/faults', 'test', 'src', 'scripts', 'bench'] as const;

/**
 * Every `*.test.ts` of the repository at `root`, relative and with forward slashes, slow ones first.
 * With `filters`, only files whose path contains one of them (`src/gomod`, `exec.test`).
 */
export function findTestFiles(root: string, filters: readonly string[] = []): string[] {
  const wanted = filters.map((filter) => filter.replaceAll('\\', '/').replace(/^\.\//, ''));
  const found = new Set<string>();
  for (const folder of TEST_FOLDERS) {
    const files = globSync(`${folder}/**/*.test.ts`, { cwd: root }).map((file) => file.split(sep).join('/'));
    for (const file of files.sort()) found.add(file);
  }
  return [...found].filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)));
}
