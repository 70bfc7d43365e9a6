import { readdir, realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { GoFacts } from '../doctor/check-go.ts';
import type { VendorFacts } from '../doctor/check-vendor.ts';
import { readRequirements } from '../gomod/go-mod.ts';
import { parseGoproxyList } from '../gomod/goproxy-list.ts';
import { findExecutable } from '../host/find-executable.ts';
import { askGo, type GoSays } from '../host/go-facts.ts';
import { gorootOf, readGoEnvironment, type GoEnvironment } from '../host/go-env.ts';
import { goFolders } from '../host/go-folders.ts';
import { refusesConnections } from '../host/loopback.ts';
import { readPlainText } from '../host/read-plain-file.ts';
import { isToolchain } from '../host/unpack-toolchain.ts';
import { userFolders } from '../host/user-folders.ts';
import { addressOf, isLoopback, type Address } from '../kit/address.ts';
import type { CliContext } from './context.ts';
import type { Project } from './project-files.ts';
import { installedIn, ownPlatform, toolchainsDir } from './toolchain-folder.ts';

/** Go on this machine, and what it says of itself. */
export type GoOfMachine = {
  readonly facts: GoFacts;
  readonly says: GoSays | undefined;
};

/** Looks at Go, its settings and the folders that it uses. Rejects with the signal's reason only. */
export async function goOfMachine(context: CliContext, signal: AbortSignal): Promise<GoOfMachine> {
  const { platform, env, systemHome, cwd } = context;
  const go = await readGoEnvironment(platform, env, userFolders(platform, env, systemHome), cwd);
  const says = await settingsOf(go, context, signal);
  signal.throwIfAborted();
  const ownGoroot = await realPathOf(await gorootOf(go.command));
  const goroot =
    go.goroot !== undefined && (await isToolchain(go.goroot)) ? await realPathOf(go.goroot) : undefined;
  const { gopath } = goFolders(platform, env, go, systemHome);
  const programs = gopath === undefined ? [] : await readdir(join(gopath, 'bin')).catch(() => []);
  const own = ownPlatform(context);
  const installed = (await installedIn(toolchainsDir({}, context)))
    .filter(({ os, arch }) => os === own.os && arch === own.arch)
    .map(({ version }) => version);
  const facts: GoFacts = {
    command: go.command,
    version: says?.own.GOVERSION,
    goroot,
    ownGoroot,
    hasGofmt: (await findExecutable('gofmt', platform, env, cwd)).kind === 'found',
    gopath,
    hasGopathBin: programs.length > 0,
    path: (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => folder !== ''),
    values: says?.values ?? new Map(),
    written: go.files.user,
    silent: await silentProxies(says?.values.get('GOPROXY')?.value ?? ''),
    installed,
    join,
  };
  return { facts, says };
}

/** So many are tried: each may take half a second. */
const MOST_TRIED = 8;

/** Which proxies of this machine in go's own setting refuse: Rondo or another that is not running. Never rejects. */
async function silentProxies(goproxy: string): Promise<Address[]> {
  let named: Address[] = [];
  try {
    named = parseGoproxyList(goproxy).entries.map(({ url }) => addressOf(new URL(url)));
  } catch {
    return []; // No list at all, which is said elsewhere.
  }
  const here = named.filter(({ host, port }) => isLoopback(host) && port !== 0).slice(0, MOST_TRIED);
  const tried = here.map(async (each) => ((await refusesConnections(each.host, each.port)) ? [each] : []));
  return (await Promise.all(tried)).flat();
}

/** A GOROOT that names nothing makes go fail whatever it is asked: then it is asked without, and what it is told is kept. */
async function settingsOf(
  go: GoEnvironment,
  { env, cwd, clock }: CliContext,
  signal: AbortSignal,
): Promise<GoSays | undefined> {
  const asking = { env, cwd, clock, signal };
  const says = await askGo(go, asking);
  const written = go.files.user.get('GOROOT');
  const value = written || env['GOROOT'];
  if (says !== undefined || !value) return says;
  const bare = { ...env, GOROOT: '', ...(written ? { GOENV: 'off' } : {}) };
  const without = await askGo(go, { ...asking, env: bare });
  if (without === undefined) return undefined;
  const from = written ? 'go env -w' : 'environment';
  return { ...without, values: new Map([...without.values, ['GOROOT', { value, from }]]) };
}

async function realPathOf(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : realpath(path).catch(() => path);
}

/** The largest vendor/modules.txt in use have some hundred kilobytes. */
const MAX_VENDOR_BYTES = 16 * 1024 * 1024;

/** What a project says of its vendor folder; undefined where there is no go.mod. Never rejects. */
export async function vendorFacts(project: Project | undefined): Promise<VendorFacts | undefined> {
  if (project === undefined || project.kind === 'go-sum') return undefined;
  const read = (folder: string, ...names: string[]): Promise<string | undefined> =>
    readPlainText(join(folder, ...names), MAX_VENDOR_BYTES).catch(() => undefined);
  const modulesTxt = await read(project.folder, 'vendor', 'modules.txt');
  const goMods: string[] = [];
  if (modulesTxt !== undefined)
    for (const folder of project.modules) goMods.push((await read(folder, 'go.mod')) ?? '');
  return {
    requires: goMods.flatMap((goMod) => readRequirements(goMod).requires),
    modulesTxt,
    isWorkspace: project.kind === 'workspace',
  };
}
