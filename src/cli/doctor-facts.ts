import { readdir, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { knownMirrors } from '../config/built-in-list.ts';
import type { GoFacts } from '../doctor/check-go.ts';
import { readRequirements } from '../gomod/go-mod.ts';
import { askGo, type GoSays } from '../host/go-facts.ts';
import { readGoEnvironment } from '../host/go-env.ts';
import { goFolders } from '../host/go-folders.ts';
import { userFolders } from '../host/user-folders.ts';
import type { CliContext } from './context.ts';
import { installedIn, ownPlatform, toolchainsDir } from './toolchain-folder.ts';

/** Go on this machine, and what it says of itself. */
export type GoOfMachine = {
  readonly facts: GoFacts;
  readonly says: GoSays | undefined;
  /** Hosts of the public mirrors that everybody knows. */
  readonly wellKnown: ReadonlySet<string>;
};

/** Looks at Go, its settings and the folders that it uses. Never rejects. */
export async function goOfMachine(context: CliContext): Promise<GoOfMachine> {
  const { platform, env, systemHome, cwd } = context;
  const go = await readGoEnvironment(platform, env, userFolders(platform, env, systemHome), cwd);
  const says = await askGo(go, env, cwd);
  const { gopath } = goFolders(platform, env, go, systemHome);
  const programs = gopath === undefined ? [] : await readdir(join(gopath, 'bin')).catch(() => []);
  const own = ownPlatform(context);
  const installed = (await installedIn(toolchainsDir({}, context)))
    .filter(({ os, arch }) => os === own.os && arch === own.arch)
    .map(({ version }) => version);
  const facts: GoFacts = {
    command: go.command,
    version: says?.own.GOVERSION,
    goroot: go.goroot,
    gopath,
    hasGopathBin: programs.length > 0,
    path: (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => folder !== ''),
    values: says?.values ?? new Map(),
    written: go.files.user,
    installed,
    join,
  };
  const wellKnown = new Set(knownMirrors(go.files.goroot.get('GOPROXY')).map((url) => new URL(url).hostname));
  return { facts, says, wellKnown };
}

/** What a project here says of its vendor folder. */
export type VendorFacts = {
  readonly requires: ReturnType<typeof readRequirements>['requires'];
  /** Absent where there is no vendor folder. */
  readonly modulesTxt: string | undefined;
};

/** Of the project in the working folder; undefined where there is none. Never rejects. */
export async function vendorFacts(cwd: string): Promise<VendorFacts | undefined> {
  const read = (name: string): Promise<string | undefined> =>
    readFile(join(cwd, name), 'utf8').catch(() => undefined);
  const goMod = await read('go.mod');
  if (goMod === undefined) return undefined;
  return {
    requires: readRequirements(goMod).requires,
    modulesTxt: await read(join('vendor', 'modules.txt')),
  };
}
