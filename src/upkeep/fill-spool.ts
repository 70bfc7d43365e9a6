import type { Spool } from '../store/spool.ts';
import type { StoredFile } from '../store/store.ts';

/** Copies a whole file into a spool: what is judged then is what is kept, whatever becomes of the file. */
export async function fillSpool(spool: Spool, file: StoredFile): Promise<void> {
  if (file.bytes !== undefined) return spool.append(file.bytes);
  for await (const chunk of file.open()) await spool.append(chunk as Buffer);
}
