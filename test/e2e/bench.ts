import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { escapeName, type FixtureModule } from '../support/fixture-modules.ts';
import { moduleOf, standardWorld, type FixtureWorld } from '../support/fixture-world.ts';
import type { GoRun } from '../support/go-command.ts';
import { startMirror, type MirrorProcess } from '../support/mirror-process.ts';
import type { Mirror, MirrorRequest, MirrorWorld } from '../support/mirror-server.ts';
import type { Cleanup } from '../support/temp-folder.ts';

/** What the mirrors of e2e tests carry, unless a test has its own. */
export const WORLD: FixtureWorld = await standardWorld();

/** The checksum database of WORLD. */
export const DATABASE: ChecksumDatabase = ChecksumDatabase.over(WORLD.modules);

/** WORLD with its database, as a mirror serves it. */
export const SERVED: MirrorWorld = { ...WORLD, database: DATABASE };

const REQUIRED: readonly (readonly [path: string, version: string])[] = [
  ['example.com/m', 'v1.3.0'],
  ['example.com/tree', 'v1.0.0'],
  ['example.com/double/v2', 'v2.1.0'],
  ['example.com/leaf', 'v1.1.0'],
  ['github.com/Fixture/Caps', 'v1.0.0'],
];

/** The modules that PROJECT needs. */
export const NEEDED: readonly FixtureModule[] = REQUIRED.map(([path, version]) =>
  moduleOf(WORLD, path, version),
);

/** Files of a project that needs NEEDED, with a complete go.mod and go.sum. */
export const PROJECT: Readonly<Record<string, string>> = {
  'go.mod': `module example.com/project\n\ngo 1.21\n\nrequire (\n${REQUIRED.map(([path, version]) => `\t${path} ${version}\n`).join('')})\n`,
  'go.sum': goSum(NEEDED),
  'main.go':
    'package main\n\nimport (\n\t"example.com/m"\n\t"example.com/tree"\n)\n\nfunc main() { println(tree.Name(), m.Name()) }\n',
};

/** PROJECT of a user whose go.sum is empty. */
export const UNSUMMED_PROJECT: Readonly<Record<string, string>> = { ...PROJECT, 'go.sum': '' };

/** The lines of go.sum for `modules`. */
export function goSum(modules: readonly FixtureModule[]): string {
  return modules
    .map(
      ({ path, version, zipH1, modH1 }) =>
        `${path} ${version} ${zipH1}\n${path} ${version}/go.mod ${modH1}\n`,
    )
    .join('');
}

/** Starts a mirror process for each of `names`, all with the same content. */
export function startMirrors<const N extends readonly string[]>(
  t: Cleanup,
  names: N,
  served: MirrorWorld = SERVED,
): Promise<{ [I in keyof N]: MirrorProcess }> {
  return Promise.all(names.map((name) => startMirror({ ...served, name }, t))) as Promise<{
    [I in keyof N]: MirrorProcess;
  }>;
}

/** A chain of these mirrors, as in GOPROXY. */
export function chainOf(mirrors: readonly Mirror[]): string {
  return mirrors.map(({ url }) => url).join(',');
}

/** The name that Rondo gives a mirror of a plain chain. */
export function nameOf(mirror: Mirror): string {
  return new URL(mirror.url).host;
}

/** What clients' requests made of a mirror: without Rondo's own health checks. */
export async function askedOf(mirror: Mirror): Promise<MirrorRequest[]> {
  return (await mirror.requests()).filter(({ path }) => !path.startsWith('/golang.org/x/text/@v/'));
}

/** Fails with what `go` said, and with what more is known. */
export function assertWorks(run: Pick<GoRun, 'code' | 'stderr'>, more = ''): void {
  assert.equal(run.code, 0, `${run.stderr}\n${more}`);
}

/**
 * Asserts that every file of the copy in `cacheDir` is, byte for byte, what `modules` and `database` have,
 * and that there is no other: nothing half-written, nothing of another name. Resolves with their number.
 */
export async function assertCopyIsRight(
  cacheDir: string,
  modules: readonly FixtureModule[] = WORLD.modules,
): Promise<number> {
  const right = new Map<string, Buffer>();
  for (const module of modules) {
    const stem = `${escapeName(module.path)}/@v/${escapeName(module.version)}`;
    right.set(`${stem}.info`, module.info).set(`${stem}.mod`, module.mod).set(`${stem}.zip`, module.zip);
    right.set(`${stem}.ziphash`, Buffer.from(module.zipH1));
  }
  const names = await copyFiles(cacheDir);
  // Lists are made of what is there, and the database's files prove themselves to the clients.
  const checked = names.filter((name) => !name.endsWith('/@v/list') && !name.startsWith('sumdb/'));
  for (const name of checked) {
    const expected = right.get(name);
    assert.ok(expected !== undefined, `${name} does not belong into the copy`);
    const found = await readFile(join(cacheDir, 'cache', 'download', name));
    assert.equal(sha256(found), sha256(expected), `${name}: ${found.length} of ${expected.length} bytes`);
  }
  return checked.length;
}

/** All files of the copy in Go's own layout, with forward slashes; those that somebody is still writing not. */
export async function copyFiles(cacheDir: string): Promise<string[]> {
  const names = await filesBelow(join(cacheDir, 'cache', 'download'));
  return names.filter((name) => !isUnfinished(name));
}

/** Whether the name of a file says that Rondo has not finished it. */
export function isUnfinished(name: string): boolean {
  return /(?:^|\/)\.rondo-[^/]*$/.test(name);
}

/** Every file below `folder`, relative to it and with forward slashes; none where there is no such folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/** In hex. */
export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
