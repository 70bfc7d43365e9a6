import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readPlainText } from '../host/read-plain-file.ts';
import { writeWhole } from '../host/write-whole.ts';
import type { Address } from '../kit/address.ts';

/**
 * Where what was told lies, beside the history of the same copy: a file for each address that is listened at, since
 * several servers may share a copy, and each tells what it sees itself. Undefined where any free port will do: then it
 * is another server each time.
 */
export function alertsPath(cacheDir: string, listen: Address): string | undefined {
  if (listen.port === 0) return undefined;
  // Windows has no colon in names.
  const name = `alerts-${listen.host.replaceAll(':', '_')}-${listen.port}.json`;
  return join(cacheDir, 'rondo', name);
}

/** A text that is kept over restarts. */
export type KeptText = {
  /** Undefined where there is none. Rejects as node:fs does. */
  read(): Promise<string | undefined>;
  /** After a crash there is the old text or the new one. Rejects as node:fs does; then the old one is untouched. */
  write(text: string): Promise<void>;
};

/** Both lines of receivers, full, are 1 MiB. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Nothing is kept. */
export const FORGOTTEN: KeptText = { read: async () => undefined, write: async () => undefined };

/** The text of the file at `path`, which only the user can read. */
export function keptText(path: string): KeptText {
  return {
    async read() {
      try {
        const text = await readPlainText(path, MAX_BYTES);
        if (text === undefined) throw new Error('it is larger than 16 MiB');
        return text;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async write(text) {
      await mkdir(dirname(path), { recursive: true });
      await writeWhole(path, text, 0o600);
    },
  };
}
