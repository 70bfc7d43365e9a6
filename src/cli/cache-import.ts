import { resolve } from 'node:path';
import { shellWord } from '../kit/shell-word.ts';
import { formatSize } from '../kit/size.ts';
import type { PlainFolder } from '../store/plain-folder.ts';
import { importFolder, type ImportReport } from '../upkeep/import-folder.ts';
import { importRecords, type RecordsReport } from '../upkeep/import-records.ts';
import { linesByCause } from './by-cause.ts';
import { codeOfSeal, sealedWords, unsealedLines, type SealReports } from './cache-seal.ts';
import type { CliContext } from './context.ts';
import { counted } from './counted.ts';
import { withCopy } from './copy-work.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { folderOf } from './folder-word.ts';
import { sameOptions } from './same-options.ts';
import { shownLine } from './shown-line.ts';

/**
 * `rondo cache import DIR`: takes a GOMODCACHE, a folder for `file://`, or a bundle of `rondo sync`, into the copy; on stdout a line for each
 * file that was not taken, one for many with the same cause, and for each checksum record that the copy cannot prove by itself now. What no checksum
 * database vouches for is taken with `--unverified` only. Resolves with the exit code: 0, 1 where something could not
 * be verified, 4 where something is not what the checksum database says.
 * @throws RondoError E_USAGE for what is no folder; as withCopy does
 */
export async function cacheImport(
  words: readonly string[],
  flags: Flags,
  context: CliContext,
): Promise<number> {
  const word = words[0] ?? '';
  const isBundle = /\.tar\.zst$/i.test(word);
  const dir = isBundle ? resolve(context.cwd, word) : folderOf(word, context.cwd);
  return withCopy(
    {
      flags,
      offline: flags.offline === true,
      makesCopy: true,
      doing: 'importing',
      async work({ work, sourceFolder, withBundle, seal }) {
        const take = async (folder: PlainFolder): Promise<ImportReport & RecordsReport> => {
          // First: what the folder proves by itself need not be asked of anybody.
          const records = await importRecords(folder, work);
          return { ...(await importFolder(folder, work, { trust: flags.unverified === true })), ...records };
        };
        const report = isBundle ? await withBundle(dir, take) : await take(await sourceFolder(dir));
        return { ...report, seals: await seal() };
      },
      report: (report) => tell(report, dir, flags, context),
    },
    context,
  );
}

type Imported = ImportReport & RecordsReport & { readonly seals: SealReports };

function tell(report: Imported, dir: string, flags: Flags, { data, words, warn }: CliContext): number {
  const { findings, versions, seals } = report;
  if (flags.json === true) data(`${JSON.stringify({ version: 1, from: dir, ...report }, null, 2)}\n`);
  else {
    const undone = findings.map(({ module, version, kind, state, why }) => ({
      state,
      what: `${module}@${version} .${kind}`,
      why,
    }));
    for (const line of linesByCause(undone)) data(shownLine(line));
    for (const line of unsealedLines(seals)) data(shownLine(line));
  }
  words(`rondo: ${summaryOf(report)}\n`);
  for (const line of sealedWords(seals)) words(`rondo: ${line}\n`);
  for (const hint of new Set(findings.flatMap((finding) => finding.hint ?? []))) {
    words(shownLine(`rondo: ${hint}`));
  }
  for (const line of remedies(report, dir, flags)) words(shownLine(`rondo: ${line}`));
  if (versions === 0) {
    warn(`${dir} has no module: a GOMODCACHE (go env GOMODCACHE) or a folder for file:// is meant`);
    return EXIT.findings;
  }
  if (findings.some(({ state }) => state === 'wrong')) return EXIT.integrity;
  return findings.length > 0 ? EXIT.findings : codeOfSeal(seals);
}

function remedies({ findings }: Imported, dir: string, flags: Flags): string[] {
  const lines: string[] = [];
  const command = `rondo cache import ${shellWord(dir)}${sameOptions(flags)}`;
  const offline = flags.offline === true ? ' --offline' : '';
  const exempt = findings.filter((finding) => finding.exempt === true).length;
  const unverified = findings.filter(({ state }) => state === 'unverified').length - exempt;
  if (exempt > 0) {
    const what = `the ${counted(exempt, 'file')} that no checksum database vouches for`;
    lines.push(`to trust this folder for ${what}: ${command}${offline} --unverified`);
  }
  // With a network each line says why; asking once more need not help.
  if (unverified > 0 && flags.offline === true) {
    const what = `the ${counted(unverified, 'file')} that nothing is known of`;
    lines.push(`to verify ${what}, where there is a network: ${command}`);
  }
  if (findings.some(({ state }) => state === 'wrong'))
    lines.push(
      'what is wrong was left out; a Rondo with a network fetches the right one when it is asked for it',
    );
  return lines;
}

function summaryOf({
  imported,
  importedBytes,
  already,
  trusted,
  alone,
  versions,
  findings,
  records,
  proven,
}: Imported): string {
  const parts = [
    `${counted(versions, 'version')}: imported ${counted(imported, 'file')}, ${formatSize(importedBytes)}`,
  ];
  if (trusted > 0) parts.push(`${trusted} of them on trust`);
  if (already > 0) parts.push(`${already} were there already`);
  if (findings.length > 0) parts.push(`${findings.length} were not taken`);
  if (alone > 0)
    parts.push(`${counted(alone, '.info file')} ignored, nothing else of whose version was taken`);
  if (records > 0)
    parts.push(`${proven} of ${counted(records, 'checksum record')} proved by the folder itself`);
  return parts.join('; ');
}
