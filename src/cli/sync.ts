import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { storeKey } from '../gomod/store-key.ts';
import { readGoEnvironment } from '../host/go-env.ts';
import { goFolders } from '../host/go-folders.ts';
import { userFolders } from '../host/user-folders.ts';
import { shellWord } from '../kit/shell-word.ts';
import { formatSize } from '../kit/size.ts';
import type { ImportReport } from '../upkeep/import-folder.ts';
import type { WantedFile } from '../upkeep/export-copy.ts';
import { exportWhole, type FolderExport } from '../upkeep/export-folder.ts';
import { fetchRecords } from '../upkeep/fetch-lacking.ts';
import { fillCopy, lackingFiles, type Filled } from '../upkeep/fill-copy.ts';
import { takeFromGoCache } from '../upkeep/go-cache.ts';
import { neededFiles } from '../upkeep/needs.ts';
import { linesByCause } from './by-cause.ts';
import { codeOfSeal, sealedWords, unsealedLines, type SealReports } from './cache-seal.ts';
import type { CliContext } from './context.ts';
import { counted } from './counted.ts';
import { withCopy, type CopyTools } from './copy-work.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { readProjects, type Project } from './project-files.ts';
import { sameOptions } from './same-options.ts';
import { shownLine } from './shown-line.ts';
import { syncTargetOf, type SyncTarget } from './sync-target.ts';

const DEFAULT_JOBS = 16;

/** What came of it. */
type Synced =
  | { readonly kind: 'dry'; readonly needed: number; readonly lacking: readonly WantedFile[] }
  | {
      readonly kind: 'done';
      readonly filled: Filled;
      /** What no mirror has, taken out of go's own cache. */
      readonly fromGoCache: ImportReport | undefined;
      readonly records: Awaited<ReturnType<typeof fetchRecords>>;
      readonly seals: SealReports;
      /** What was written for a target, unless something is missing: it is whole or it is as it was. */
      readonly exported: Omit<FolderExport, 'absent'> | undefined;
    };

/**
 * `rondo sync [PROJECT…]`: brings every module of go.mod, go.sum and go.work, and the checksum records of them, into
 * the copy, and from there into a target. On stdout a line for each thing that could not be had. What is held already
 * is passed over, so that it goes on where it was ended. Resolves with the exit code: 0, 1 where something is missing,
 * 4 where go.sum contradicts what the checksum database says.
 * @throws RondoError E_USAGE, E_GO_SUM; as withCopy does
 */
export async function sync(words: readonly string[], flags: Flags, context: CliContext): Promise<number> {
  const target = syncTargetOf(flags.target, context.cwd);
  const projects = await readProjects(words, context.cwd);
  const needed = neededFiles({
    goSums: projects.flatMap(({ goSums }) => goSums.map(({ goSum }) => goSum.entries)),
    requires: projects.flatMap(({ requires }) => requires),
  });
  for (const path of projects.flatMap(({ withoutGoSum }) => withoutGoSum))
    context.warn(`${path} has no go.sum beside it: what its modules need in turn is not known; run go mod tidy`);
  const goCache = await goCacheOf(context);
  return withCopy(
    {
      flags,
      offline: false,
      makesCopy: true,
      doing: 'syncing',
      work: (tools) => bring(needed, { target, flags, goCache }, tools),
      report: (synced) => tell(synced, { target, projects, flags }, context),
    },
    context,
  );
}

type Plan = {
  readonly target: SyncTarget;
  readonly flags: Flags;
  /** go's module cache, where there may be one. */
  readonly goCache: string | undefined;
};

async function bring(needed: readonly WantedFile[], plan: Plan, tools: CopyTools): Promise<Synced> {
  const { work, mend, seal } = tools;
  if (plan.flags.dryRun === true)
    return { kind: 'dry', needed: needed.length, lacking: await lackingFiles(needed, work) };
  const filled = await fillCopy(needed, work, { mend, atOnce: plan.flags.jobs ?? DEFAULT_JOBS });
  const fromGoCache = await fromGo(filled, plan, tools);
  const records = await fetchRecords(work, false);
  const seals = await seal();
  const lacking = await lackingFiles(needed, work);
  const isWhole = lacking.length === 0 && filled.different.length === 0;
  const exported = isWhole ? await write(needed, plan.target, tools) : undefined;
  return { kind: 'done', filled: { ...filled, missing: still(filled, lacking) }, fromGoCache, records, seals, exported };
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
  if (missing.length === 0 || goCache === undefined || (await stat(goCache).catch(() => undefined)) === undefined)
    return undefined;
  return takeFromGoCache(missing, await sourceFolder(goCache), work);
}

async function write(
  needed: readonly WantedFile[],
  target: SyncTarget,
  { work, targetFolder, writeBundle }: CopyTools,
): Promise<Omit<FolderExport, 'absent'> | undefined> {
  if (target.kind === 'bundle') return writeBundle(target.file, (folder) => exportWhole(needed, folder, work));
  if (target.kind !== 'folder') return undefined;
  const folder = await targetFolder(target.dir);
  try {
    return await exportWhole(needed, folder, work);
  } finally {
    // Its lists come last: until they are there, nobody is led to what is not.
    await folder.close();
  }
}

async function goCacheOf({ env, platform, systemHome, cwd }: CliContext): Promise<string | undefined> {
  const go = await readGoEnvironment(platform, env, userFolders(platform, env, systemHome), cwd);
  return goFolders(platform, env, go, systemHome).modCache;
}

type Told = { readonly target: SyncTarget; readonly projects: readonly Project[]; readonly flags: Flags };

function tell(synced: Synced, told: Told, context: CliContext): number {
  if (synced.kind === 'dry') return tellDry(synced, told, context);
  const { filled, fromGoCache, records, seals, exported } = synced;
  const { flags, target } = told;
  const { data, words } = context;
  const wrong = fromGoCache?.findings.filter(({ state }) => state === 'wrong') ?? [];
  if (flags.json === true) data(`${JSON.stringify({ version: 1, target, ...synced }, null, 2)}\n`);
  else {
    const undone = [
      ...filled.missing.map(({ why, ...file }) => ({ state: 'missing', what: nameOf(file), why })),
      ...wrong.map(({ why, ...file }) => ({ state: 'wrong', what: nameOf(file), why: `in go's own cache: ${why}` })),
      ...records.missing.map(({ why, module, version }) => ({
        state: 'unsealed',
        what: `${module}@${version}`,
        why: `its record is not in the copy: ${why}`,
      })),
    ];
    for (const line of linesByCause(undone)) data(shownLine(line));
    for (const { h1 = '', found, ...file } of filled.different)
      data(shownLine(`DIFFERENT  ${nameOf(file)}: go.sum has ${h1}, the checksum database ${found}`));
    for (const line of unsealedLines(seals)) data(shownLine(line));
  }
  words(`rondo: ${summaryOf(synced)}\n`);
  for (const line of sealedWords(seals)) words(`rondo: ${line}\n`);
  for (const line of remedies(synced, told)) words(shownLine(`rondo: ${line}`));
  if (filled.different.length + wrong.length > 0) return EXIT.integrity;
  if (filled.missing.length + records.missing.length > 0) return EXIT.findings;
  return exported !== undefined && exported.findings.length > 0 ? EXIT.findings : codeOfSeal(seals);
}

function tellDry({ needed, lacking }: Extract<Synced, { kind: 'dry' }>, { flags }: Told, context: CliContext): number {
  if (flags.json === true) context.data(`${JSON.stringify({ version: 1, needed, lacking }, null, 2)}\n`);
  else for (const file of lacking) context.data(shownLine(`LACKING  ${nameOf(file)}`));
  context.words(`rondo: the copy has ${needed - lacking.length} of ${counted(needed, 'file')}\n`);
  return lacking.length === 0 ? EXIT.ok : EXIT.findings;
}

function nameOf({ module, version, kind }: WantedFile): string {
  return `${module}@${version} .${kind}`;
}

function summaryOf({ filled, fromGoCache }: Extract<Synced, { kind: 'done' }>): string {
  const parts = [`fetched ${counted(filled.fetched, 'file')}, ${formatSize(filled.fetchedBytes)}`];
  if (filled.already > 0) parts.push(`${filled.already} were there already`);
  if (fromGoCache !== undefined && fromGoCache.imported > 0)
    parts.push(`${fromGoCache.imported} came from go's own cache`);
  if (filled.missing.length > 0) parts.push(`${filled.missing.length} could not be had`);
  return parts.join('; ');
}

function remedies({ filled, exported }: Extract<Synced, { kind: 'done' }>, { target, projects, flags }: Told): string[] {
  const lines: string[] = [];
  const [project] = projects;
  if (filled.missing.length > 0 && project !== undefined) {
    const fetch = `(cd ${shellWord(project.folder)} && go mod download)`;
    lines.push(`what only its repository has go fetches: ${fetch}, then the same command again`);
    if (target.kind !== 'copy') lines.push('the target is as it was: it is written once nothing is missing');
  }
  if (filled.different.length > 0)
    lines.push(`go.sum is wrong, or somebody has moved a tag: rondo verify${sameOptions(flags)} shows the lines`);
  if (exported !== undefined && target.kind === 'folder')
    lines.push(`to use it: GOPROXY=${pathToFileURL(target.dir).href}`);
  if (exported !== undefined && target.kind === 'bundle')
    lines.push(`to use it, on the other machine: rondo cache import ${shellWord(basename(target.file))} --offline`);
  return lines;
}
