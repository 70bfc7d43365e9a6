import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** The repository. */
export const ROOT: string = join(import.meta.dirname, '..', '..');

const NOT_OURS = /^(node_modules|dist|coverage|\.git)(\/|$)/;

/**
 * Every file of the repository, relative and with forward slashes: what git tracks or would add, or, in
 * a checkout without git, everything that is not installed or built.
 */
export function repositoryFiles(root: string = ROOT): string[] {
  let files: string[];
  if (existsSync(join(root, '.git'))) {
    const options = { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
    files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], options).split('\0');
  } else {
    files = globSync('**/*', { cwd: root, exclude: (path) => NOT_OURS.test(path) });
    files.push(...globSync('{.*,.*/**/*}', { cwd: root, exclude: (path) => NOT_OURS.test(path) }));
  }
  const names = files.map((file) => file.split(sep).join('/')).filter((file) => file !== '');
  return [...new Set(names)].filter((file) => !NOT_OURS.test(file) && isFile(root, file)).sort();
}

/** git also lists what was deleted and not yet committed; glob also lists folders. */
function isFile(root: string, file: string): boolean {
  try {
    readFileSync(join(root, file));
    return true;
  } catch {
    return false;
  }
}

/** The text of one file of the repository. */
export function readRepositoryFile(file: string, root: string = ROOT): string {
  return readFileSync(join(root, file), 'utf8');
}
