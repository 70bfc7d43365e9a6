import { Readable } from 'node:stream';
import { strongEtag } from './etag.ts';
import type { StoredFile } from './store.ts';

/** A stored file whose content is in memory; `bytes` must never change again. */
export function storedBytes(bytes: Buffer, mtimeNs: bigint, localPath?: string): StoredFile {
  return {
    sizeBytes: bytes.length,
    etag: strongEtag(bytes.length, mtimeNs),
    modifiedMs: Number(mtimeNs / 1_000_000n),
    bytes,
    open: (range) => {
      const part = range === undefined ? bytes : bytes.subarray(range.start, range.end + 1);
      return Readable.from(part.length === 0 ? [] : [part], { objectMode: false });
    },
    ...(localPath === undefined ? {} : { localPath }),
  };
}
