import { LRUCache } from 'lru-cache';
import { keyOfProvenance } from '../store/provenance.ts';
import type { Store } from '../store/store.ts';

/** The longest list has 1 MiB; a build asks for hundreds of short ones. */
const MEMORY_BYTES = 16 * 1024 * 1024;
const ENTRY_OVERHEAD_BYTES = 200;

/**
 * The copy for mirrors that nobody but a checkout has chosen. What they say and nothing proves (lists, `@latest`,
 * queries, what they do not have, that they serve a database) stays in this process, bounded: others who use the copy
 * never see it. What others have written is read. What is proven is written as ever: files with how they were checked,
 * and by compare-and-swap what a checksum database has signed. Where `keeps` says so now, all is written and this is
 * nothing but the copy.
 */
export function unprovenInMemory(store: Store, keeps: () => boolean): Store {
  const own = new LRUCache<string, { readonly value: object }>({
    maxSize: MEMORY_BYTES,
    sizeCalculation: ({ value }, name) => JSON.stringify(value).length + name.length + ENTRY_OVERHEAD_BYTES,
  });
  const recall = (name: string): object | undefined => (keeps() ? undefined : own.get(name)?.value);
  return {
    ...store,
    async getRecord(name) {
      return recall(name) ?? (await store.getRecord(name));
    },
    recallRecord: (name) => recall(name) ?? store.recallRecord(name),
    async putRecord(name, value) {
      if (keeps() || keyOfProvenance(name) !== undefined) return store.putRecord(name, value);
      if (typeof value === 'object' && value !== null) own.set(name, { value });
    },
    async removeRecord(name) {
      own.delete(name);
      await store.removeRecord(name);
    },
  };
}
