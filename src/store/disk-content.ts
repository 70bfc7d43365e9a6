import { strongEtag } from './etag.ts';
import { type FileIdentity, lendFile, streamFile } from './file-stream.ts';
import { openAnywhere, type OpenForReading } from './open-inside.ts';
import type { StoredFile } from './store.ts';
import { storedBytes } from './stored-bytes.ts';
import { saysAbsent } from './store-error.ts';

/** A stored file whose content stays on disk, opened by `openFile` each time. */
export function storedOnDisk(
  path: string,
  identity: FileIdentity,
  openFile: OpenForReading = openAnywhere,
): StoredFile {
  const { sizeBytes, mtimeNs } = identity;
  return {
    sizeBytes,
    etag: strongEtag(sizeBytes, mtimeNs),
    modifiedMs: Number(mtimeNs / 1_000_000n),
    open: (range = { start: 0, end: sizeBytes - 1 }) => streamFile(path, identity, range, openFile),
    lend: (range = { start: 0, end: sizeBytes - 1 }) => lendFile(path, identity, range, undefined, openFile),
    localPath: path,
  };
}

/**
 * The regular file at `path`, with its bytes if it has at most `smallFileBytes`; `undefined` if there is
 * none. Rejects with the system's error, and as `openFile` does.
 */
export async function readStoredFile(
  path: string,
  smallFileBytes: number,
  openFile: OpenForReading = openAnywhere,
): Promise<StoredFile | undefined> {
  const handle = await openFile(path).catch(undefinedIfAbsent);
  if (handle === undefined) return undefined;
  try {
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile()) return undefined;
    const identity = { sizeBytes: Number(stats.size), mtimeNs: stats.mtimeNs };
    if (identity.sizeBytes > smallFileBytes) return storedOnDisk(path, identity, openFile);
    const bytes = Buffer.allocUnsafeSlow(identity.sizeBytes);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, filled);
      if (bytesRead === 0) throw new Error('a file of the copy became shorter while it was being read');
      filled += bytesRead;
    }
    return storedBytes(bytes, identity.mtimeNs, path);
  } finally {
    await handle.close();
  }
}

function undefinedIfAbsent(error: unknown): undefined {
  if (saysAbsent(error)) return undefined;
  throw error;
}
