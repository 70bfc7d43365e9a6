import type { VersionFile } from '../gomod/module-file.ts';
import { compareVersions } from '../gomod/semver.ts';
import { storeKey } from '../gomod/store-key.ts';
import { runAtOnce } from '../kit/at-once.ts';
import { readProvenance } from '../proxy/trusted-files.ts';
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
};

/** One version of a module, with what the copy holds of it. */
export type HeldVersion = {
  readonly module: string;
  readonly version: string;
  readonly sizeBytes: number;
  readonly files: { readonly [kind in VersionFile['kind']]?: HeldFile };
};

/** The versions in the copy of the modules that are `wanted`, by name and version. */
export async function listCopy(work: CopyWork, wanted: (module: string) => boolean): Promise<HeldVersion[]> {
  const all = await versionFilesAmong(work.store.keys(''), work.signal);
  const files = all.filter(({ module }) => wanted(module));
  const count = countProgress(files.length, work);
  const versions = new Map<string, HeldVersion>();
  await runAtOnce(
    files,
    work.atOnce,
    async (file) => {
      const held = await lookAt(file, work);
      count(held?.sizeBytes ?? 0);
      if (held === undefined) return;
      const { module, version, kind } = file;
      const known = versions.get(`${module}@${version}`) ?? { module, version, sizeBytes: 0, files: {} };
      versions.set(`${module}@${version}`, {
        ...known,
        sizeBytes: known.sizeBytes + held.sizeBytes,
        files: { ...known.files, [kind]: held },
      });
    },
    work.signal,
  );
  return [...versions.values()].toSorted(
    (a, b) => compareText(a.module, b.module) || compareVersions(a.version, b.version),
  );
}

async function lookAt(file: VersionFile, { store }: CopyWork): Promise<HeldFile | undefined> {
  const key = storeKey(file);
  const stored = await store.get(key);
  if (stored === undefined) return undefined;
  const { sizeBytes, etag } = stored;
  const provenance = await readProvenance(key, store);
  if (provenance === undefined || provenance.etag !== etag) return { sizeBytes, verified: 'unproven' };
  const { verified, h1, mirror, at } = provenance;
  return {
    sizeBytes,
    verified,
    at,
    ...(h1 === undefined ? {} : { h1 }),
    ...(mirror === undefined ? {} : { mirror }),
  };
}

function compareText(a: string, b: string): -1 | 0 | 1 {
  return a === b ? 0 : a < b ? -1 : 1;
}
