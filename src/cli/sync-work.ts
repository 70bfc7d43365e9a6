import { stat } from 'node:fs/promises';
import { storeKey } from '../gomod/store-key.ts';
import { addressOf, isLoopback } from '../kit/address.ts';
import type { WantedFile } from '../upkeep/export-copy.ts';
import { exportWhole, type FolderExport } from '../upkeep/export-folder.ts';
import { openRondo } from '../ask-rondo.ts';
import { isPastProxies } from '../route-in-config.ts';
import { askSizes, type LackingFile } from '../upkeep/ask-sizes.ts';
import { fetchEach, type Fetched } from '../upkeep/fetch-each.ts';
import { fetchRecords } from '../upkeep/fetch-lacking.ts';
import { fillCopy, lackingFiles, type Filled } from '../upkeep/fill-copy.ts';
import { takeFromGoCache } from '../upkeep/go-cache.ts';
import type { ImportReport } from '../upkeep/import-folder.ts';
import type { SealReports } from './cache-seal.ts';
import type { CopyTools } from './copy-work.ts';
import type { SyncTarget } from './sync-target.ts';
import { say } from '../words/text.ts';

/** What came of it. */
export type Synced =
  | { readonly kind: 'dry'; readonly needed: number; readonly lacking: readonly LackingFile[] }
  | {
      readonly kind: 'done';
      readonly filled: Filled;
      /** What no mirror has, taken out of go's own cache. */
      readonly fromGoCache: ImportReport | undefined;
      readonly records: Fetched;
      readonly seals: SealReports;
      /** What was written for a target, unless something is missing: it is whole or it is as it was. */
      readonly exported: Omit<FolderExport, 'absent'> | undefined;
      /** How large the bundle is; undefined where none was written. */
      readonly bundleBytes: number | undefined;
      /** What another Rondo was asked for and could not give; undefined where none is the target. */
      readonly refused: Fetched<WantedFile> | undefined;
      /** What another Rondo was not asked for: the names of these modules are private, and it is not of this machine. */
      readonly withheld: readonly WantedFile[];
    };

/** How it is to be done. */
export type Plan = {
  readonly target: SyncTarget;
  readonly dryRun: boolean;
  /** What each go.sum says of the files. */
  readonly hashed: readonly WantedFile[];
  /** How many files at once. */
  readonly jobs: number;
  /** go's module cache, where there may be one. */
  readonly goCache: string | undefined;
};

/**
 * Fetches what is needed, has the copy sealed, and writes the target once nothing is missing: it is whole, or as it was.
 * @throws as fillCopy, exportWhole and packBundle
 */
export async function bring(needed: readonly WantedFile[], plan: Plan, tools: CopyTools): Promise<Synced> {
  const { work, mend, seal, sizeOf, doing } = tools;
  if (plan.dryRun) {
    const lacking = await lackingFiles(needed, work);
    const sized = await askSizes(lacking, { sizeOf, atOnce: plan.jobs }, work);
    return { kind: 'dry', needed: needed.length, lacking: sized };
  }
  const filled = await fillCopy(needed, work, { mend, atOnce: plan.jobs, hashed: plan.hashed });
  const fromGoCache = await fromGo(filled, plan, tools);
  doing(say('sealing'));
  const records = await fetchRecords(work, false);
  const seals = await seal();
  const lacking = await lackingFiles(needed, work);
  const isWhole = lacking.length === 0 && filled.different.length === 0;
  if (plan.target.kind !== 'copy') doing(say('writing the target'));
  const exported = isWhole ? await write(needed, plan.target, tools) : undefined;
  const { target } = plan;
  const shown = target.kind === 'rondo' ? showable(needed, target.url, tools.config) : needed;
  const bundleBytes =
    exported !== undefined && target.kind === 'bundle' && isAllThere(exported)
      ? (await stat(target.file)).size
      : undefined;
  const refused =
    isWhole && target.kind === 'rondo' ? await askAll(shown, target.url, plan, tools) : undefined;
  const may = new Set(shown);
  const withheld = refused === undefined ? [] : needed.filter((file) => !may.has(file));
  const left = { ...filled, missing: still(filled, lacking) };
  return {
    kind: 'done',
    filled: left,
    fromGoCache,
    records,
    seals,
    exported,
    bundleBytes,
    refused,
    withheld,
  };
}

/** What the Rondo at `url` may hear of: it is a proxy that the user chose, and what GONOPROXY names is for no proxy. */
export function showable(
  needed: readonly WantedFile[],
  url: URL,
  config: CopyTools['config'],
): readonly WantedFile[] {
  if (isLoopback(addressOf(url).host)) return needed;
  return needed.filter(({ module }) => !isPastProxies(module, config));
}

/** Another Rondo is simply asked for everything: it fetches, proves and keeps it by itself. */
async function askAll(
  needed: readonly WantedFile[],
  url: URL,
  { jobs }: Plan,
  { work, asking }: CopyTools,
): Promise<Fetched<WantedFile>> {
  const rondo = openRondo(url, asking);
  try {
    return await fetchEach(needed, { work, atOnce: jobs }, async (file) => {
      const refusal = await rondo.ask(file, work.signal);
      return refusal === undefined ? { kind: 'fetched', bytes: 0 } : { kind: 'missing', ...refusal };
    });
  } finally {
    await rondo.close();
  }
}

/** What is missing still, with why it could not be had. */
function still({ missing }: Filled, lacking: readonly WantedFile[]): Filled['missing'] {
  const keys = new Set(lacking.map(storeKey));
  return missing.filter((file) => keys.has(storeKey(file)));
}

/** Only `direct` may have it: then go has it in its own cache, if it was ever built. */
async function fromGo(
  { missing }: Filled,
  { goCache }: Plan,
  { work, sourceFolder }: CopyTools,
): Promise<ImportReport | undefined> {
  if (
    missing.length === 0 ||
    goCache === undefined ||
    (await stat(goCache).catch(() => undefined)) === undefined
  )
    return undefined;
  return takeFromGoCache(missing, await sourceFolder(goCache), work);
}

/** Every file is in it as it ought to be, and whoever uses it can prove each. */
export function isAllThere({ findings, unsealed }: Pick<FolderExport, 'findings' | 'unsealed'>): boolean {
  return findings.length === 0 && unsealed.length === 0;
}

async function write(
  needed: readonly WantedFile[],
  target: SyncTarget,
  { work, targetFolder, writeBundle }: CopyTools,
): Promise<Omit<FolderExport, 'absent'> | undefined> {
  if (target.kind === 'bundle')
    return writeBundle(target.file, {
      into: (folder) => exportWhole(needed, folder, work),
      isWhole: isAllThere,
    });
  if (target.kind !== 'folder') return undefined;
  const folder = await targetFolder(target.dir);
  const exported = await exportWhole(needed, folder, work);
  // Its lists come last, and not at all if this was ended: nobody is led to what is not there.
  await folder.close();
  return exported;
}
