import { LRUCache } from 'lru-cache';
import { PARTS, partModule } from '../../test/faults/suite/part-module.ts';
import { bigModule, type FixtureModule } from '../../test/support/fixture-modules.ts';
import { mirrorContent, notFound, type WholeAnswer } from '../../test/support/mirror-content.ts';

/**
 * Modules that are made when somebody asks for them: the bytes depend on path and version alone, so that each process can
 * tell what a file really is, and there is no end of files that nobody has asked for before.
 */
export type MadeModules = {
  /** The right answer. */
  answer(path: string): Promise<WholeAnswer>;
  /** Two zips, one of which is not that of the module of `path`. */
  otherZip(path: string): WholeAnswer;
  /** Tells the hashes of a module version before they can be looked up; `name` is `PATH@VERSION`. Idempotent. */
  record(name: string): Promise<void>;
};

/** Those that each made module has, all of them in its list. */
export const MADE_VERSIONS: readonly string[] = ['v1.0.0', 'v1.1.0', 'v1.2.0'];

const MADE = /^example\.com\/made\/m\d+$/;
const PART = /^example\.com\/part\/p(\d+)$/;
const PART_VERSION = /^v1\.0\.\d+$/;
/** Zips are of the first size that fits the number of their module. */
const SIZES = [
  { each: 100, mib: 1 },
  { each: 10, mib: 0.0625 },
  { each: 1, mib: 0.004 },
] as const;
/** Modules whose files are kept: some 15 MB. */
const KEPT = 200;

/** The path of a file of the made module with this number; `rest` as in `v1.0.0.zip`, `list` or `@latest`. */
export function madePath(module: number, rest: string): string {
  return `/example.com/made/m${module}/${rest.startsWith('@') ? '' : '@v/'}${rest}`;
}

/** Prepares to answer for the made modules and those of the project that is built; `add` takes what is recorded. */
export async function openMadeModules(add: (module: FixtureModule) => void): Promise<MadeModules> {
  const made = new LRUCache<string, Promise<readonly FixtureModule[]>>({ max: KEPT });
  const modulesOf = (path: string, version: string): Promise<readonly FixtureModule[]> => {
    const key = MADE.test(path) ? path : `${path}@${version}`;
    const modules = made.get(key) ?? makeModules(path, version);
    made.set(key, modules);
    return modules;
  };
  const recorded = new Map<string, Promise<void>>();
  const record = async (name: string): Promise<void> => {
    const [path = '', version = ''] = name.split('@');
    const module = (await modulesOf(path, version)).find((each) => each.version === version);
    if (module !== undefined) add(module);
  };
  const zips = await Promise.all(
    [madePath(1, 'v1.0.0.zip'), madePath(2, 'v1.0.0.zip')].map(
      async (path) => [path, await answerOf(path, modulesOf)] as const,
    ),
  );
  return {
    answer: (path) => answerOf(path, modulesOf),
    otherZip: (path) => zips.find(([own]) => folderOf(own) !== folderOf(path))?.[1] ?? notFound(path),
    record: (name) => {
      const known = recorded.get(name) ?? record(name);
      recorded.set(name, known);
      return known;
    },
  };
}

async function answerOf(
  path: string,
  modulesOf: (path: string, version: string) => Promise<readonly FixtureModule[]>,
): Promise<WholeAnswer> {
  const found = /^\/([^@]+)\/(?:@latest|@v\/(?:list|(v[^/]+)\.(?:info|mod|zip)))$/.exec(path);
  if (found === null) return notFound(path);
  return mirrorContent(await modulesOf(found[1] ?? '', found[2] ?? ''), []).answer(path);
}

/** All versions of a made module, one of a part of the project, none of anything else. */
async function makeModules(path: string, version: string): Promise<readonly FixtureModule[]> {
  const part = Number(PART.exec(path)?.[1] ?? PARTS);
  if (part < PARTS && PART_VERSION.test(version)) return [await partModule(part, version)];
  if (!MADE.test(path)) return [];
  const number = Number(/\d+$/.exec(path)?.[0]);
  const { mib } = SIZES.find(({ each }) => number % each === 0) ?? SIZES[0];
  return Promise.all(MADE_VERSIONS.map((each) => bigModule(path, each, mib)));
}

function folderOf(path: string): string {
  return path.slice(0, path.indexOf('/@'));
}
