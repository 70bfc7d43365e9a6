import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { shellWord } from '../kit/shell-word.ts';
import { formatSize } from '../kit/size.ts';
import type { WantedFile } from '../upkeep/export-copy.ts';
import { listed, many, say, type Text } from '../words/text.ts';
import { linesByCause, type Undone } from './by-cause.ts';
import { codeOfSeal, noRecord, sealedWords, unsealedLines } from './cache-seal.ts';
import type { CliContext } from './context.ts';
import { dataLine, stateLine } from './data-line.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { jsonText } from './json-text.ts';
import type { Project } from './project-files.ts';
import { sameOptions } from './same-options.ts';
import type { SyncTarget } from './sync-target.ts';
import { isAllThere, type Synced } from './sync-work.ts';

/** What a report is about. */
export type Told = {
  readonly target: SyncTarget;
  readonly projects: readonly Project[];
  readonly flags: Flags;
};

type Done = Extract<Synced, { kind: 'done' }>;
type Dry = Extract<Synced, { kind: 'dry' }>;

/** What helps where no mirror can be reached. */
export function whenBack(command: string, flags: Flags): Text {
  const options = sameOptions(flags);
  return say('When the network is back: {command}; to see what is wrong: {doctor}', {
    command: `rondo ${command}${options}`,
    doctor: `rondo doctor${options}`,
  });
}

/** Tells what came of it; the exit code. */
export function tellSynced(synced: Synced, told: Told, context: CliContext): number {
  if (synced.kind === 'dry') return tellDry(synced, told, context);
  const { filled, fromGoCache, records, seals, exported, refused } = synced;
  const { flags, target } = told;
  if (flags.json === true) context.data(jsonText({ version: 1, target: targetPage(target), ...synced }));
  else for (const line of linesOf(synced)) dataLine(line, context);
  context.tell(summaryOf(synced));
  const written = writtenWords(synced, target);
  if (written !== undefined) context.tell(written);
  for (const line of sealedWords(seals)) context.tell(line);
  for (const line of remedies(synced, told)) context.tell(line);
  if (synced.withheld.length > 0) context.tell(withheldWords(synced.withheld));
  const isWrong = exported?.findings.some(({ state }) => state === 'wrong') === true;
  if (isWrong || filled.different.length + wrongIn(fromGoCache).length > 0) return EXIT.integrity;
  if ([...filled.missing, ...(refused?.missing ?? [])].some(({ nobody }) => nobody !== undefined))
    return EXIT.upstream;
  if (filled.missing.length + records.missing.length + (refused?.missing.length ?? 0) > 0)
    return EXIT.findings;
  return exported !== undefined && !isAllThere(exported) ? EXIT.findings : codeOfSeal(seals);
}

/** Without the login that its URL may have. */
function targetPage(target: SyncTarget): object {
  if (target.kind !== 'rondo') return target;
  const url = new URL(target.url);
  url.username = '';
  url.password = '';
  return { ...target, url };
}

function wrongIn(
  fromGoCache: Done['fromGoCache'],
): readonly Exclude<Done['fromGoCache'], undefined>['findings'][number][] {
  return fromGoCache?.findings.filter(({ state }) => state === 'wrong') ?? [];
}

function linesOf({ filled, fromGoCache, records, seals, refused, exported }: Done): Text[] {
  const undone = [
    ...undoneOf('missing', filled.missing),
    ...wrongIn(fromGoCache).map(({ why, ...file }) => ({
      state: 'wrong',
      what: nameOf(file),
      why: say("in go's own cache: {why}", { why }),
    })),
    ...undoneOf('refused', refused?.missing ?? []),
    ...records.missing.map(({ why, module, version }) => ({
      state: 'unsealed',
      what: `${module}@${version}`,
      why: noRecord(why),
    })),
  ];
  return [
    ...linesByCause(undone),
    ...filled.different.map(({ h1 = '', found, ...file }) =>
      stateLine(
        'different',
        nameOf(file),
        say('go.sum has {h1}, the checksum database {found}', { h1, found }),
      ),
    ),
    ...unsealedLines(seals),
    ...(exported?.findings ?? []).map(({ state, why, ...file }) => stateLine(state, nameOf(file), why)),
    ...(exported?.unsealed ?? []).map(({ module, version, why }) =>
      stateLine('unsealed', `${module}@${version}`, why),
    ),
  ];
}

function undoneOf(state: string, missing: Done['filled']['missing']): Undone[] {
  return [
    ...unreached(state, missing),
    ...missing
      .filter(({ nobody }) => nobody === undefined)
      .map(({ why, ...file }) => ({ state, what: nameOf(file), why })),
  ];
}

/** One line for all: what the mirrors said of each is the same but for its name. */
function unreached(state: string, missing: Done['filled']['missing']): Undone[] {
  const all = missing.filter(({ nobody }) => nobody !== undefined);
  const first = all.find(({ nobody }) => nobody === 'asked') ?? all[0];
  if (first === undefined) return [];
  const { why, ...file } = first;
  const count = all.length - 1;
  const what = count === 0 ? nameOf(file) : say('{what} and {count} more', { what: nameOf(file), count });
  return [{ state, what, why }];
}

function tellDry(dry: Dry, { flags }: Told, context: CliContext): number {
  const { needed, lacking } = dry;
  if (flags.json === true) context.data(jsonText({ version: 1, ...dry, ...sizesOf(dry) }));
  else for (const file of lacking) dataLine(lackingLine(file), context);
  const held = needed - lacking.length;
  const parts = [
    many(needed, 'the copy has {held} of {count} file', 'the copy has {held} of {count} files', { held }),
    ...missingWords(dry),
  ];
  context.tell(listed(parts, '; '));
  return lacking.length === 0 ? EXIT.ok : EXIT.findings;
}

function lackingLine({ sizeBytes, ...file }: Dry['lacking'][number]): Text | string {
  const line = `LACKING  ${nameOf(file)}`;
  return sizeBytes === undefined ? line : stateLine('lacking', nameOf(file), formatSize(sizeBytes));
}

/** What is lacking, by what is known of its size. */
function sizesOf({ lacking }: Dry): { sizedFiles: number; sizedBytes: number; unsizedZips: number } {
  const sized = lacking.filter(({ sizeBytes }) => sizeBytes !== undefined);
  const zips = lacking.filter(({ kind }) => kind === 'zip');
  return {
    sizedFiles: sized.length,
    sizedBytes: sized.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0),
    unsizedZips: zips.length - sized.length,
  };
}

function missingWords(dry: Dry): Text[] {
  const { sizedFiles, sizedBytes, unsizedZips } = sizesOf(dry);
  const small = dry.lacking.length - sizedFiles - unsizedZips;
  const size = formatSize(sizedBytes);
  const words: Text[] = [];
  if (sizedFiles > 0)
    words.push(
      many(sizedFiles, 'missing: {count} zip of {size}', 'missing: {count} zips of {size}', { size }),
    );
  if (unsizedZips > 0)
    words.push(
      many(
        unsizedZips,
        'missing: {count} zip, and no mirror says how large',
        'missing: {count} zips, and no mirror says how large',
      ),
    );
  if (small > 0) words.push(many(small, 'missing: {count} small file', 'missing: {count} small files'));
  return words;
}

function nameOf({ module, version, kind }: WantedFile): string {
  return `${module}@${version} .${kind}`;
}

function summaryOf({ filled, fromGoCache, refused }: Done): Text {
  const { already, fetched, missing } = filled;
  if (filled.needed === 0) return say('nothing to fetch: no module of anybody else is needed');
  const size = formatSize(filled.fetchedBytes);
  const parts = [many(fetched, 'fetched {count} file, {size}', 'fetched {count} files, {size}', { size })];
  if (already > 0)
    parts.push(
      many(already, '{count} of {needed} was there already', '{count} of {needed} were there already', {
        needed: filled.needed,
      }),
    );
  if (fromGoCache !== undefined && fromGoCache.imported > 0)
    parts.push(
      many(fromGoCache.imported, "{count} came from go's own cache", "{count} came from go's own cache"),
    );
  if (missing.length > 0)
    parts.push(many(missing.length, '{count} could not be had', '{count} could not be had'));
  if (refused !== undefined)
    parts.push(
      many(refused.fetched, 'the other Rondo gave {count} file', 'the other Rondo gave {count} files'),
    );
  return listed(parts, '; ');
}

function withheldWords(withheld: Done['withheld']): Text {
  return many(
    withheld.length,
    '{count} file of modules that GOPRIVATE or GONOPROXY names was not asked of the other Rondo, which is not of this machine; for such modules: --target FILE.tar.zst',
    '{count} files of modules that GOPRIVATE or GONOPROXY names were not asked of the other Rondo, which is not of this machine; for such modules: --target FILE.tar.zst',
  );
}

/** What was written for a target, and where. */
function writtenWords({ exported, bundleBytes }: Done, target: SyncTarget): Text | undefined {
  if (exported === undefined || (target.kind === 'bundle' && !isAllThere(exported))) return undefined;
  const { exported: count, exportedBytes, already } = exported;
  const size = formatSize(exportedBytes);
  if (target.kind === 'bundle')
    return many(
      count,
      'wrote {count} file of {size} into {where}, which has {bundle}',
      'wrote {count} files of {size} into {where}, which has {bundle}',
      { size, where: target.file, bundle: formatSize(bundleBytes ?? 0) },
    );
  if (target.kind !== 'folder') return undefined;
  const wrote = many(
    count,
    'wrote {count} file of {size} into {where}',
    'wrote {count} files of {size} into {where}',
    { size, where: target.dir },
  );
  if (already === 0) return wrote;
  const had = many(already, '{count} file was there already', '{count} files were there already');
  return listed([wrote, had], '; ');
}

function remedies({ filled, exported }: Done, { target, projects, flags }: Told): Text[] {
  const lines: Text[] = [];
  const [project] = projects;
  if (filled.missing.some(({ nobody }) => nobody === undefined) && project !== undefined) {
    const fetch = `(cd ${shellWord(project.folder)} && go mod download)`;
    lines.push(
      say('what only its repository has go fetches: {fetch}, then the same command again', { fetch }),
    );
  }
  const isAsItWas = exported === undefined || (target.kind === 'bundle' && !isAllThere(exported));
  if (isAsItWas && filled.different.length === 0 && target.kind !== 'copy' && target.kind !== 'rondo')
    lines.push(say('the target is as it was: it is written once nothing is missing'));
  if (filled.different.length > 0)
    lines.push(
      say('go.sum is wrong, or somebody has moved a tag: rondo verify{options} shows the lines', {
        options: sameOptions(flags),
      }),
    );
  const isReady = exported !== undefined && isAllThere(exported);
  if (isReady && target.kind === 'folder')
    lines.push(say('to use it: GOPROXY={url}', { url: pathToFileURL(target.dir).href }));
  if (isReady && target.kind === 'bundle')
    lines.push(
      say('to use it, on the other machine: rondo cache import {file} --offline', {
        file: shellWord(basename(target.file)),
      }),
    );
  return lines;
}
