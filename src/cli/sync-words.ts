import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { shellWord } from '../kit/shell-word.ts';
import { formatSize } from '../kit/size.ts';
import type { WantedFile } from '../upkeep/export-copy.ts';
import { linesByCause } from './by-cause.ts';
import { codeOfSeal, sealedWords, unsealedLines } from './cache-seal.ts';
import type { CliContext } from './context.ts';
import { counted } from './counted.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import type { Project } from './project-files.ts';
import { sameOptions } from './same-options.ts';
import { shownLine } from './shown-line.ts';
import type { SyncTarget } from './sync-target.ts';
import type { Synced } from './sync-work.ts';

/** What a report is about. */
export type Told = {
  readonly target: SyncTarget;
  readonly projects: readonly Project[];
  readonly flags: Flags;
};

/** Tells what came of it; the exit code. */
export function tellSynced(synced: Synced, told: Told, context: CliContext): number {
  if (synced.kind === 'dry') return tellDry(synced, told, context);
  const { filled, fromGoCache, records, seals, exported, refused } = synced;
  const { flags, target } = told;
  const { data, words } = context;
  const wrong = fromGoCache?.findings.filter(({ state }) => state === 'wrong') ?? [];
  if (flags.json === true) data(`${JSON.stringify({ version: 1, target, ...synced }, null, 2)}\n`);
  else {
    const undone = [
      ...filled.missing.map(({ why, ...file }) => ({ state: 'missing', what: nameOf(file), why })),
      ...wrong.map(({ why, ...file }) => ({
        state: 'wrong',
        what: nameOf(file),
        why: `in go's own cache: ${why}`,
      })),
      ...(refused?.missing ?? []).map(({ why, ...file }) => ({ state: 'refused', what: nameOf(file), why })),
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
  if (filled.missing.length + records.missing.length + (refused?.missing.length ?? 0) > 0)
    return EXIT.findings;
  return exported !== undefined && exported.findings.length > 0 ? EXIT.findings : codeOfSeal(seals);
}

function tellDry(
  { needed, lacking }: Extract<Synced, { kind: 'dry' }>,
  { flags }: Told,
  context: CliContext,
): number {
  if (flags.json === true) context.data(`${JSON.stringify({ version: 1, needed, lacking }, null, 2)}\n`);
  else for (const file of lacking) context.data(shownLine(`LACKING  ${nameOf(file)}`));
  context.words(`rondo: the copy has ${needed - lacking.length} of ${counted(needed, 'file')}\n`);
  return lacking.length === 0 ? EXIT.ok : EXIT.findings;
}

function nameOf({ module, version, kind }: WantedFile): string {
  return `${module}@${version} .${kind}`;
}

function summaryOf({ filled, fromGoCache, refused }: Extract<Synced, { kind: 'done' }>): string {
  const parts = [`fetched ${counted(filled.fetched, 'file')}, ${formatSize(filled.fetchedBytes)}`];
  if (filled.already > 0) parts.push(`${filled.already} were there already`);
  if (fromGoCache !== undefined && fromGoCache.imported > 0)
    parts.push(`${fromGoCache.imported} came from go's own cache`);
  if (filled.missing.length > 0) parts.push(`${filled.missing.length} could not be had`);
  if (refused !== undefined) parts.push(`the other Rondo has ${counted(refused.fetched, 'file')}`);
  return parts.join('; ');
}

function remedies(
  { filled, exported }: Extract<Synced, { kind: 'done' }>,
  { target, projects, flags }: Told,
): string[] {
  const lines: string[] = [];
  const [project] = projects;
  if (filled.missing.length > 0 && project !== undefined) {
    const fetch = `(cd ${shellWord(project.folder)} && go mod download)`;
    lines.push(`what only its repository has go fetches: ${fetch}, then the same command again`);
    if (target.kind !== 'copy') lines.push('the target is as it was: it is written once nothing is missing');
  }
  if (filled.different.length > 0)
    lines.push(
      `go.sum is wrong, or somebody has moved a tag: rondo verify${sameOptions(flags)} shows the lines`,
    );
  if (exported !== undefined && target.kind === 'folder')
    lines.push(`to use it: GOPROXY=${pathToFileURL(target.dir).href}`);
  if (exported !== undefined && target.kind === 'bundle')
    lines.push(
      `to use it, on the other machine: rondo cache import ${shellWord(basename(target.file))} --offline`,
    );
  return lines;
}
