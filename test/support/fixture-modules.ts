import { createCipheriv, createHash } from 'node:crypto';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { PassThrough } from 'node:stream';
import { ZipFile } from 'yazl';

/** One version of a module as a mirror holds it, with the hashes that a checksum database publishes. */
export type FixtureModule = {
  readonly path: string;
  readonly version: string;
  /** Bytes of `.info`. */
  readonly info: Buffer;
  /** Bytes of `.mod`. */
  readonly mod: Buffer;
  /** Bytes of `.zip`, as golang.org/x/mod/zip demands them: every entry is `<path>@<version>/…`. */
  readonly zip: Buffer;
  /** `h1:` of the go.mod file alone, as in `<path> <version>/go.mod h1:…`. */
  readonly modH1: string;
  readonly zipH1: string;
};

/** What `fixtureModule` makes a module from. */
export type FixtureSource = {
  readonly path: string;
  readonly version: string;
  /** The whole go.mod; made from `path` and `requires` when absent. */
  readonly goMod?: string;
  /** Name inside the module -> content. Without any, one Go file with a package that builds. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** `Time` of the `.info`, RFC 3339; `null` leaves it out, as some mirrors do. */
  readonly time?: string | null;
  /** Module path -> version, for go.mod and for imports of the generated package. */
  readonly requires?: Readonly<Record<string, string>>;
  /** Compress entries (default true). */
  readonly compress?: boolean;
  /** The year in the headers of the zip (default 1980): another one makes another zip of the same length and h1. */
  readonly zipYear?: number;
};

const FIXTURE_TIME = '2024-03-01T12:00:00Z';

/** Makes one version of a module. The same source always gives the same hashes. */
export async function fixtureModule(source: FixtureSource): Promise<FixtureModule> {
  const { path, version } = source;
  const goMod = source.goMod ?? goModText(path, source.requires ?? {});
  const files = source.files ?? { [`${packageName(path)}.go`]: packageText(path, source.requires ?? {}) };
  const entries = new Map<string, Buffer>();
  // A toolchain's zip has no go.mod of its own: its go.mod files are called _go.mod (cmd/go/internal/toolchain).
  if (path !== 'golang.org/toolchain') entries.set(`${path}@${version}/go.mod`, Buffer.from(goMod));
  for (const [name, content] of Object.entries(files)) {
    entries.set(`${path}@${version}/${name}`, Buffer.from(content));
  }
  const time = source.time === undefined ? FIXTURE_TIME : source.time;
  return {
    path,
    version,
    info: Buffer.from(
      JSON.stringify(time === null ? { Version: version } : { Version: version, Time: time }),
    ),
    mod: Buffer.from(goMod),
    zip: await zipOf(entries, source.compress ?? true, source.zipYear ?? 1980),
    modH1: hash1(new Map([['go.mod', Buffer.from(goMod)]])),
    zipH1: hash1(entries),
  };
}

/**
 * A module whose zip is a little larger than `sizeMiB` and cannot be compressed. The bytes depend on path
 * and version only.
 */
export function bigModule(path: string, version: string, sizeMiB: number): Promise<FixtureModule> {
  return fixtureModule({ path, version, files: noiseFiles(path, version, sizeMiB), compress: false });
}

/** The files of such a module, for other zips of the same content. */
export function noiseFiles(path: string, version: string, sizeMiB: number): Record<string, string | Buffer> {
  const key = createHash('sha256').update(`${path}@${version}`).digest();
  const noise = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(sizeMiB * 2 ** 20));
  return { [`${packageName(path)}.go`]: packageText(path, {}), 'testdata/noise.bin': noise };
}

/** `count` small modules `example.com/n/m0` … at v1.0.0, for tests that ask for many distinct files. */
export function manyModules(count: number): Promise<FixtureModule[]> {
  const make = (_: unknown, index: number): Promise<FixtureModule> =>
    fixtureModule({ path: `example.com/n/m${index}`, version: 'v1.0.0' });
  return Promise.all(Array.from({ length: count }, make));
}

/**
 * The `h1:` of named contents (`dirhash.Hash1`). Written here on its own, so that tests check src/gomod
 * against a second implementation and, through the real go command, against Go's.
 */
export function hash1(entries: ReadonlyMap<string, Buffer>): string {
  const names = [...entries.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const summary = createHash('sha256');
  for (const name of names) {
    const content = entries.get(name) ?? Buffer.alloc(0);
    summary.update(`${createHash('sha256').update(content).digest('hex')}  ${name}\n`);
  }
  return `h1:${summary.digest('base64')}`;
}

/** Escapes a module path or version for the wire and the disk (`module.EscapePath`, `module.EscapeVersion`). */
export function escapeName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

/** The package name of the generated source of module `path`: its last element without a major version. */
export function packageName(path: string): string {
  const name = path.replace(/\/v\d+$/, '').replace(/^.*\//, '');
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

async function zipOf(entries: ReadonlyMap<string, Buffer>, compress: boolean, year: number): Promise<Buffer> {
  const archive = new ZipFile();
  const failed = once(archive, 'error').then(([error]) => Promise.reject(error as Error));
  const options = {
    mtime: new Date(Date.UTC(year, 0, 2)),
    mode: 0o100644,
    forceDosTimestamp: true,
    compress,
  };
  for (const [name, content] of entries) archive.addBuffer(content, name, options);
  archive.end();
  return Promise.race([buffer(archive.outputStream.pipe(new PassThrough())), failed]);
}

function goModText(path: string, requires: Readonly<Record<string, string>>): string {
  const lines = Object.entries(requires).map(([required, version]) => `\t${required} ${version}\n`);
  const block = lines.length === 0 ? '' : `\nrequire (\n${lines.join('')})\n`;
  return `module ${path}\n\ngo 1.21\n${block}`;
}

/** A package with one function `Name`, which also calls `Name` of everything that it requires. */
function packageText(path: string, requires: Readonly<Record<string, string>>): string {
  const imports = Object.keys(requires).map((required) => `import ${packageName(required)} "${required}"\n`);
  const calls = Object.keys(requires).map((required) => ` + " " + ${packageName(required)}.Name()`);
  return `package ${packageName(path)}\n\n${imports.join('')}\nfunc Name() string { return "${path}"${calls.join('')} }\n`;
}
