import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { goCommand, goWorkspace, type GoRun } from '../support/go-command.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup, serveRondo, type ServedRondo } from '../support/rondo-process.ts';
import { tempFolder, type Cleanup } from '../support/temp-folder.ts';
import { assertWorks } from './bench.ts';

/** A project that is well known, builds with any Go from 1.20 on and is small for what it needs: 139 modules. */
const PROJECT = 'github.com/caddyserver/caddy/v2@v2.7.6';
const LEAST_MODULES = 100;
/** The real one, with its real proofs. */
const GOSUMDB = 'sum.golang.org';
/** For a slow line, and for a compiler that starts with nothing. */
const TIMEOUT_MS = 400_000;

const run = promisify(execFile);

/** The first entry of this machine's own GOPROXY: whatever it is, it is never written down. */
async function ownUpstream(): Promise<string> {
  const { stdout } = await run('go', ['env', 'GOPROXY']);
  const [first = ''] = stdout.trim().split(/[,|]/);
  assert.match(first, /^https?:\/\//, 'GOPROXY names no proxy first');
  return first;
}

/** The project as its authors published it, writable and in a folder of its own. */
async function checkout(t: Cleanup): Promise<string> {
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
async function ownEnvironment(t: Cleanup, goproxy: string): Promise<Record<string, string>> {
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
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

/** `go` with an empty GOMODCACHE that knows nothing but Rondo. */
async function go(
  t: Cleanup,
  cwd: string,
  rondo: ServedRondo,
  ...commands: (readonly string[])[]
): Promise<GoRun> {
  const workspace = await goWorkspace(t);
  const env = { GOFLAGS: '-buildvcs=false' };
  const options = { workspace, cwd, goproxy: rondo.url, gosumdb: GOSUMDB, env, timeoutMs: TIMEOUT_MS };
  let last: GoRun | undefined;
  for (const args of commands) {
    last = await goCommand(args, options);
    assertWorks(last, `go ${args.join(' ')}\n${rondo.stderr().slice(-4000)}`);
  }
  assert.ok(last !== undefined);
  return last;
}

async function provesItself(context: TestContext): Promise<void> {
  const t = reverseCleanup(context);
  const [cwd, upstream, cacheDir] = await Promise.all([checkout(t), ownUpstream(), tempFolder(t, 'copy')]);
  const env = await ownEnvironment(t, upstream);
  const online = await serveRondo(t, { env, cacheDir });
  const startMs = Date.now();
  const verified = await go(t, cwd, online, ['mod', 'download'], ['mod', 'verify']);
  assert.match(verified.stdout, /all modules verified/);
  context.diagnostic(`go mod download and verify: ${Math.round((Date.now() - startMs) / 1000)} s`);
  const zips = (await online.metrics())('rondo_flights_total', { kind: 'zip', ok: 'true' });
  assert.ok(zips >= LEAST_MODULES, `only ${zips} zips`);
  assert.equal(await online.stop(), 0);

  const sums = await readFile(join(cwd, 'go.sum'), 'utf8');
  const offline = await serveRondo(t, { env, cacheDir, offline: true });
  const built = await go(t, cwd, offline, ['build', './...']);
  context.diagnostic(`go build ./... offline: ${Math.round(built.durationMs / 1000)} s`);
  assert.equal((await offline.metrics())('rondo_flights_total'), 0, 'nothing was fetched');
  assert.equal(await readFile(join(cwd, 'go.sum'), 'utf8'), sums, 'go.sum was complete');
  assert.equal(await offline.stop(), 0);
}

await testWith(
  ['go', 'network'],
  'a real project of 139 modules downloads through Rondo and builds offline',
  provesItself,
);
