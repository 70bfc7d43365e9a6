import { mkdir, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { findExecutable } from '../../src/host/find-executable.ts';
import { fixtureModule, type FixtureModule } from '../support/fixture-modules.ts';

/** The Go that the pages install. */
const VERSION = '1.26.8';
const PLATFORMS = ['linux-amd64', 'linux-arm64', 'windows-amd64'];

/** What a shell has of its own on a machine where nobody has installed anything. */
const TOOLS = ['sh', 'bash', 'env', 'cat', 'uname', 'grep', 'sed', 'mkdir', 'cp', 'mv', 'rm', 'ls', 'sleep'];

/**
 * Go itself as the mirrors carry it, a module a platform. Its go command is the one of this machine, which it starts under
 * its own version: what is installed can build.
 */
export async function guideToolchains(env: NodeJS.ProcessEnv): Promise<FixtureModule[]> {
  const go = await findExecutable('go', process.platform, env, process.cwd());
  const real = go.kind === 'found' ? go.path : 'go';
  return Promise.all(
    PLATFORMS.map((platform) => {
      const version = `if [ "$1" = version ]; then echo "go version go${VERSION} ${platform.replace('-', '/')}"; exit; fi`;
      return fixtureModule({
        path: 'golang.org/toolchain',
        version: `v0.0.1-go${VERSION}.${platform}`,
        files: {
          [platform.startsWith('windows') ? 'bin/go.exe' : 'bin/go']:
            `#!/bin/sh\n${version}\nunset GOROOT\nexec '${real}' "$@"\n`,
          VERSION: `go${VERSION}\n`,
        },
      });
    }),
  );
}

/** Makes `folder`, with links to the tools of a machine without Go. */
export async function linkTools(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of TOOLS) {
    const found = await findExecutable(name, process.platform, env, process.cwd());
    if (found.kind === 'found') await symlink(found.path, join(folder, name));
  }
}

/** A value for PATH. */
export function pathOf(...folders: readonly string[]): string {
  return folders.join(delimiter);
}
