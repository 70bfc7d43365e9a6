import { realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { findExecutable } from './find-executable.ts';
import { readPlainText } from './read-plain-file.ts';
import type { Environment, UserFolders } from './user-folders.ts';

/** Go on this machine, read without running it. */
export type GoEnvironment = {
  /** The `go` command, if there is one on PATH. */
  readonly command: string | undefined;
  readonly goroot: string | undefined;
  readonly files: {
    /** What `go env -w` wrote. */
    readonly user: ReadonlyMap<string, string>;
    /** `$GOROOT/go.env`. */
    readonly goroot: ReadonlyMap<string, string>;
  };
};

const MAX_BYTES = 1024 * 1024;

/** Finds Go and reads its two environment files as the go command does (cfg.initEnvCache). Never rejects. */
export async function readGoEnvironment(
  platform: NodeJS.Platform,
  env: Environment,
  folders: UserFolders,
  cwd: string,
): Promise<GoEnvironment> {
  const userFile = goEnvFile(env, folders.goConfigDir);
  const userValues =
    userFile === undefined ? new Map<string, string>() : await readEnvFile(resolve(cwd, userFile));
  const found = await findExecutable('go', platform, env, cwd);
  const command = found.kind === 'found' ? found.path : undefined;
  // In this order: cfg.findGOROOT is handed the file's value and asks the environment only without one.
  const named = userValues.get('GOROOT') || env['GOROOT'];
  const goroot = named ? resolve(cwd, named) : await gorootOf(command);
  const gorootValues =
    goroot === undefined ? new Map<string, string>() : await readEnvFile(join(goroot, 'go.env'));
  return { command, goroot, files: { user: userValues, goroot: gorootValues } };
}

/** The file that `go env -w` writes: GOENV unless empty, nothing if it is `off`, else `go/env` in the user's configuration (cfg.EnvFile). */
export function goEnvFile(env: Environment, goConfigDir: string | undefined): string | undefined {
  const named = env['GOENV'];
  if (named) return named === 'off' ? undefined : named;
  return goConfigDir === undefined ? undefined : join(goConfigDir, 'env');
}

/**
 * The values of an environment file of go: only lines that start with A-Z and have a `=` count, the last
 * of a name wins, nothing is quoted or trimmed (cfg.readEnvFile).
 */
export function parseEnvFile(content: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of content.split('\n')) {
    const at = line.indexOf('=');
    if (at > 0 && /^[A-Z]/.test(line)) values.set(line.slice(0, at), line.slice(at + 1));
  }
  return values;
}

async function readEnvFile(path: string): Promise<Map<string, string>> {
  try {
    return parseEnvFile((await readPlainText(path, MAX_BYTES)) ?? '');
  } catch {
    return new Map(); // As for go: a file that cannot be read is no file.
  }
}

/**
 * The GOROOT that a go command lies in, whatever GOROOT says: the folder above `bin`, first by the command's name, then by
 * where links lead (cfg.findGOROOT). Undefined where that is none. Never rejects.
 */
export async function gorootOf(command: string | undefined): Promise<string | undefined> {
  if (command === undefined) return undefined;
  const real = await realpath(command).catch(() => command);
  for (const path of [command, real]) {
    // bin/go, or bin/GOOS_GOARCH/go where it was cross-compiled.
    for (const root of [dirname(dirname(path)), dirname(dirname(dirname(path)))]) {
      const tools = await stat(join(root, 'pkg', 'tool')).catch(() => undefined);
      if (tools?.isDirectory() === true) return root;
    }
  }
  return undefined;
}
