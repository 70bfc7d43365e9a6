import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, matchesGlob } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fromBufferPromise, openPromise, type Entry, type ZipFile } from 'yauzl';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { toolchainName, toolchainZip, type Toolchain } from '../gomod/toolchain.ts';
import { say } from '../words/text.ts';

/** How far it is. */
export type UnpackProgress = { readonly files: number; readonly ofFiles: number; readonly bytes: number };

/** The zip, as the copy has it. */
export type ToolchainZip = { readonly path: string } | { readonly bytes: Uint8Array };

/** What unpacking needs besides the zip. */
export type UnpackOptions = {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: UnpackProgress) => void;
};

/** Files that must be executable (cmd/go/internal/toolchain.Exec): a module zip knows no modes. */
const EXECUTABLE = ['bin/**', 'pkg/tool/**', 'lib/**/go_?*_?*_exec'];
const EXECUTABLE_MODE = 0o755;
const PLAIN_MODE = 0o644;

/**
 * Unpacks the zip of a toolchain, which was verified, into `<parent>/go1.26.8.linux-amd64`, as the go command does with
 * one that it has downloaded: the commands executable, and a `go.mod` beside every `_go.mod`. The folder appears when
 * all of it is there. One that is there already is left as it is. Resolves with its path.
 * @throws RondoError E_STORE where it cannot be written, E_BAD_CONTENT for a zip that is none of that toolchain; the
 * signal's reason
 */
export async function unpackToolchain(
  zip: ToolchainZip,
  toolchain: Toolchain,
  parent: string,
  options: UnpackOptions,
): Promise<string> {
  const path = join(parent, toolchainName(toolchain));
  if (await isToolchain(path)) return path;
  // Beside it: renamed, not copied.
  const partial = join(parent, `.rondo-${process.pid}-${toolchainName(toolchain)}`);
  try {
    await mkdir(partial, { recursive: true });
    const opened = await open(zip);
    try {
      await unpackAll(opened, partial, toolchain, options);
    } finally {
      opened.close();
    }
    if (!(await isToolchain(partial)))
      throw new RondoError(
        'E_BAD_CONTENT',
        say('the zip of {toolchainName} has no go command', { toolchainName: toolchainName(toolchain) }),
      );
    await rename(partial, path);
    return path;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    options.signal.throwIfAborted();
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

function open(zip: ToolchainZip): Promise<ZipFile> {
  const options = { strictFileNames: true };
  if ('path' in zip) return openPromise(zip.path, options);
  const { bytes } = zip;
  return fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), options);
}

async function unpackAll(
  zip: ZipFile,
  into: string,
  toolchain: Toolchain,
  { signal, onProgress }: UnpackOptions,
): Promise<void> {
  const { module, version } = toolchainZip(toolchain);
  const prefix = `${module}@${version}/`;
  let files = 0;
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    signal.throwIfAborted();
    const name = entry.fileName;
    // What is unpacked is what the checksum database knows; and yet nothing of it leaves the folder.
    if (!name.startsWith(prefix))
      throw new RondoError('E_BAD_CONTENT', say('the zip of Go has a foreign entry'));
    const inside = name.slice(prefix.length);
    if (inside === '' || inside.endsWith('/')) continue;
    await unpackOne(zip, entry, join(into, inside), inside, signal);
    files += 1;
    bytes += entry.uncompressedSize;
    onProgress({ files, ofFiles: zip.entryCount, bytes });
  }
}

async function unpackOne(
  zip: ZipFile,
  entry: Entry,
  path: string,
  inside: string,
  signal: AbortSignal,
): Promise<void> {
  const isExecutable = EXECUTABLE.some((pattern) => matchesGlob(inside, pattern));
  await mkdir(dirname(path), { recursive: true });
  const mode = isExecutable ? EXECUTABLE_MODE : PLAIN_MODE;
  await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path, { mode, flags: 'wx' }), {
    signal,
  });
  // No module zip may have a go.mod below its root.
  if (basename(path) === '_go.mod') await copyFile(path, join(dirname(path), 'go.mod'));
}
