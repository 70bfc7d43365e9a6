import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { PROBE_FILE } from '../../src/gomod/health-files.ts';
import { ChecksumDatabase } from '../../test/support/checksum-database.ts';
import { hash1 } from '../../test/support/fixture-modules.ts';
import { answerOf, notFound, type WholeAnswer } from '../../test/support/mirror-content.ts';
import { openMadeModules } from './made-modules.ts';

/** What the mirrors of the bench carry. */
export type MirrorContent =
  /** A folder in the layout of `GOMODCACHE/cache/download`. */
  | { readonly kind: 'folder'; readonly folder: string }
  /** The .info, .mod and list of any module that is asked for: for loads of many distinct paths. */
  | { readonly kind: 'any-module' }
  /** Whole modules that are made when they are asked for, with a database that knows each once it is looked up. */
  | { readonly kind: 'made-modules' };

/** Content that can be asked for. Paths have `%21` read as `!`. */
export type OpenContent = {
  /** The right answer. */
  answer(path: string): Promise<WholeAnswer>;
  /** The zip of a module that is not the one of `path`; 404 where there is none. */
  otherZip(path: string): WholeAnswer;
};

/** The checksum database of the modules, to which every mirror passes on. */
export const DATABASE_NAME = 'sum.rondo.test';

const DATABASE_PREFIX = `/sumdb/${DATABASE_NAME}/`;
const LOOKUP_PREFIX = `${DATABASE_PREFIX}lookup/`;

const TEXT = 'text/plain; charset=utf-8';
const TYPES: Readonly<Record<string, string>> = { info: 'application/json', zip: 'application/zip' };
/** Stands for the hash of a zip that the folder has not: it is never compared. */
const NO_ZIP = `h1:${Buffer.alloc(32).toString('base64')}`;

/** Rondo knows what its probe's file says: that mirror is ill which says something else. */
const PROBE_ANSWER = answerOf(200, TEXT, Buffer.from(PROBE_FILE.text));

/** For GOSUMDB: what verifies the database that mirrors pass on. */
export function databaseKey(): string {
  return new ChecksumDatabase(DATABASE_NAME).key;
}

/** Prepares to answer. Files stay in memory once they were asked for. */
export async function openContent(content: MirrorContent): Promise<OpenContent> {
  if (content.kind === 'any-module')
    return { answer: async (path) => answerAnyModule(path), otherZip: notFound };
  if (content.kind === 'made-modules') return madeContent();
  const { folder } = content;
  const names = (await readdir(folder, { recursive: true })).map((each) => each.split(sep).join('/'));
  names.sort();
  const database = await databaseOver(folder, names);
  const files = new Map<string, Promise<WholeAnswer>>();
  const answer = (path: string): Promise<WholeAnswer> => {
    if (path.startsWith(DATABASE_PREFIX)) return Promise.resolve(databaseAnswer(database, path));
    const known = files.get(path) ?? readAnswer(folder, path);
    files.set(path, known);
    return known;
  };
  return { answer, otherZip: await otherZips(names, answer) };
}

/** The database grows as the world's does: a version that is looked up for the first time is added. */
async function madeContent(): Promise<OpenContent> {
  const database = new ChecksumDatabase(DATABASE_NAME);
  const made = await openMadeModules(({ path, version, zipH1, modH1 }) =>
    database.add(path, version, zipH1, modH1),
  );
  return {
    otherZip: (path) => made.otherZip(path),
    answer: async (path) => {
      if (path === PROBE_FILE.path) return PROBE_ANSWER;
      if (!path.startsWith(DATABASE_PREFIX)) return made.answer(path);
      if (path.startsWith(LOOKUP_PREFIX)) await made.record(path.slice(LOOKUP_PREFIX.length));
      return databaseAnswer(database, path);
    },
  };
}

function databaseAnswer(database: ChecksumDatabase, path: string): WholeAnswer {
  const { status, type, body } = database.answer(path.slice(DATABASE_PREFIX.length - 1));
  return answerOf(status, type, body);
}

/** With the hashes of every module of which the folder has a go.mod. */
async function databaseOver(folder: string, names: readonly string[]): Promise<ChecksumDatabase> {
  const database = new ChecksumDatabase(DATABASE_NAME);
  for (const name of names) {
    const found = /^(?!sumdb\/)(.+)\/@v\/(.+)\.mod$/.exec(name);
    if (found === null) continue;
    const [path = '', version = ''] = found.slice(1).map(unescapeName);
    const mod = await readFile(join(folder, name));
    const zipHash = await readFile(join(folder, name.replace(/mod$/, 'ziphash')), 'utf8').catch(() => NO_ZIP);
    database.add(path, version, zipHash.trim(), hash1(new Map([['go.mod', mod]])));
  }
  return database;
}

/** Two zips of different modules are enough for every path. */
async function otherZips(
  names: readonly string[],
  answer: OpenContent['answer'],
): Promise<OpenContent['otherZip']> {
  const zips = names.filter((name) => name.endsWith('.zip'));
  const second = zips.find((name) => moduleFolder(name) !== moduleFolder(zips[0] ?? ''));
  const chosen = [zips[0], second].filter((name) => name !== undefined);
  const read = await Promise.all(chosen.map(async (name) => [`/${name}`, await answer(`/${name}`)] as const));
  return (path) => read.find(([name]) => moduleFolder(name) !== moduleFolder(path))?.[1] ?? notFound(path);
}

function moduleFolder(path: string): string {
  return path.slice(0, path.indexOf('/@v/'));
}

async function readAnswer(folder: string, path: string): Promise<WholeAnswer> {
  if (!/^\/[^?#]+\/@v\/[^/]+$/.test(path) || path.includes('/..')) return notFound(path);
  try {
    const body = await readFile(join(folder, path));
    const whole = answerOf(200, TYPES[/[^.]*$/.exec(path)?.[0] ?? ''] ?? TEXT, body);
    return { ...whole, headers: { ...whole.headers, etag: etagOf(path, body), 'accept-ranges': 'bytes' } };
  } catch {
    // A mirror that is healthy answers its probe.
    return path === PROBE_FILE.path ? PROBE_ANSWER : notFound(path);
  }
}

/** By name and length: a file of a module version never changes, and hashing it would take this process's time. */
function etagOf(path: string, body: Buffer): string {
  const name = createHash('sha256').update(path).digest('hex').slice(0, 16);
  return `"${name}-${body.length}"`;
}

function answerAnyModule(path: string): WholeAnswer {
  if (path === PROBE_FILE.path) return PROBE_ANSWER;
  const found = /^\/(.+)\/@v\/(?:list|(v[^/]+)\.(info|mod))$/.exec(path);
  if (found === null) return notFound(path);
  const [, module = '', version, kind] = found;
  if (version === undefined) return answerOf(200, TEXT, Buffer.from('v1.0.0\n'));
  if (kind === 'mod') return answerOf(200, TEXT, Buffer.from(`module ${unescapeName(module)}\n\ngo 1.21\n`));
  const info = JSON.stringify({ Version: unescapeName(version), Time: '2024-03-01T12:00:00Z' });
  return answerOf(200, 'application/json', Buffer.from(info));
}

function unescapeName(escaped: string): string {
  return escaped.replace(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
