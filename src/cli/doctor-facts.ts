import { readdir, realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { GoFacts } from '../doctor/check-go.ts';
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
import { installedIn, ownPlatform, toolchainsDir } from './toolchain-folder.ts';

/** Go on this machine, and what it says of itself. */
export type GoOfMachine = {
  readonly facts: GoFacts;
  readonly says: GoSays | undefined;
};

/** Looks at Go, its settings and the folders that it uses. Never rejects. */
export async function goOfMachine(context: CliContext): Promise<GoOfMachine> {
  const { platform, env, systemHome, cwd } = context;
  const go = await readGoEnvironment(platform, env, userFolders(platform, env, systemHome), cwd);
  const says = await settingsOf(go, context);
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
async function settingsOf(go: GoEnvironment, { env, cwd }: CliContext): Promise<GoSays | undefined> {
  const says = await askGo(go, env, cwd);
  const written = go.files.user.get('GOROOT');
  const value = written || env['GOROOT'];
  if (says !== undefined || !value) return says;
  const without = await askGo(go, { ...env, GOROOT: '', ...(written ? { GOENV: 'off' } : {}) }, cwd);
  if (without === undefined) return undefined;
  const from = written ? 'go env -w' : 'environment';
  return { ...without, values: new Map([...without.values, ['GOROOT', { value, from }]]) };
}

async function realPathOf(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : realpath(path).catch(() => path);
}

/** What a project here says of its vendor folder. */
export type VendorFacts = {
  readonly requires: ReturnType<typeof readRequirements>['requires'];
  /** Absent where there is no vendor folder. */
  readonly modulesTxt: string | undefined;
};

/** The largest vendor/modules.txt in use have some hundred kilobytes. */
const MAX_VENDOR_BYTES = 16 * 1024 * 1024;

/** Of the project in the working folder; undefined where there is none. Never rejects. */
export async function vendorFacts(cwd: string): Promise<VendorFacts | undefined> {
  const read = (name: string): Promise<string | undefined> =>
    readPlainText(join(cwd, name), MAX_VENDOR_BYTES).catch(() => undefined);
  const goMod = await read('go.mod');
  if (goMod === undefined) return undefined;
  return {
    requires: readRequirements(goMod).requires,
    modulesTxt: await read(join('vendor', 'modules.txt')),
  };
}
