import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { RondoError } from '../errors/rondo-error.ts';
import type { Requirement } from '../gomod/go-mod.ts';
import { goModFlaws, goWorkFlaws } from '../gomod/mod-flaws.ts';
import type { Flaw } from '../gomod/mod-tokens.ts';
import { readProjectMod, readReplacements, readUses, type Replacements } from '../gomod/project-mod.ts';
import { say } from '../words/text.ts';
import { readGoSumFiles, type GoSumFile } from './go-sum-files.ts';
import { workFileIn, type WorkSetting } from './go-work.ts';
import { isFile, nearestFile, readNamedText, unreadable, type FileWords } from './named-files.ts';

/** A project, or a workspace with its members. */
export type Project = {
  readonly folder: string;
  /** Of a `go-sum` nothing is known but the versions in it. */
  readonly kind: 'module' | 'workspace' | 'go-sum';
  /** The go.mod, go.work or go.sum by which it is one. */
  readonly file: string;
  /** The folders of its modules. */
  readonly modules: readonly string[];
  /** Every go.sum and go.work.sum of it that is there. */
  readonly goSums: readonly GoSumFile[];
  /** What its go.mod files take from a proxy. */
  readonly requires: readonly Requirement[];
  /** go.mod files that require something and have no go.sum beside them. */
  readonly withoutGoSum: readonly string[];
};

/** Real ones have some kilobytes. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const HINT = say('name the folder of a project');
const WORDS: FileWords = { tooLarge: say('it is too large'), hint: HINT };
/** A workspace multiplies what each of its files may have. The largest in use have some hundred modules. */
const MOST = { members: 2000, requires: 500_000, sums: 1_000_000 } as const;

/**
 * The projects in folders that are named, or whose go.mod, go.work or go.sum is; without a name the nearest one from
 * `cwd` upwards, where a go.work counts before a go.mod, as for go. `work` is what GOWORK says: a go.work that does not
 * count for go makes no folder a workspace; one that is named itself is meant.
 * @throws RondoError E_USAGE where there is none or a file cannot be read; E_GO_SUM and E_GO_MOD for one with a mistake
 */
export async function readProjects(
  names: readonly string[],
  cwd: string,
  work: WorkSetting = { kind: 'nearest' },
): Promise<Project[]> {
  if (names.length > 0) return Promise.all(names.map((name) => readProject(resolve(cwd, name), work)));
  if (work.kind === 'file') return [await readWorkspace(work.path)];
  const nearest = await projectFile(cwd, work);
  if (nearest !== undefined) return [await readFile(nearest)];
  throw new RondoError(
    'E_USAGE',
    say('there is no go.mod, go.work or go.sum in {cwd} or above it', { cwd }),
    {
      hint: say('name one, or go to the folder of a project'),
    },
  );
}

async function readProject(path: string, work: WorkSetting): Promise<Project> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined)
    throw new RondoError('E_USAGE', say('there is no such folder or file: {path}', { path }), {
      hint: HINT,
    });
  if (!found.isDirectory())
    return work.kind === 'file' && work.path === path ? readWorkspace(path) : readFile(path);
  const workPath = workFileIn(path, work);
  if (workPath !== undefined && (await isFile(workPath))) return readWorkspace(workPath);
  for (const name of ['go.mod', 'go.sum'])
    if (await isFile(join(path, name))) return readFile(join(path, name));
  const own = join(path, 'go.work');
  if (await isFile(own))
    throw new RondoError(
      'E_USAGE',
      say('{path} does not count: GOWORK names another one, or is off', { path: own }),
      {
        hint: say('unset GOWORK, or name the file itself'),
      },
    );
  throw new RondoError(
    'E_USAGE',
    say('there is no go.mod, go.work or go.sum in {folder}', { folder: path }),
    {
      hint: HINT,
    },
  );
}

/** By its name; one of any other name is taken for a go.sum. */
async function readFile(path: string): Promise<Project> {
  const name = basename(path);
  if (name === 'go.work') return readWorkspace(path);
  return name === 'go.mod' ? readModule(dirname(path)) : onlyGoSum(path);
}

async function onlyGoSum(path: string): Promise<Project> {
  const folder = dirname(path);
  const goSums = await readGoSumFiles([path], folder);
  return { folder, kind: 'go-sum', file: path, modules: [], goSums, requires: [], withoutGoSum: [] };
}

async function readModule(folder: string, replacements?: Replacements): Promise<Project> {
  const path = join(folder, 'go.mod');
  const text = await readNamedText(path, MAX_FILE_BYTES, WORDS);
  refuseFlaws(path, goModFlaws(text));
  const { needs } = readProjectMod(text, replacements);
  const sum = join(folder, 'go.sum');
  const has = await isFile(sum);
  return {
    folder,
    kind: 'module',
    file: path,
    modules: [folder],
    goSums: has ? await readGoSumFiles([sum], folder) : [],
    requires: needs,
    withoutGoSum: has || needs.length === 0 ? [] : [path],
  };
}

async function readWorkspace(workPath: string): Promise<Project> {
  const folder = dirname(workPath);
  const text = await readNamedText(workPath, MAX_FILE_BYTES, WORDS);
  refuseFlaws(workPath, goWorkFlaws(text));
  const members = await readMembers(folder, workPath, text);
  // As go does, whatever the file is called (modload.loadModFile).
  const workSum = `${workPath}.sum`;
  const ownSums = (await isFile(workSum)) ? await readGoSumFiles([workSum], folder) : [];
  return {
    folder,
    kind: 'workspace',
    file: workPath,
    modules: members.map((member) => member.folder),
    goSums: [...ownSums, ...members.flatMap(({ goSums }) => goSums)],
    requires: members.flatMap(({ requires }) => requires),
    withoutGoSum: members.flatMap(({ withoutGoSum }) => withoutGoSum),
  };
}

/** One after the other, as far as all of them may come together. */
async function readMembers(folder: string, workPath: string, text: string): Promise<Project[]> {
  const folders = new Set(readUses(text).map((name) => resolve(folder, name)));
  if (folders.size > MOST.members)
    throw unreadable(workPath, say('it names more than {most} folders', { most: MOST.members }), HINT);
  const replacements = readReplacements(text);
  const members: Project[] = [];
  let [requires, sums] = [0, 0];
  for (const each of folders) {
    const member = await readModule(each, replacements);
    requires += member.requires.length;
    if (requires > MOST.requires)
      throw unreadable(
        workPath,
        say('its modules require more than {most} versions', { most: MOST.requires }),
        HINT,
      );
    sums += member.goSums.reduce((sum, { goSum }) => sum + goSum.entries.length + goSum.conflicts.length, 0);
    if (sums > MOST.sums)
      throw unreadable(
        workPath,
        say('the go.sum files of its modules have more than {most} lines', { most: MOST.sums }),
        HINT,
      );
    members.push(member);
  }
  return members;
}

/** All of them at once, up to so many. */
const MOST_FLAWS = 10;

function refuseFlaws(path: string, flaws: readonly Flaw[]): void {
  const [message, ...details] = flaws.slice(0, MOST_FLAWS).map(({ line, column, why }) =>
    // As go has it: only what stands further in has a column.
    say('{path}:{place}: {why}', { path, place: column > 1 ? `${line}:${column}` : line, why }),
  );
  if (message === undefined) return;
  const left = flaws.length - MOST_FLAWS;
  throw new RondoError('E_GO_MOD', message, {
    details: left > 0 ? [...details, say('and {count} more', { count: left })] : details,
    hint: say('mend that line; go mod tidy says what go makes of the file, and writes the exact versions'),
  });
}

/** The file by which there is a project around `cwd`: where it lies its vendor folder does. Undefined where there is none. */
export async function projectFile(cwd: string, work: WorkSetting): Promise<string | undefined> {
  if (work.kind === 'file') return work.path;
  for (const name of ['go.work', 'go.mod', 'go.sum']) {
    if (name === 'go.work' && work.kind === 'off') continue;
    const path = await nearestFile(name, cwd);
    if (path !== undefined) return path;
  }
  return undefined;
}
