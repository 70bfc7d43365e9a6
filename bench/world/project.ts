import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';
import { removeTree } from '../../test/support/temp-folder.ts';

/** A real project, and everything that anybody needs to download it. */
export type ProjectWorld = {
  /** For people: `NAME, N modules, M MB`. */
  readonly words: string;
  /** Its sources, with a tidy go.mod and a whole go.sum. Copy it before `go` writes there. */
  readonly project: string;
  /** In the layout of `GOMODCACHE/cache/download`. */
  readonly downloads: string;
  /** GOCACHE with everything that `go build -trimpath` of the project compiles, for this machine's go. */
  readonly buildCache: string;
};

/** Well known, builds with any Go from 1.25 on, and is small for what it needs. */
const PROJECT = 'github.com/caddyserver/caddy/v2@v2.10.2';

/** Of `go mod edit -json`, what is read here. */
type GoMod = { readonly Require: readonly unknown[] };

const STEP_LIMIT_MS = 30 * 60_000;
const run = promisify(execFile);

/**
 * The project, kept in `$BENCH_WORLD` or, without that, in a folder for temporary files, for all later benches.
 * Made where it is not there: through the GOPROXY of this machine's go, which then loads some 500 MB and
 * compiles for minutes. @throws Error with the words of `go` where that fails
 */
export async function projectWorld(go: string, progress: (words: string) => void): Promise<ProjectWorld> {
  const base = process.env['BENCH_WORLD'] || join(tmpdir(), 'rondo-bench-world');
  const folder = join(base, PROJECT.replaceAll(/[^\w.]+/g, '-'));
  const modCache = join(folder, 'mod');
  const world = {
    project: join(folder, 'project'),
    downloads: join(modCache, 'cache', 'download'),
    buildCache: join(folder, 'build'),
  };
  const made = join(folder, 'made.txt');
  const known = await readFile(made, 'utf8').catch(() => undefined);
  if (known !== undefined) return { ...world, words: known };
  await mkdir(folder, { recursive: true });
  const maker = new Maker(go, folder, modCache, world.buildCache, progress);
  await maker.checkOut(world.project);
  await maker.completeDownloads(world);
  progress('compiling it once');
  await maker.go(world.project, ['build', '-trimpath', './...']);
  const edited = JSON.parse(await maker.go(world.project, ['mod', 'edit', '-json'])) as GoMod;
  const mods = (await filesBelow(world.downloads)).filter((name) => name.endsWith('.mod'));
  const words = `${PROJECT}: ${edited.Require.length} modules required, ${mods.length} go.mod files in the graph`;
  await writeFile(made, words);
  return { ...world, words };
}

/** Runs go as this machine's user does, with its proxies and certificates, but with folders of the world's own. */
class Maker {
  readonly #go: string;
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #progress: (words: string) => void;

  constructor(
    go: string,
    folder: string,
    modCache: string,
    buildCache: string,
    progress: (words: string) => void,
  ) {
    this.#go = go;
    this.#folder = folder;
    this.#progress = progress;
    const goFlags = '-modcacherw -buildvcs=false';
    this.#env = {
      ...process.env,
      GOMODCACHE: modCache,
      GOCACHE: buildCache,
      GOFLAGS: goFlags,
      GOWORK: 'off',
      GOTOOLCHAIN: 'local',
      CGO_ENABLED: '0',
    };
  }

  async go(cwd: string, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
    const options = {
      cwd,
      env: { ...this.#env, ...env },
      timeout: STEP_LIMIT_MS,
      maxBuffer: 64 * 2 ** 20,
    };
    const { stdout } = await run(this.#go, [...args], options);
    return stdout;
  }

  /** The project as its authors published it, made tidy. */
  async checkOut(project: string): Promise<void> {
    this.#progress('loading the project: once, and kept for later');
    const downloaded = await this.go(this.#folder, ['mod', 'download', '-json', PROJECT]);
    const { Dir } = JSON.parse(downloaded) as { Dir: string };
    await removeTree(project);
    await cp(Dir, project, { recursive: true });
    await makeWritable(project);
    await this.go(project, ['mod', 'download']);
    await this.go(project, ['mod', 'tidy']);
  }

  /**
   * Adds .info and .zip to each .mod that go has read: a proxy that asks for more than its client, whichever
   * it is, is to find it.
   */
  async completeDownloads({ downloads }: Pick<ProjectWorld, 'downloads'>): Promise<void> {
    const modules = (await filesBelow(downloads)).flatMap((name) => {
      const found = /^(.+)\/@v\/(.+)\.mod$/.exec(name);
      return found === null ? [] : [unescapeName(`${found[1]}@${found[2]}`)];
    });
    this.#progress(`loading all of ${modules.length} modules`);
    await this.go(this.#folder, ['mod', 'download', ...modules], { GOSUMDB: 'off' });
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).map((name) => name.split(sep).join('/'));
}

async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
}

function unescapeName(escaped: string): string {
  return escaped.replace(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
