import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { goPlatformOf, parseToolchainName, type GoPlatform, type Toolchain } from '../gomod/toolchain.ts';
import { compareGoVersions } from '../gomod/go-version.ts';
import { isToolchain } from '../host/unpack-toolchain.ts';
import { userFolders } from '../host/user-folders.ts';
import type { CliContext } from './context.ts';
import type { Flags } from './flags.ts';

/** A toolchain that is installed. */
export type Installed = Toolchain & { readonly path: string };

/** Where toolchains lie: `--dir`, or the user's own folder. */
export function toolchainsDir({ dir }: Flags, { platform, env, systemHome, cwd }: CliContext): string {
  return dir === undefined
    ? join(userFolders(platform, env, systemHome).dataDir, 'toolchains')
    : resolve(cwd, dir);
}

/** The platform of this machine. */
export function ownPlatform({ platform, arch }: CliContext): GoPlatform {
  return goPlatformOf(platform, arch);
}

/** The toolchains in a folder, the newest first; none where there is no such folder. Never rejects. */
export async function installedIn(dir: string): Promise<Installed[]> {
  const names = await readdir(dir).catch(() => []);
  const found: Installed[] = [];
  for (const name of names) {
    const toolchain = parseToolchainName(name);
    const path = join(dir, name);
    if (toolchain !== undefined && (await isToolchain(path))) found.push({ ...toolchain, path });
  }
  return found.sort((a, b) => compareGoVersions(b.version, a.version) || (a.path < b.path ? -1 : 1));
}
