import { bigModule, fixtureModule, type FixtureModule, type FixtureSource } from './fixture-modules.ts';

/** What a `.info` of something that is no canonical version (a branch, a commit) resolves to. */
export type FixtureQuery = { readonly path: string; readonly query: string; readonly version: string };

/**
 * Everything that a mirror carries. The versions of one path stand in ascending order: `@latest` is the
 * last release, else the last pre-release, else the last pseudo-version.
 */
export type FixtureWorld = {
  readonly modules: readonly FixtureModule[];
  readonly queries: readonly FixtureQuery[];
};

/** A version of `example.com/untagged`, whose list is empty and whose `@latest` and branch `main` are this. */
export const UNTAGGED_VERSION = 'v0.0.0-20240102030405-abcdef123456';

/** A pseudo-version of `example.com/preview` that follows its last pre-release. */
export const PREVIEW_PSEUDO_VERSION = 'v0.1.0-beta.2.0.20240405060708-0123456789ab';

const SOURCES: readonly FixtureSource[] = [
  { path: 'example.com/leaf', version: 'v1.0.0' },
  { path: 'example.com/leaf', version: 'v1.1.0' },
  { path: 'example.com/leaf', version: 'v1.2.0-rc.1' },
  { path: 'github.com/Fixture/Caps', version: 'v1.0.0', requires: { 'example.com/leaf': 'v1.0.0' } },
  { path: 'example.com/double', version: 'v1.5.0' },
  { path: 'example.com/double/v2', version: 'v2.1.0', requires: { 'example.com/leaf': 'v1.1.0' } },
  {
    path: 'example.com/tree',
    version: 'v1.0.0',
    requires: { 'example.com/double/v2': 'v2.1.0', 'github.com/Fixture/Caps': 'v1.0.0' },
  },
  { path: 'example.com/m', version: 'v1.3.0' },
  { path: 'example.com/m/sub', version: 'v0.2.0', time: null },
  { path: 'example.com/preview', version: 'v0.1.0-alpha.1' },
  { path: 'example.com/preview', version: 'v0.1.0-beta.2' },
  { path: 'example.com/preview', version: PREVIEW_PSEUDO_VERSION },
  { path: 'example.com/untagged', version: UNTAGGED_VERSION, time: '2024-01-02T03:04:05Z' },
];

/**
 * The modules that most tests use: a graph (`example.com/tree` needs `double/v2` and `github.com/Fixture/Caps`,
 * those need `leaf`), a path with capitals, a `/v2`, pre-releases, pseudo-versions, `example.com/m/sub` beside
 * `example.com/m`, an untagged module, `example.com/big` of `bigMiB` MiB (default 1) and the toolchain go1.99.9.
 */
export async function standardWorld(options: { bigMiB?: number } = {}): Promise<FixtureWorld> {
  const modules = await Promise.all(SOURCES.map(fixtureModule));
  modules.push(await bigModule('example.com/big', 'v1.0.0', options.bigMiB ?? 1));
  modules.push(await toolchainModule('linux-amd64'));
  if (goPlatform() !== 'linux-amd64') modules.push(await toolchainModule(goPlatform()));
  const queries = [
    { path: 'example.com/untagged', query: 'main', version: UNTAGGED_VERSION },
    { path: 'example.com/preview', query: 'main', version: PREVIEW_PSEUDO_VERSION },
    { path: 'example.com/leaf', query: 'v1', version: 'v1.1.0' },
  ];
  return { modules, queries };
}

/** What `go version` of the fixture toolchain prints. */
export const TOOLCHAIN_WORDS = 'go version go1.99.9 linux/amd64';

/**
 * `golang.org/toolchain@v0.0.1-go1.99.9.<platform>`: bin/go is a shell script that prints TOOLCHAIN_WORDS.
 * `toolchain.Exec` demands bin/go (it sets the exec bits) and src/_go.mod (it copies that to src/go.mod).
 */
export function toolchainModule(platform: string): Promise<FixtureModule> {
  return fixtureModule({
    path: 'golang.org/toolchain',
    version: `v0.0.1-go1.99.9.${platform}`,
    goMod: 'module golang.org/toolchain\n',
    files: {
      'bin/go': `#!/bin/sh\necho ${TOOLCHAIN_WORDS}\n`,
      'bin/gofmt': '#!/bin/sh\nexit 0\n',
      'pkg/tool/linux_amd64/compile': '#!/bin/sh\nexit 0\n',
      'lib/wasm/go_js_wasm_exec': '#!/bin/sh\nexit 0\n',
      'src/_go.mod': 'module std\n\ngo 1.99\n',
      VERSION: 'go1.99.9\n',
    },
  });
}

/** This machine as Go names it, e.g. `linux-amd64`. */
export function goPlatform(): string {
  const systems: Partial<Record<NodeJS.Platform, string>> = { win32: 'windows', sunos: 'solaris' };
  const architectures: Record<string, string> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };
  const system = systems[process.platform] ?? process.platform;
  return `${system}-${architectures[process.arch] ?? process.arch}`;
}

/** The module `path@version` of `world`; throws if it is not there. */
export function moduleOf(world: FixtureWorld, path: string, version: string): FixtureModule {
  const found = world.modules.find((module) => module.path === path && module.version === version);
  if (found === undefined) throw new Error(`no fixture ${path}@${version}`);
  return found;
}
