import { resolve } from 'node:path';
import { shellWord } from '../kit/shell-word.ts';
import { formatSize } from '../kit/size.ts';
import type { PlainFolder } from '../store/plain-folder.ts';
import { importFolder, type ImportReport } from '../upkeep/import-folder.ts';
import { importRecords, type RecordsReport } from '../upkeep/import-records.ts';
import { linesByCause } from './by-cause.ts';
import { codeOfSeal, sealedWords, unsealedLines, type SealReports } from './cache-seal.ts';
import type { CliContext } from './context.ts';
import { withCopy } from './copy-work.ts';
import { dataLine } from './data-line.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { folderOf } from './folder-word.ts';
import { jsonText } from './json-text.ts';
import { sameOptions } from './same-options.ts';
import { render } from '../words/render.ts';
import { listed, many, say, type Text } from '../words/text.ts';

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
      doing: say('importing'),
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

function tell(report: Imported, dir: string, flags: Flags, context: CliContext): number {
  const { findings, versions, seals } = report;
  if (flags.json === true) context.data(jsonText({ version: 1, from: dir, ...report }));
  else {
    const undone = findings.map(({ module, version, kind, state, why }) => ({
      state,
      what: `${module}@${version} .${kind}`,
      why,
    }));
    for (const line of [...linesByCause(undone), ...unsealedLines(seals)]) dataLine(line, context);
  }
  context.tell(summaryOf(report));
  for (const line of sealedWords(seals)) context.tell(line);
  const hints = findings.flatMap(({ hint }) => (hint === undefined ? [] : [[render(hint), hint] as const]));
  for (const hint of new Map(hints).values()) context.tell(hint);
  for (const line of remedies(report, dir, flags)) context.tell(line);
  if (versions === 0) {
    context.warn(
      say('{dir} has no module: a GOMODCACHE (go env GOMODCACHE) or a folder for file:// is meant', { dir }),
    );
    return EXIT.findings;
  }
  if (findings.some(({ state }) => state === 'wrong')) return EXIT.integrity;
  return findings.length > 0 ? EXIT.findings : codeOfSeal(seals);
}

function remedies({ findings }: Imported, dir: string, flags: Flags): Text[] {
  const lines: Text[] = [];
  const command = `rondo cache import ${shellWord(dir)}${sameOptions(flags)}`;
  const offline = flags.offline === true ? ' --offline' : '';
  const exempt = findings.filter((finding) => finding.exempt === true).length;
  const unverified = findings.filter(({ state }) => state === 'unverified').length - exempt;
  if (exempt > 0)
    lines.push(
      many(
        exempt,
        'to trust this folder for the {count} file that no checksum database vouches for: {command}',
        'to trust this folder for the {count} files that no checksum database vouches for: {command}',
        { command: `${command}${offline} --unverified` },
      ),
    );
  // With a network each line says why; asking once more need not help.
  if (unverified > 0 && flags.offline === true)
    lines.push(
      many(
        unverified,
        'to verify the {count} file that nothing is known of, where there is a network: {command}',
        'to verify the {count} files that nothing is known of, where there is a network: {command}',
        { command },
      ),
    );
  if (findings.some(({ state }) => state === 'wrong'))
    lines.push(
      say('what is wrong was left out; a Rondo with a network fetches the right one when it is asked for it'),
    );
  return lines;
}

function summaryOf(report: Imported): Text {
  const { imported, importedBytes, already, trusted, alone, versions, findings, records, proven } = report;
  const size = formatSize(importedBytes);
  const files = many(imported, 'imported {count} file, {size}', 'imported {count} files, {size}', { size });
  const parts = [many(versions, '{count} version: {files}', '{count} versions: {files}', { files })];
  if (trusted > 0) parts.push(say('{trusted} of them on trust', { trusted }));
  if (already > 0) parts.push(many(already, '{count} was there already', '{count} were there already'));
  if (findings.length > 0)
    parts.push(many(findings.length, '{count} was not taken', '{count} were not taken'));
  if (alone > 0)
    parts.push(
      many(
        alone,
        '{count} .info file ignored, nothing else of whose version was taken',
        '{count} .info files ignored, nothing else of whose version was taken',
      ),
    );
  if (records > 0)
    parts.push(
      many(
        records,
        '{proven} of {count} checksum record proved by the folder itself',
        '{proven} of {count} checksum records proved by the folder itself',
        { proven },
      ),
    );
  return listed(parts, '; ');
}
