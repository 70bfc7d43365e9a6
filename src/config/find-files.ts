import { constants, open, realpath, type FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { trustHash } from './trust.ts';
import { say, type Text } from '../words/text.ts';

/** Name of a configuration file. */
const NAME = '.goproxy';
const MAX_BYTES = 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** A configuration file as it was found. Its content may be anybody's. */
export type FoundFile = {
  readonly path: string;
  readonly content: string;
  /** What trust is remembered by (trust.ts). */
  readonly hash: string;
  /** `named` with --config, the `user`'s own, or of a `project`: only that needs trust. */
  readonly role: 'named' | 'user' | 'project';
};

/** A project's file that is not read, by its path. */
export type ForeignFile = { readonly foreign: string; readonly why: 'belongs to another user' | 'is a link' };

/** Where to look. */
export type Places = {
  /** --config; then no other file counts. */
  readonly named: string | undefined;
  readonly cwd: string;
  readonly home: string;
  /** The user's own configuration folder for Rondo. */
  readonly configDir: string;
  /** The user's id; undefined where files have no owner that could be compared (Windows). */
  readonly uid: number | undefined;
};

/**
 * The configuration files, nearest first: --config alone, or the project's (the nearest `.goproxy` from the
 * working folder upwards, not above $HOME) before the user's own. A project's file that belongs to
 * somebody else, or is a link (it could lead to a secret of the user's), is ignored with a warning.
 * @throws RondoError E_CONFIG where a file that is there, or was named, cannot be read or exceeds 1 MiB.
 */
export async function findConfigFiles(places: Places): Promise<{ files: FoundFile[]; warnings: Text[] }> {
  if (places.named !== undefined) return { files: [await readNamedFile(places.named)], warnings: [] };
  const [project, user] = await Promise.all([
    findProjectFile(places),
    readConfigFile(userConfigFile(places.configDir), 'user', undefined),
  ]);
  const files = [project, user].flatMap((file) => (file === undefined || 'foreign' in file ? [] : [file]));
  const warnings = project !== undefined && 'foreign' in project ? [foreignText(project)] : [];
  return { files, warnings };
}

/** That it is ignored, for people. */
export function foreignText({ foreign: path, why }: ForeignFile): Text {
  return why === 'is a link'
    ? say('{path} is a link and is ignored', { path })
    : say('{path} belongs to another user and is ignored', { path });
}

/** Where findConfigFiles looks, whether anything is there or not. */
export async function configPaths(places: Omit<Places, 'uid'>): Promise<string[]> {
  if (places.named !== undefined) return [places.named];
  return [...(await projectPaths(places)), userConfigFile(places.configDir)];
}

/**
 * The nearest `.goproxy` of a project, or the path of one that is not read: no farther one is taken in its place.
 * @throws RondoError E_CONFIG as findConfigFiles does.
 */
export async function findProjectFile(
  places: Omit<Places, 'named'>,
): Promise<FoundFile | ForeignFile | undefined> {
  for (const path of await projectPaths(places)) {
    const file = await readConfigFile(path, 'project', places.uid);
    if (file !== undefined) return file;
  }
  return undefined;
}

/**
 * The file that somebody named.
 * @throws RondoError E_CONFIG where it is not there, is no file, or cannot be read.
 */
export async function readNamedFile(path: string): Promise<FoundFile> {
  const file = await readConfigFile(path, 'named', undefined);
  if (file === undefined || 'foreign' in file)
    throw new RondoError('E_CONFIG', say('{path} is not a file', { path }));
  return file;
}

/** The user's own configuration file; `configDir` is their folder for Rondo. */
export function userConfigFile(configDir: string): string {
  return join(configDir, NAME);
}

/** From the working folder up to $HOME, without the user's own folder for Rondo. */
async function projectPaths({ cwd, home, configDir }: Omit<Places, 'named' | 'uid'>): Promise<string[]> {
  const [last, own] = await Promise.all([spellingsOf(home), spellingsOf(configDir)]);
  const paths: string[] = [];
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (!own.has(folder)) paths.push(join(folder, NAME));
    if (last.has(folder) || folder === dirname(folder)) return paths;
  }
}

/** A folder without a slash at its end or links on the way, as the working folder is told; and with its links, where that was not. */
async function spellingsOf(folder: string): Promise<ReadonlySet<string>> {
  const plain = resolve(folder);
  return new Set([plain, await realpath(plain).catch(() => plain)]);
}

async function readConfigFile(
  path: string,
  role: FoundFile['role'],
  uid: number | undefined,
): Promise<FoundFile | ForeignFile | undefined> {
  try {
    // A named pipe in somebody's checkout must not hang the start, a link in it not lead to what it cannot read itself.
    const noLink = role === 'project' ? (constants.O_NOFOLLOW ?? 0) : 0;
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | noLink);
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) return undefined;
      if (uid !== undefined && stat.uid !== uid) return { foreign: path, why: 'belongs to another user' };
      const content = await readAtMost(handle, MAX_BYTES);
      if (content === undefined)
        throw new RondoError('E_CONFIG', say('{path} is larger than 1 MiB', { path }));
      return { path, content, hash: trustHash(await realpath(path), content), role };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) {
      if (role !== 'named') return undefined;
      throw new RondoError('E_CONFIG', say('there is no file {path}', { path }), {
        hint: say('name a .goproxy that is there; `rondo init` writes one'),
        cause: error,
      });
    }
    // Whoever may not read it does not own it: not a reason to stop working below that folder.
    if (role === 'project' && hasCode(error, 'EACCES', 'EPERM'))
      return { foreign: path, why: 'belongs to another user' };
    if (role === 'project' && hasCode(error, 'ELOOP', 'EMLINK')) return { foreign: path, why: 'is a link' };
    if (error instanceof RondoError) throw error;
    throw new RondoError('E_CONFIG', say('cannot read {path}: {why}', { path, why: messageOf(error) }), {
      cause: error,
    });
  }
}

/** Undefined where there is more. Some files of /proc have no size that could be asked before. */
async function readAtMost(handle: FileHandle, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(CHUNK_BYTES));
    if (bytesRead === 0) return Buffer.concat(chunks).toString('utf8');
    chunks.push(buffer.subarray(0, bytesRead));
    sizeBytes += bytesRead;
    if (sizeBytes > maxBytes) return undefined;
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
