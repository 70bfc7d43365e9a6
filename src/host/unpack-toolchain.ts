import { constants, writeSync } from 'node:fs';
import { copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, matchesGlob } from 'node:path';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { toolchainName, type Toolchain } from '../gomod/toolchain.ts';
import type { FileSink, OpenSink } from '../kit/file-sink.ts';
import { say } from '../words/text.ts';

/** How far it is. */
export type UnpackProgress = { readonly files: number; readonly ofFiles: number; readonly bytes: number };

/**
 * Unpacks the zip into what it is given to open files with, and rejects unless all that it has handed over is proven
 * (upkeep/unpack-proven.ts).
 */
export type UnpackZip = (openFile: OpenSink) => Promise<void>;

/** What unpacking needs besides the zip. */
export type UnpackOptions = {
  readonly signal: AbortSignal;
  /** Makes a folder in another one under a name that nobody knows before, so that nobody else's files are in it. */
  readonly newFolder: (parent: string) => Promise<string>;
  readonly onProgress: (progress: UnpackProgress) => void;
};

/** Files that must be executable (cmd/go/internal/toolchain.Exec): a module zip knows no modes. */
const EXECUTABLE = ['bin/**', 'pkg/tool/**', 'lib/**/go_?*_?*_exec'];
const EXECUTABLE_MODE = 0o755;
const PLAIN_MODE = 0o644;

/**
 * Has the zip of a toolchain unpacked into `<parent>/go1.26.8.linux-amd64`, as the go command does with one that it has
 * downloaded: the commands executable, and a `go.mod` beside every `_go.mod`. The folder appears when all of it is there
 * and proven. One that is there already is left as it is. Resolves with its path.
 * @throws RondoError E_STORE where it cannot be written, E_BAD_CONTENT where there is no go command in it; what `unpack`
 * rejects with; the signal's reason
 */
export async function unpackToolchain(
  unpack: UnpackZip,
  toolchain: Toolchain,
  parent: string,
  { signal, newFolder, onProgress }: UnpackOptions,
): Promise<string> {
  const path = join(parent, toolchainName(toolchain));
  if (await isToolchain(path)) return path;
  let partial: string | undefined;
  try {
    // Beside it: renamed, not copied.
    const into = (partial = await newFolder(parent));
    let files = 0;
    let bytes = 0;
    await unpack(async ({ name, sizeBytes, ofFiles }) => {
      signal.throwIfAborted();
      const file = await openFile(into, name);
      return {
        take: (piece) => file.take(piece),
        async close() {
          await file.close();
          files += 1;
          bytes += sizeBytes;
          onProgress({ files, ofFiles, bytes });
        },
      };
    });
    if (!(await isToolchain(into)))
      throw new RondoError(
        'E_BAD_CONTENT',
        say('the zip of {toolchainName} has no go command', { toolchainName: toolchainName(toolchain) }),
      );
    await rename(into, path);
    return path;
  } catch (error) {
    if (partial !== undefined) await rm(partial, { recursive: true, force: true });
    signal.throwIfAborted();
    // Another Rondo was faster.
    if (await isToolchain(path)) return path;
    if (error instanceof RondoError) throw error;
    throw new RondoError(
      'E_STORE',
      say('cannot unpack Go into {path}: {why}', { path, why: messageOf(error) }),
      {
        hint: say('name a folder that you may write to: --dir DIR'),
        cause: error,
      },
    );
  }
}

/** Whether a toolchain lies there. */
export async function isToolchain(path: string): Promise<boolean> {
  for (const name of ['go', 'go.exe'])
    if ((await stat(join(path, 'bin', name)).catch(() => undefined))?.isFile() === true) return true;
  return false;
}

/** The place of one file, and of the `go.mod` beside it. */
async function openFile(into: string, name: string): Promise<FileSink> {
  const path = join(into, name);
  await mkdir(dirname(path), { recursive: true });
  const isExecutable = EXECUTABLE.some((pattern) => matchesGlob(name, pattern));
  const file = await open(path, 'wx', isExecutable ? EXECUTABLE_MODE : PLAIN_MODE);
  return {
    take(piece) {
      for (let done = 0; done < piece.length;) done += writeSync(file.fd, piece, done);
    },
    async close() {
      await file.close();
      // No module zip may have a go.mod below its root.
      if (basename(path) === '_go.mod')
        await copyFile(path, join(dirname(path), 'go.mod'), constants.COPYFILE_EXCL);
    },
  };
}
