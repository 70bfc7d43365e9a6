import { readFile } from 'node:fs/promises';
import type { Clock } from '../kit/clock.ts';
import { ownBytes } from '../kit/own-bytes.ts';
import { assertKey } from './key-path.ts';
import { decodeRecord, encodeRecord } from './record-codec.ts';
import type { Store, StoredFile } from './store.ts';
import { storedBytes } from './stored-bytes.ts';
import { storeError } from './store-error.ts';
import { say } from '../words/text.ts';

/**
 * A copy that lives as long as the process and is never evicted: for tests and for trying Rondo out.
 * A spool file that is put is read whole and left for its owner to discard.
 */
export function createMemoryStore(clock: Clock): Store {
  const files = new Map<string, StoredFile>();
  let lastNs = 0n;
  const uniqueNs = (): bigint => {
    // Two files put in the same millisecond must not share a validator.
    const nowNs = BigInt(Math.floor(clock.wallMs())) * 1_000_000n;
    lastNs = nowNs > lastNs ? nowNs : lastNs + 1n;
    return lastNs;
  };
  return {
    ...memoryRecords(),
    async get(key) {
      assertKey(key);
      return files.get(key);
    },
    recall: (key) => files.get(key),
    async put(key, source) {
      assertKey(key);
      const bytes = 'bytes' in source ? ownBytes(source.bytes) : await readSpool(source.spoolPath);
      const file = storedBytes(bytes, uniqueNs());
      files.set(key, file);
      return file;
    },
    async remove(key) {
      assertKey(key);
      files.delete(key);
    },
    async *keys(prefix) {
      if (prefix !== '') assertKey(prefix);
      yield* [...files.keys()].filter((key) => prefix === '' || key.startsWith(`${prefix}/`));
    },
    async names(prefix) {
      assertKey(prefix);
      return [...files.keys()].filter((key) => isDirectlyIn(prefix, key)).toSorted();
    },
    writable: async () => true,
  };
}

type Records = Pick<
  Store,
  'getRecord' | 'recallRecord' | 'putRecord' | 'removeRecord' | 'recordNames' | 'swapRecord'
>;

function memoryRecords(): Records {
  const records = new Map<string, { readonly text: string; readonly value: unknown }>();
  const set = (name: string, text: string): void =>
    void records.set(name, { text, value: decodeRecord(text) });
  return {
    async getRecord(name) {
      assertKey(name);
      return records.get(name)?.value;
    },
    recallRecord: (name) => records.get(name)?.value,
    async putRecord(name, value) {
      assertKey(name);
      set(name, encodeRecord(value));
    },
    async removeRecord(name) {
      assertKey(name);
      records.delete(name);
    },
    async recordNames(folder) {
      assertKey(folder);
      return [...records.keys()].filter((name) => isDirectlyIn(folder, name)).toSorted();
    },
    async swapRecord(name, expected, value) {
      assertKey(name);
      if (records.get(name)?.text !== (expected === undefined ? undefined : encodeRecord(expected)))
        return false;
      set(name, encodeRecord(value));
      return true;
    },
  };
}

function isDirectlyIn(folder: string, name: string): boolean {
  return name.startsWith(`${folder}/`) && !name.includes('/', folder.length + 1);
}

async function readSpool(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw storeError(say('keep a file'), error);
  }
}
