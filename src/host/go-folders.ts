import { posix, win32 } from 'node:path';
import type { GoEnvironment } from './go-env.ts';
import { type Environment, userFolders } from './user-folders.ts';

/** Folders of the go command, absolute; undefined where it has none. */
export type GoFolders = { readonly gopath: string | undefined; readonly modCache: string | undefined };

/**
 * GOPATH and GOMODCACHE as the go command finds them (cfg.envOr, cfg.gopathDir, go/build.defaultGOPATH): the
 * environment, what `go env -w` wrote, `$GOROOT/go.env`, then `go` in the home folder unless that is GOROOT itself. Of a
 * GOPATH of several folders the first one counts. Pure.
 */
export function goFolders(
  platform: NodeJS.Platform,
  env: Environment,
  { goroot, files }: Pick<GoEnvironment, 'goroot' | 'files'>,
  systemHome: string,
): GoFolders {
  const path = platform === 'win32' ? win32 : posix;
  const value = (name: string): string => env[name] || files.user.get(name) || files.goroot.get(name) || '';
  const usual = path.join(userFolders(platform, env, systemHome).home, 'go');
  const otherwise = goroot !== undefined && path.relative(goroot, usual) === '' ? '' : usual;
  const gopath = (value('GOPATH') || otherwise).split(path.delimiter)[0] || undefined;
  const modCache =
    value('GOMODCACHE') || (gopath === undefined ? undefined : path.join(gopath, 'pkg', 'mod'));
  return { gopath, modCache };
}
