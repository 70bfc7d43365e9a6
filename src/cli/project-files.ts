import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { RondoError } from '../errors/rondo-error.ts';
import type { Requirement } from '../gomod/go-mod.ts';
import { goModFlaws, goWorkFlaws } from '../gomod/mod-flaws.ts';
import type { Flaw } from '../gomod/mod-tokens.ts';
import { readProjectMod, readReplacements, readUses, type Replacements } from '../gomod/project-mod.ts';
import { readPlainText } from '../host/read-plain-file.ts';
import { readGoSumFiles, whyUnread, type GoSumFile } from './go-sum-files.ts';
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
/** A workspace multiplies what each of its files may have. The largest in use have some hundred modules. */
const MOST = { members: 2000, requires: 500_000, sums: 1_000_000 } as const;

/**
 * The projects in folders that are named, or whose go.mod, go.work or go.sum is; without a name the nearest one from
 * `cwd` upwards, where a go.work counts before a go.mod, as for go.
 * @throws RondoError E_USAGE where there is none or a file cannot be read; E_GO_SUM and E_GO_MOD for one with a mistake
 */
export async function readProjects(names: readonly string[], cwd: string): Promise<Project[]> {
  if (names.length === 0) return [await readProject(await nearestProject(cwd))];
  return Promise.all(names.map((name) => readProject(resolve(cwd, name))));
}

async function readProject(path: string): Promise<Project> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined)
    throw new RondoError('E_USAGE', say('there is no such folder or file: {path}', { path }), {
      hint: say('name the folder of a project'),
    });
  const isFolder = found.isDirectory();
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

async function readModule(folder: string, replacements?: Replacements): Promise<Project> {
  const path = join(folder, 'go.mod');
  const text = await readText(path);
  refuseFlaws(path, goModFlaws(text));
  const { needs } = readProjectMod(text, replacements);
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
  refuseFlaws(workPath, goWorkFlaws(text));
  const members = await readMembers(folder, workPath, text);
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

/** One after the other, as far as all of them may come together. */
async function readMembers(folder: string, workPath: string, text: string): Promise<Project[]> {
  const folders = new Set(readUses(text).map((name) => resolve(folder, name)));
  if (folders.size > MOST.members)
    throw unreadable(workPath, say('it names more than {most} folders', { most: MOST.members }));
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
      );
    sums += member.goSums.reduce((sum, { goSum }) => sum + goSum.entries.length + goSum.conflicts.length, 0);
    if (sums > MOST.sums)
      throw unreadable(
        workPath,
        say('the go.sum files of its modules have more than {most} lines', { most: MOST.sums }),
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
  const text = await readPlainText(path, MAX_FILE_BYTES).catch((error: unknown) => {
    throw unreadable(path, whyUnread(error), error);
  });
  if (text === undefined) throw unreadable(path, say('it is too large'));
  return text;
}

function unreadable(path: string, code: Text | string, cause?: unknown): RondoError {
  return new RondoError('E_USAGE', say('cannot read {path}: {code}', { path, code }), {
    hint: say('name the folder of a project'),
    cause,
  });
}
