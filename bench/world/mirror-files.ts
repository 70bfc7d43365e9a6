import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ChecksumDatabase } from '../../test/support/checksum-database.ts';
import { hash1 } from '../../test/support/fixture-modules.ts';
import { PROBE_PATH } from './traffic.ts';

/** What the mirrors of the bench carry. */
export type MirrorContent =
  /** A folder in the layout of `GOMODCACHE/cache/download`. */
  | { readonly kind: 'folder'; readonly folder: string }
  /** The .info, .mod and list of any module that is asked for: for loads of many distinct paths. */
  | { readonly kind: 'any-module' };

/** An answer, whole. */
export type MirrorAnswer = { readonly status: number; readonly type: string; readonly body: Buffer };

/** Finds the answer for a path, with `%21` read as `!`. */
export type AnswerPath = (path: string) => Promise<MirrorAnswer>;

/** The checksum database of a folder's modules, to which every mirror passes on. */
export const DATABASE_NAME = 'sum.rondo.test';

const TEXT = 'text/plain; charset=utf-8';
const TYPES: Readonly<Record<string, string>> = { info: 'application/json', zip: 'application/zip' };
/** Stands for the hash of a zip that the folder has not: it is never compared. */
const NO_ZIP = `h1:${Buffer.alloc(32).toString('base64')}`;

/** Rondo knows what its probe's file says: that mirror is ill which says something else. */
const PROBE_ANSWER: MirrorAnswer = {
  status: 200,
  type: TEXT,
  body: Buffer.from('module golang.org/x/text\n'),
};

/** For GOSUMDB: what verifies the database that mirrors with a folder pass on. */
export function databaseKey(): string {
  return new ChecksumDatabase(DATABASE_NAME).key;
}

/** Prepares to answer. Files stay in memory once they were asked for. */
export async function openContent(content: MirrorContent): Promise<AnswerPath> {
  if (content.kind === 'any-module') return async (path) => answerAnyModule(path);
  const { folder } = content;
  const database = await databaseOver(folder);
  const prefix = `/sumdb/${database.name}`;
  const files = new Map<string, Promise<MirrorAnswer>>();
  return (path) => {
    if (path.startsWith(`${prefix}/`)) return Promise.resolve(database.answer(path.slice(prefix.length)));
    const known = files.get(path) ?? readAnswer(folder, path);
    files.set(path, known);
    return known;
  };
}

/** With the hashes of every module of which the folder has a go.mod. */
async function databaseOver(folder: string): Promise<ChecksumDatabase> {
  const database = new ChecksumDatabase(DATABASE_NAME);
  const names = await readdir(folder, { recursive: true });
  for (const name of names.map((each) => each.split(sep).join('/')).toSorted()) {
    const found = /^(?!sumdb\/)(.+)\/@v\/(.+)\.mod$/.exec(name);
    if (found === null) continue;
    const [path = '', version = ''] = found.slice(1).map(unescapeName);
    const mod = await readFile(join(folder, name));
    const zipHash = await readFile(join(folder, name.replace(/mod$/, 'ziphash')), 'utf8').catch(() => NO_ZIP);
    database.add(path, version, zipHash.trim(), hash1(new Map([['go.mod', mod]])));
  }
  return database;
}

async function readAnswer(folder: string, path: string): Promise<MirrorAnswer> {
  if (!/^\/[^?#]+\/@v\/[^/]+$/.test(path) || path.includes('/..')) return answerNothing(path);
  try {
    const body = await readFile(join(folder, path));
    return { status: 200, type: TYPES[/[^.]*$/.exec(path)?.[0] ?? ''] ?? TEXT, body };
  } catch {
    // A mirror that is healthy answers its probe.
    return path === PROBE_PATH ? PROBE_ANSWER : answerNothing(path);
  }
}

function answerAnyModule(path: string): MirrorAnswer {
  if (path === PROBE_PATH) return PROBE_ANSWER;
  const found = /^\/(.+)\/@v\/(?:list|(v[^/]+)\.(info|mod))$/.exec(path);
  if (found === null) return answerNothing(path);
  const [, module = '', version, kind] = found;
  if (version === undefined) return { status: 200, type: TEXT, body: Buffer.from('v1.0.0\n') };
  if (kind === 'mod')
    return { status: 200, type: TEXT, body: Buffer.from(`module ${unescapeName(module)}\n\ngo 1.21\n`) };
  const info = JSON.stringify({ Version: unescapeName(version), Time: '2024-03-01T12:00:00Z' });
  return { status: 200, type: 'application/json', body: Buffer.from(info) };
}

function answerNothing(path: string): MirrorAnswer {
  return { status: 404, type: TEXT, body: Buffer.from(`not found: ${path}: unknown revision\n`) };
}

function unescapeName(escaped: string): string {
  return escaped.replace(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
