import { ChecksumDatabase } from '../../support/checksum-database.ts';
import { bigModule, escapeName, fixtureModule, type FixtureModule } from '../../support/fixture-modules.ts';
import type { Load } from './row.ts';

/** What the mirrors of all rows carry. */
export type RowWorld = {
  readonly modules: readonly FixtureModule[];
  readonly database: ChecksumDatabase;
  /** Each for one request of a load, in turn. */
  readonly byFiles: Readonly<Record<'small' | 'large' | 'one', readonly FixtureModule[]>>;
  /** Versions of the modules whose lists are asked for, by path. */
  readonly listed: ReadonlyMap<string, readonly FixtureModule[]>;
};

/** A file that a client asks for. */
export type AskedFile = {
  readonly path: string;
  /** What it must be; absent where no mirror has it. */
  readonly bytes?: Buffer;
};

const COUNTS = { small: 700, large: 40, one: 1 } as const;
const MIB: Readonly<Record<keyof typeof COUNTS, number>> = { small: 0.0625, large: 1, one: 1 };
const LISTED_PATHS = ['a', 'b', 'c', 'd', 'e'].map((name) => `example.com/listed/${name}`);
const LISTED_VERSIONS = ['v1.0.0', 'v1.1.0', 'v1.2.0'];

/** Makes the world, some 90 MB, enough for a load in real time; the same every time. */
export async function rowWorld(): Promise<RowWorld> {
  const many = (size: keyof typeof COUNTS): Promise<FixtureModule[]> =>
    Promise.all(
      Array.from({ length: COUNTS[size] }, (_, n) =>
        bigModule(`example.com/${size}/m${n}`, 'v1.0.0', MIB[size]),
      ),
    );
  const [small, large, one, listed] = await Promise.all([
    many('small'),
    many('large'),
    many('one'),
    Promise.all(
      LISTED_PATHS.flatMap((path) => LISTED_VERSIONS.map((version) => fixtureModule({ path, version }))),
    ),
  ]);
  const modules = [...small, ...large, ...one, ...listed];
  return {
    modules,
    database: ChecksumDatabase.over(modules),
    byFiles: { small, large, one },
    listed: Map.groupBy(listed, ({ path }) => path),
  };
}

/** The file that the request with this number asks for; throws where the world has no more. */
export function fileOf(index: number, files: Load['files'], world: RowWorld): AskedFile {
  switch (files) {
    case 'small':
      return fileAt(world.byFiles.small[index], index % 2 === 0 ? 'mod' : 'info');
    case 'info':
      return fileAt(world.byFiles.small[index], 'info');
    case 'zip':
      return fileAt(world.byFiles.small[index], 'zip');
    case 'large-zip':
      return fileAt(world.byFiles.large[index], 'zip');
    case 'one-zip':
      return fileAt(world.byFiles.one[0], 'zip');
    case 'list':
      return listAt(index, world);
    case 'absent':
      return { path: `/example.com/nobody/m${index}/@v/v1.0.0.${index % 2 === 0 ? 'mod' : 'info'}` };
  }
}

function fileAt(module: FixtureModule | undefined, kind: 'info' | 'mod' | 'zip'): AskedFile {
  if (module === undefined) throw new Error('the world of the rows is too small for this load');
  const stem = `/${escapeName(module.path)}/@v/${escapeName(module.version)}`;
  return { path: `${stem}.${kind}`, bytes: module[kind] };
}

function listAt(index: number, { listed }: RowWorld): AskedFile {
  const path = [...listed.keys()][index % listed.size] ?? '';
  const versions = listed.get(path) ?? [];
  const text = versions.map(({ version }) => `${version}\n`).join('');
  return { path: `/${escapeName(path)}/@v/list`, bytes: Buffer.from(text) };
}
