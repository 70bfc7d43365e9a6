import { open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { messageOf } from '../errors/rondo-error.ts';
import { fieldsOf } from '../gomod/fields.ts';
import type { Environment } from './user-folders.ts';

/** One login of a netrc file: for a host, with its port if it has one, or for what is below a path of it. */
export type NetrcLogin = { readonly machine: string; readonly login: string; readonly password: string };

/** The user's netrc file. */
export type Netrc = {
  readonly path: string;
  /** As in the file; of two with one machine the first counts. */
  readonly logins: readonly NetrcLogin[];
  /** Why the file, though it is there, says nothing. */
  readonly problem?: string;
};

const MAX_BYTES = 1024 * 1024;

/**
 * The logins of a netrc file exactly as the go command reads them (cmd/go/internal/auth, parseNetrc): tokens
 * in pairs on one line, a login complete with machine, login and password, macros skipped, a `default`
 * without effect.
 */
export function parseNetrc(content: string): NetrcLogin[] {
  const logins: NetrcLogin[] = [];
  let current = { machine: '', login: '', password: '' };
  let inMacro = false;
  for (const line of content.split('\n')) {
    if (inMacro) {
      inMacro = line !== '';
      continue;
    }
    const fields = fieldsOf(line);
    let index = 0;
    for (; index < fields.length - 1; index += 2) {
      const value = fields[index + 1] ?? '';
      const token = fields[index];
      if (token === 'machine') current = { machine: value, login: '', password: '' };
      else if (token === 'login') current.login = value;
      else if (token === 'password') current.password = value;
      else if (token === 'macdef') inMacro = true;
      if (current.machine !== '' && current.login !== '' && current.password !== '') {
        logins.push(current);
        current = { machine: '', login: '', password: '' };
      }
    }
    if (fields[index] === 'default') break;
  }
  return logins;
}

/** Where go looks, the first file that is there: NETRC alone, else `_netrc` (Windows) and `.netrc` in the home that the environment names. */
export function netrcPaths(platform: NodeJS.Platform, env: Environment): string[] {
  const named = env['NETRC'];
  if (named) return [named];
  const home = platform === 'win32' ? env['USERPROFILE'] : env['HOME'];
  if (!home) return [];
  return platform === 'win32' ? [join(home, '_netrc'), join(home, '.netrc')] : [join(home, '.netrc')];
}

/**
 * The user's netrc file; undefined if there is none. Never rejects. As for go, it does not matter who else
 * may read it.
 */
export async function readNetrc(
  platform: NodeJS.Platform,
  env: Environment,
  cwd: string,
): Promise<Netrc | undefined> {
  for (const name of netrcPaths(platform, env)) {
    const path = resolve(cwd, name);
    try {
      const content = await readSmallFile(path);
      return { path, logins: parseNetrc(content) };
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') continue;
      return { path, logins: [], problem: messageOf(error) };
    }
  }
  return undefined;
}

async function readSmallFile(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    if ((await handle.stat()).size > MAX_BYTES) throw new Error('it is larger than 1 MiB');
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
