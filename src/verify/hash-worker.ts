/**
 * The worker thread that reads files for judgement: the only place of this room that touches the disk,
 * inflates or hashes something large. An entry of its own in the bundle (worker-pool.ts starts it).
 */
import { readFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { messageOf } from '../errors/rondo-error.ts';
import { type ModuleZipReport, readModuleZip } from './read-module-zip.ts';
import { bytesSource, withFileSource } from './zip-source.ts';

/** What a worker is asked to do; one at a time. */
export type HashJob =
  | {
      readonly task: 'zip';
      readonly module: string;
      readonly version: string;
      /** The `h1:` in the checksum database, where that is known. */
      readonly expectedH1?: string;
      readonly zip: { readonly bytes: Uint8Array } | { readonly path: string };
    }
  /** Reads a file whose size the caller has checked. */
  | { readonly task: 'read'; readonly path: string };

/** What it answers. */
export type HashAnswer =
  | { readonly task: 'zip'; readonly report: ModuleZipReport }
  | { readonly task: 'read'; readonly bytes: Uint8Array }
  /** This machine failed to read the file: nobody else is to blame. */
  | { readonly task: 'failed'; readonly why: string };

async function answer(job: HashJob): Promise<HashAnswer> {
  try {
    if (job.task === 'read') return { task: 'read', bytes: await readFile(job.path) };
    const { module, version, expectedH1, zip } = job;
    const report =
      'bytes' in zip
        ? await readModuleZip(bytesSource(zip.bytes), module, version, expectedH1)
        : await withFileSource(zip.path, (source) => readModuleZip(source, module, version, expectedH1));
    return { task: 'zip', report };
  } catch (error) {
    // The code alone where there is one: the message names a path of this machine.
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    return { task: 'failed', why: code ?? messageOf(error) };
  }
}

parentPort?.on('message', (job: HashJob) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  void answer(job).then((result) => parentPort?.postMessage(result));
});
