import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import type { Requirement } from '../gomod/go-mod.ts';
import { readProjectMod, readUses } from '../gomod/project-mod.ts';
import { readGoSumFiles, type GoSumFile } from './go-sum-files.ts';
import { say, type Text } from '../words/text.ts';

/** A project, or a workspace with its members. */
export type Project = {
  readonly folder: string;
  /** It is a workspace: `go work vendor` writes its vendor folder. */
  readonly isWorkspace: boolean;
  /** Every go.sum and go.work.sum of it that is there. */
  readonly goSums: readonly GoSumFile[];
  /** What its go.mod files take from a proxy. */
  readonly requires: readonly Requirement[];
  /** go.mod files that require something and have no go.sum beside them. */
  readonly withoutGoSum: readonly string[];
};

/** Real ones have some kilobytes. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/**
 * The projects in folders that are named, or whose go.mod, go.work or go.sum is; without a name the nearest one from
 * `cwd` upwards, where a go.work counts before a go.mod, as for go.
 * @throws RondoError E_USAGE where there is none or a file cannot be read; E_GO_SUM
 */
export async function readProjects(names: readonly string[], cwd: string): Promise<Project[]> {
  if (names.length === 0) return [await readProject(await nearestProject(cwd))];
  return Promise.all(names.map((name) => readProject(resolve(cwd, name))));
}

async function readProject(path: string): Promise<Project> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
  const name = basename(path);
  if (!isFolder && !['go.mod', 'go.work'].includes(name)) return onlyGoSum(path);
  const folder = isFolder ? path : dirname(path);
  const workPath = join(folder, 'go.work');
  if ((isFolder || name === 'go.work') && (await isFile(workPath))) return readWorkspace(folder, workPath);
  if (!isFolder || (await isFile(join(folder, 'go.mod')))) return readModule(folder);
  if (await isFile(join(folder, 'go.sum'))) return onlyGoSum(join(folder, 'go.sum'));
  throw new RondoError('E_USAGE', say('there is no go.mod, go.work or go.sum in {folder}', { folder }), {
    hint: say('name the folder of a project'),
  });
}

async function onlyGoSum(path: string): Promise<Project> {
  const goSums = await readGoSumFiles([path], dirname(path));
  return { folder: dirname(path), isWorkspace: false, goSums, requires: [], withoutGoSum: [] };
}

async function readModule(folder: string, workspace = ''): Promise<Project> {
  const path = join(folder, 'go.mod');
  const { needs } = readProjectMod(`${await readText(path)}\n${workspace}`);
  const sum = join(folder, 'go.sum');
  const has = await isFile(sum);
  return {
    folder,
    isWorkspace: false,
    goSums: has ? await readGoSumFiles([sum], folder) : [],
    requires: needs,
    withoutGoSum: has || needs.length === 0 ? [] : [path],
  };
}

async function readWorkspace(folder: string, workPath: string): Promise<Project> {
  const text = await readText(workPath);
  const members = await Promise.all(readUses(text).map((name) => readModule(resolve(folder, name), text)));
  const workSum = join(folder, 'go.work.sum');
  const ownSums = (await isFile(workSum)) ? await readGoSumFiles([workSum], folder) : [];
  return {
    folder,
    isWorkspace: true,
    goSums: [...ownSums, ...members.flatMap(({ goSums }) => goSums)],
    requires: members.flatMap(({ requires }) => requires),
    withoutGoSum: members.flatMap(({ withoutGoSum }) => withoutGoSum),
  };
}

async function nearestProject(cwd: string): Promise<string> {
  for (const name of ['go.work', 'go.mod', 'go.sum']) {
    for (let folder = cwd; ; folder = dirname(folder)) {
      if (await isFile(join(folder, name))) return join(folder, name);
      if (dirname(folder) === folder) break;
    }
  }
  throw new RondoError(
    'E_USAGE',
    say('there is no go.mod, go.work or go.sum in {cwd} or above it', { cwd }),
    {
      hint: say('name one, or go to the folder of a project'),
    },
  );
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

async function readText(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > MAX_FILE_BYTES) throw unreadable(path, say('it is too large'));
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof RondoError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : messageOf(error);
    throw unreadable(path, code, error);
  }
}

function unreadable(path: string, code: Text | string, cause?: unknown): RondoError {
  return new RondoError('E_USAGE', say('cannot read {path}: {code}', { path, code }), {
    hint: say('name the folder of a project'),
    cause,
  });
}
