import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tempFolder, type Cleanup } from './temp-folder.ts';

/** A project that is well known, builds with any Go from 1.20 on and is small for what it needs: 139 modules. */
const PROJECT = 'github.com/caddyserver/caddy/v2@v2.7.6';
/** Of which it needs the content, at least. */
export const LEAST_MODULES = 100;
/** The real one, with its real proofs. */
export const GOSUMDB: string = 'sum.golang.org';
/** For a slow line, and for a compiler that starts with nothing. */
export const TIMEOUT_MS = 400_000;

const run = promisify(execFile);

/** The first entry of this machine's own GOPROXY: whatever it is, it is never written down. */
export async function ownUpstream(): Promise<string> {
  const { stdout } = await run('go', ['env', 'GOPROXY']);
  const [first = ''] = stdout.trim().split(/[,|]/);
  assert.match(first, /^https?:\/\//, 'GOPROXY names no proxy first');
  return first;
}

/** The project as its authors published it, writable and in a folder of its own. */
export async function checkout(t: Cleanup): Promise<string> {
  const modCache = await tempFolder(t, 'checkout');
  const { stdout } = await run('go', ['mod', 'download', '-json', PROJECT], {
    cwd: modCache,
    env: { ...process.env, GOMODCACHE: modCache, GOFLAGS: '-mod=mod', GOWORK: 'off' },
    timeout: TIMEOUT_MS,
  });
  const { Dir } = JSON.parse(stdout) as { Dir: string };
  const folder = join(await tempFolder(t, 'project'), 'project');
  await cp(Dir, folder, { recursive: true });
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  }
  await chmod(folder, 0o755);
  return folder;
}

/** This machine's environment, with its certificates and proxies, for a user of their own. */
export async function ownEnvironment(t: Cleanup, goproxy: string): Promise<Record<string, string>> {
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    // What the tests are told is not for Rondo.
    value === undefined || name.startsWith('RONDO_') ? [] : [[name, value]],
  );
  const home = await tempFolder(t, 'home');
  const unset = { GOPRIVATE: '', GONOPROXY: '', GONOSUMDB: '', GOPROXY_OVERRIDE: '', XDG_STATE_HOME: '' };
  return {
    ...Object.fromEntries(own),
    ...unset,
    HOME: home,
    USERPROFILE: home,
    GOENV: 'off',
    GOPROXY: goproxy,
    GOSUMDB,
  };
}
