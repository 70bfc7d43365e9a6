/**
 * A process of its own that reads one zip as a checking thread does, with its heap limit, and tells as JSON what came
 * of it and what it cost: hostile-zip.test.ts starts it. Arguments: the file, the module, the version.
 */
import { argv, pid, stdout } from 'node:process';
import { readModuleZip } from '../../src/verify/read-module-zip.ts';
import { withFileSource } from '../../src/verify/zip-source.ts';
import { peakMiB } from '../support/peak-memory.ts';

/** What it tells. */
export type ZipCost = {
  readonly report: Awaited<ReturnType<typeof readModuleZip>>;
  /** Read from the file, all reads together. */
  readonly readBytes: number;
  readonly peakMiB: number;
};

const [, , path = '', module = '', version = ''] = argv;
if (path !== '') {
  let readBytes = 0;
  const counted = (bytes: Buffer): Buffer => {
    readBytes += bytes.length;
    return bytes;
  };
  const report = await withFileSource(path, (source) =>
    readModuleZip(
      {
        sizeBytes: source.sizeBytes,
        read: (position, length) => counted(source.read(position, length)),
        borrow: (position, length) => counted(source.borrow(position, length)),
      },
      module,
      version,
    ),
  );
  const cost: ZipCost = { report, readBytes, peakMiB: await peakMiB(pid) };
  stdout.write(JSON.stringify(cost));
}
