import { pathToFileURL } from 'node:url';
import { RondoError } from '../errors/rondo-error.ts';
import { formatSize } from '../kit/size.ts';
import { exportFolder, type FolderExport } from '../upkeep/export-folder.ts';
import type { CliContext } from './context.ts';
import { withCopy } from './copy-work.ts';
import { dataLine, stateLine } from './data-line.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { folderOf } from './folder-word.ts';
import { readGoSumFiles } from './go-sum-files.ts';
import { jsonText } from './json-text.ts';
import { isVersionWord, parseModuleWords } from './module-words.ts';
import { sameOptions } from './same-options.ts';
import { listed, many, say, type Text } from '../words/text.ts';

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
      doing: say('exporting'),
      async work({ work, targetFolder }) {
        const folder = await targetFolder(dir);
        const report = await exportFolder({ words: named, goSums }, folder, work);
        await folder.close();
        return report;
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

function tell(report: FolderExport, dir: string, flags: Flags, context: CliContext): number {
  const { findings, unsealed, absent, exported, already } = report;
  if (flags.json === true) context.data(jsonText({ version: 1, to: dir, ...report }));
  else for (const line of linesOf(report)) dataLine(line, context);
  context.tell(summaryOf(report));
  if (absent.length > 0)
    context.tell(say('to see what the copy has: rondo cache ls{options}', { options: sameOptions(flags) }));
  if (report.withoutInfo > 0)
    context.tell(
      many(
        report.withoutInfo,
        '{count} version without .info: go build works, and go mod download fails; where there is a network: rondo cache seal{options}, then export again',
        '{count} versions without .info: go build works, and go mod download fails; where there is a network: rondo cache seal{options}, then export again',
        { options: sameOptions(flags) },
      ),
    );
  const isEmpty = exported + already === 0;
  if (!isEmpty) context.tell(say('to use it: GOPROXY={url}', { url: pathToFileURL(dir).href }));
  if (findings.some(({ state }) => state === 'wrong')) return EXIT.integrity;
  // A go.sum may be without a line, as that of a project without dependencies is.
  const isMissed = isEmpty && flags.goSum === undefined;
  return findings.length + unsealed.length + absent.length > 0 || isMissed ? EXIT.findings : EXIT.ok;
}

function linesOf({ findings, unsealed, absent }: FolderExport): Text[] {
  return [
    ...absent.map((module) => stateLine('missing', module, say('the copy has no version of such a module'))),
    ...findings.map(({ module, version, kind, state, why }) =>
      stateLine(state, `${module}@${version} .${kind}`, why),
    ),
    ...unsealed.map(({ module, version, why }) => stateLine('unsealed', `${module}@${version}`, why)),
  ];
}

function summaryOf(report: FolderExport): Text {
  const { exported, exportedBytes, already, findings, records, unsealed } = report;
  const size = formatSize(exportedBytes);
  const parts = [many(exported, 'exported {count} file, {size}', 'exported {count} files, {size}', { size })];
  if (already > 0) parts.push(many(already, '{count} was there already', '{count} were there already'));
  if (findings.length > 0)
    parts.push(many(findings.length, '{count} file not exported', '{count} files not exported'));
  if (records > 0) parts.push(many(records, '{count} checksum record', '{count} checksum records'));
  if (unsealed.length > 0)
    parts.push(
      many(
        unsealed.length,
        'not in the copy, or not proven there: {count} record',
        'not in the copy, or not proven there: {count} records',
      ),
    );
  return listed(parts, '; ');
}
