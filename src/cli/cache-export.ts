import { pathToFileURL } from 'node:url';
import { RondoError } from '../errors/rondo-error.ts';
import { formatSize } from '../kit/size.ts';
import { exportFolder, type FolderExport } from '../upkeep/export-folder.ts';
import type { CliContext } from './context.ts';
import { counted } from './counted.ts';
import { withCopy } from './copy-work.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { folderOf } from './folder-word.ts';
import { readGoSumFiles } from './go-sum-files.ts';
import { isVersionWord, parseModuleWords } from './module-words.ts';
import { sameOptions } from './same-options.ts';
import { shownLine } from './shown-line.ts';
import { say } from '../words/text.ts';

/**
 * `rondo cache export DIR [MODULE[@VERSION]…] [--go-sum FILE]…`: writes a folder for `GOPROXY=file://…`; on stdout a
 * line for each file that was to be there and is not. Resolves with the exit code: 0, 1 where something is missing or
 * was left out, 4 where something in the copy is wrong.
 * @throws RondoError E_USAGE, E_GO_SUM, E_STORE; as withCopy does
 */
export async function cacheExport(
  words: readonly string[],
  flags: Flags,
  context: CliContext,
): Promise<number> {
  const [name = '', ...rest] = words;
  if (isVersionWord(name)) throw forgottenFolder(name);
  const dir = folderOf(name, context.cwd);
  const named = parseModuleWords(rest, 'version');
  const files = flags.goSum === undefined ? [] : await readGoSumFiles(flags.goSum, context.cwd);
  const goSums = files.map(({ goSum }) => goSum.entries);
  return withCopy(
    {
      flags,
      offline: true,
      doing: 'exporting',
      async work({ work, targetFolder }) {
        const folder = await targetFolder(dir);
        try {
          return await exportFolder({ words: named, goSums }, folder, work);
        } finally {
          await folder.close();
        }
      },
      report: (report) => tell(report, dir, flags, context),
    },
    context,
  );
}

/** Without it everything would go into a folder of that name. */
function forgottenFolder(word: string): RondoError {
  return new RondoError('E_USAGE', say('{word} is a version, where the folder belongs', { word }), {
    hint: say('rondo cache export FOLDER {word}; if that is the folder: ./{word}', { word }),
  });
}

function tell(report: FolderExport, dir: string, flags: Flags, { data, words }: CliContext): number {
  const { findings, unsealed, absent } = report;
  if (flags.json === true) data(`${JSON.stringify({ version: 1, to: dir, ...report }, null, 2)}\n`);
  else {
    for (const module of absent)
      data(shownLine(`MISSING  ${module}: the copy has no version of such a module`));
    for (const { module, version, kind, state, why } of findings)
      data(shownLine(`${state.toUpperCase()}  ${module}@${version} .${kind}: ${why}`));
    for (const { module, version, why } of unsealed)
      data(shownLine(`UNSEALED  ${module}@${version}: ${why}`));
  }
  words(`rondo: ${summaryOf(report)}\n`);
  if (absent.length > 0) words(`rondo: to see what the copy has: rondo cache ls${sameOptions(flags)}\n`);
  if (report.withoutInfo > 0)
    words(
      `rondo: ${counted(report.withoutInfo, 'version')} without .info: go build works, and go mod download fails; where there is a network: rondo cache seal${sameOptions(flags)}, then export again\n`,
    );
  const isEmpty = report.exported + report.already === 0;
  if (!isEmpty) words(`rondo: to use it: GOPROXY=${pathToFileURL(dir).href}\n`);
  if (findings.some(({ state }) => state === 'wrong')) return EXIT.integrity;
  // A go.sum may be without a line, as that of a project without dependencies is.
  const isMissed = isEmpty && flags.goSum === undefined;
  return findings.length + unsealed.length + absent.length > 0 || isMissed ? EXIT.findings : EXIT.ok;
}

function summaryOf({ exported, exportedBytes, already, findings, records, unsealed }: FolderExport): string {
  const parts = [`exported ${counted(exported, 'file')}, ${formatSize(exportedBytes)}`];
  if (already > 0) parts.push(`${already} were there already`);
  if (findings.length > 0) parts.push(`${counted(findings.length, 'file')} not exported`);
  if (records > 0) parts.push(counted(records, 'checksum record'));
  if (unsealed.length > 0)
    parts.push(`not in the copy, or not proven there: ${counted(unsealed.length, 'record')}`);
  return parts.join('; ');
}
