import type { VersionFile } from '../gomod/module-file.ts';
import { parseVersionKey } from '../gomod/parse-store-key.ts';
import { compareVersions } from '../gomod/semver.ts';
import { storeKey } from '../gomod/store-key.ts';
import { runAtOnce } from '../kit/at-once.ts';
import { readProvenance } from '../proxy/trusted-files.ts';
import type { IndexRow } from '../store/index-row.ts';
import { versionFilesAmong } from './version-files.ts';
import { countProgress, type CopyWork } from './work.ts';

/** One file that the copy holds. */
export type HeldFile = {
  readonly sizeBytes: number;
  /** How it was checked when it was kept; `unproven`: it was not, and will be before it is served. */
  readonly verified: 'database' | 'first-use' | 'none' | 'unproven';
  readonly h1?: string;
  /** The mirror that gave it. */
  readonly mirror?: string;
  /** When it was checked, Unix milliseconds. */
  readonly at?: number;
  /** When a client asked for it last, or when it came where nobody has; Unix milliseconds. Absent where the index does not work. */
  readonly requestedAt?: number;
};

/** One version of a module, with what the copy holds of it. */
export type HeldVersion = {
  readonly module: string;
  readonly version: string;
  readonly sizeBytes: number;
  /** The latest of its files'. */
  readonly requestedAt?: number;
  readonly files: { readonly [kind in VersionFile['kind']]?: HeldFile };
};

/** The order of a list: by name and version; largest first; those first that nobody has asked for longest. */
export type ListOrder = 'name' | 'size' | 'last';

/** More rows than any disk has files. */
const ALL = Number.MAX_SAFE_INTEGER;

/**
 * The versions in the copy of the modules that are `wanted`. The index is compared with the folder first; where it
 * does not work, the folder itself is read, which takes longer and does not tell what was asked for when.
 */
export async function listCopy(
  work: CopyWork,
  wanted: (module: string) => boolean,
  order: ListOrder,
): Promise<HeldVersion[]> {
  const { store } = work;
  const found = (await store.index.compare('now'))
    ? filesOfIndex(await store.index.list({ limit: ALL }), wanted)
    : await filesOfFolder(work, wanted);
  const versions = new Map<string, HeldVersion>();
  for (const [{ module, version, kind }, held] of found) {
    const name = `${module}@${version}`;
    const known = versions.get(name) ?? { module, version, sizeBytes: 0, files: {} };
    const requestedAt = Math.max(known.requestedAt ?? 0, held.requestedAt ?? 0);
    versions.set(name, {
      ...known,
      sizeBytes: known.sizeBytes + held.sizeBytes,
      ...(requestedAt === 0 ? {} : { requestedAt }),
      files: { ...known.files, [kind]: held },
    });
  }
  return [...versions.values()].toSorted((a, b) => compareBy(order, a, b) || compareNames(a, b));
}

type Found = (readonly [VersionFile, HeldFile])[];

function filesOfIndex(rows: readonly IndexRow[], wanted: (module: string) => boolean): Found {
  return rows.flatMap(({ key, sizeBytes, verified, lastRequestS, h1, mirror, at }) => {
    const file = parseVersionKey(key);
    if (file === undefined || file.kind === 'ziphash' || !wanted(file.module)) return [];
    const requestedAt = lastRequestS * 1000;
    const held: HeldFile = {
      sizeBytes,
      verified: verified ?? 'unproven',
      requestedAt,
      ...definedOf({ h1, mirror, at }),
    };
    return [[{ ...file, kind: file.kind }, held] as const];
  });
}

async function filesOfFolder(work: CopyWork, wanted: (module: string) => boolean): Promise<Found> {
  const all = await versionFilesAmong(work.store.keys(''), work.signal);
  const files = all.filter(({ module }) => wanted(module));
  const count = countProgress(files.length, work);
  const found: Found = [];
  await runAtOnce(
    files,
    work.atOnce,
    async (file) => {
      const held = await lookAt(file, work);
      if (held !== undefined) found.push([file, held]);
      count(held?.sizeBytes ?? 0);
    },
    work.signal,
  );
  return found;
}

async function lookAt(file: VersionFile, { store }: CopyWork): Promise<HeldFile | undefined> {
  const key = storeKey(file);
  const stored = await store.get(key);
  if (stored === undefined) return undefined;
  const { sizeBytes, etag } = stored;
  const provenance = await readProvenance(key, store);
  if (provenance === undefined || provenance.etag !== etag) return { sizeBytes, verified: 'unproven' };
  const { verified, at, h1, mirror } = provenance;
  return { sizeBytes, verified, at, ...definedOf({ h1, mirror }) };
}

function compareBy(order: ListOrder, a: HeldVersion, b: HeldVersion): number {
  if (order === 'size') return b.sizeBytes - a.sizeBytes;
  return order === 'last' ? (a.requestedAt ?? 0) - (b.requestedAt ?? 0) : 0;
}

function compareNames(a: HeldVersion, b: HeldVersion): number {
  if (a.module !== b.module) return a.module < b.module ? -1 : 1;
  return compareVersions(a.version, b.version);
}

function definedOf<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
