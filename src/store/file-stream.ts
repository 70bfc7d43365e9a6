import { close, fstat, open, read } from 'node:fs';
import { Readable } from 'node:stream';
import { RondoError } from '../errors/rondo-error.ts';
import { storeError } from './store-error.ts';

/** Large reads: a disk and the thread pool are kept busy with few calls. */
const READ_BYTES = 256 * 1024;

/** Which file was promised: the one behind the path may have been replaced since. */
export type FileIdentity = { readonly sizeBytes: number; readonly mtimeNs: bigint };

/**
 * Streams the inclusive range `start`-`end` of the file at `path` in reads of 256 KiB. The file is opened
 * with the first read, and the stream fails with RondoError E_STORE if it is not the file of `identity`
 * any more or turns out shorter, so that no answer mixes two files.
 */
export function streamFile(
  path: string,
  identity: FileIdentity,
  range: { start: number; end: number },
): Readable {
  let fd: number | undefined;
  let position = range.start;
  const replaced = (): RondoError =>
    new RondoError('E_STORE', 'a file of the copy was replaced while it was being read');
  return new Readable({
    highWaterMark: READ_BYTES,
    construct(callback) {
      open(path, 'r', (openError, opened) => {
        if (openError) return callback(storeError('read a file of the copy', openError));
        fd = opened;
        fstat(opened, { bigint: true }, (error, stats) => {
          if (error) return callback(storeError('read a file of the copy', error));
          const same = stats.size === BigInt(identity.sizeBytes) && stats.mtimeNs === identity.mtimeNs;
          callback(same ? null : replaced());
        });
      });
    },
    read() {
      const length = Math.min(READ_BYTES, range.end + 1 - position);
      if (fd === undefined || length <= 0) {
        this.push(null);
        return;
      }
      read(fd, Buffer.allocUnsafe(length), 0, length, position, (error, count, buffer) => {
        if (error) this.destroy(storeError('read a file of the copy', error));
        else if (count === 0) this.destroy(replaced());
        else {
          position += count;
          this.push(buffer.subarray(0, count));
        }
      });
    },
    destroy(error, callback) {
      if (fd === undefined) return callback(error);
      const opened = fd;
      fd = undefined;
      close(opened, (closeError) => callback(error ?? closeError));
    },
  });
}
