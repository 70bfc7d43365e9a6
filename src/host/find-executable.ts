import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { posix, win32 } from 'node:path';
import type { Environment } from './user-folders.ts';

/**
 * The paths at which a shell would look for `command`, in its order. A command with a slash is looked for
 * at that place only. Windows tries the endings of PATHEXT; there only the absolute folders of PATH count,
 * never the working folder, where a checkout could lay a `go.exe` (Go refuses that too: exec.ErrDot). Pure.
 */
export function executableCandidates(
  command: string,
  platform: NodeJS.Platform,
  env: Environment,
  cwd: string,
): string[] {
  if (platform !== 'win32') {
    if (command.includes('/')) return [posix.resolve(cwd, command)];
    // An empty element of PATH is the working folder.
    const folders = (env['PATH'] ?? '').split(':').map((folder) => posix.resolve(cwd, folder));
    return command === '' || env['PATH'] === undefined
      ? []
      : folders.map((folder) => posix.join(folder, command));
  }
  const variables = new Map(Object.entries(env).map(([name, value]) => [name.toUpperCase(), value]));
  const endings = (variables.get('PATHEXT') || '.COM;.EXE;.BAT;.CMD')
    .split(';')
    .filter((ending) => ending !== '');
  const folders = (variables.get('PATH') ?? '').split(';').filter((folder) => win32.isAbsolute(folder));
  const places = /[\\/]/.test(command) ? [''] : folders;
  const hasEnding = endings.some((ending) => command.toLowerCase().endsWith(ending.toLowerCase()));
  const names = hasEnding ? [command] : endings.map((ending) => `${command}${ending.toLowerCase()}`);
  if (command === '') return [];
  return places.flatMap((folder) => names.map((name) => win32.resolve(cwd, folder, name)));
}

/** What was found of a command. */
export type FoundExecutable =
  | { readonly kind: 'found'; readonly path: string }
  /** There is such a file, but it may not be run (exit code 126). */
  | { readonly kind: 'not-executable'; readonly path: string }
  /** Exit code 127. */
  | { readonly kind: 'not-found' };

/** Finds `command` as a shell would. */
export async function findExecutable(
  command: string,
  platform: NodeJS.Platform,
  env: Environment,
  cwd: string,
): Promise<FoundExecutable> {
  let unusable: string | undefined;
  const candidates = executableCandidates(command, platform, env, cwd).map(async (path) => ({
    path,
    found: await stat(path).catch(() => undefined),
  }));
  for (const { path, found } of await Promise.all(candidates)) {
    if (found === undefined) continue;
    const runs =
      found.isFile() &&
      (await access(path, constants.X_OK).then(
        () => true,
        () => false,
      ));
    if (runs) return { kind: 'found', path };
    // A folder of that name on PATH is nothing; one that was named is.
    if (found.isFile() || /[\\/]/.test(command)) unusable ??= path;
  }
  return unusable === undefined ? { kind: 'not-found' } : { kind: 'not-executable', path: unusable };
}
