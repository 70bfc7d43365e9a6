import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import type { RemoteFile } from '../gomod/module-file.ts';
import { recordName } from '../gomod/store-key.ts';
import type { ProxyContext } from './context.ts';
import { tellUnkept } from './tell-unkept.ts';

type RecordContext = Pick<ProxyContext, 'store' | 'emit' | 'answers'>;

/** What mirrors have said. */
export type FoundAnswer = {
  readonly text: string;
  readonly mirror: string;
  /** When mirrors said it, Unix milliseconds. */
  readonly atMs: number;
  /** Since when they agree that it is not there any more. */
  readonly goneSinceMs?: number;
};

/** The last answer to a mutable question. */
export type AnswerRecord = { readonly found?: FoundAnswer };

/** The answers that were last read or written, by the names of their records: a warm one is neither read nor parsed again. */
export type AnswerMemory = LRUCache<string, FoundAnswer>;

/** Memory for answers, their texts counted twice: once as they came, once as they are sent. */
const MEMORY_BYTES = 4 * 1024 * 1024;
const ENTRY_OVERHEAD_BYTES = 400;

/** An empty memory of 4 MiB. */
export function createAnswerMemory(): AnswerMemory {
  return new LRUCache({
    maxSize: MEMORY_BYTES,
    sizeCalculation: ({ text }, name) => 2 * text.length + name.length + ENTRY_OVERHEAD_BYTES,
  });
}

/** The answer to `file` if it is in memory now; `undefined` says nothing: ask `readAnswer`. */
export function recallAnswer(
  file: RemoteFile,
  { answers }: Pick<ProxyContext, 'answers'>,
): FoundAnswer | undefined {
  return answers.get(recordName(file));
}

/** The folder is writable by other programs: what is read from it is parsed. */
const schema = z.object({
  found: z
    .object({ text: z.string(), mirror: z.string(), atMs: z.number(), goneSinceMs: z.number().optional() })
    .optional(),
});

/** The record of `file`; an empty one where there is none or it cannot be read. Never rejects. */
export async function readAnswer(
  file: RemoteFile,
  { store, answers }: Omit<RecordContext, 'emit'>,
): Promise<AnswerRecord> {
  const name = recordName(file);
  const { found } = schema.safeParse(await store.getRecord(name).catch(() => undefined)).data ?? {};
  if (found === undefined) {
    answers.delete(name);
    return {};
  }
  const { goneSinceMs, ...answer } = found;
  const known = goneSinceMs === undefined ? answer : { ...answer, goneSinceMs };
  answers.set(name, known);
  return { found: known };
}

/** Replaces the record of `file`. A copy that cannot be written is told, and costs nothing but the memory of it. */
export async function writeAnswer(
  file: RemoteFile,
  record: AnswerRecord,
  context: RecordContext,
): Promise<void> {
  const name = recordName(file);
  context.answers.delete(name);
  try {
    await context.store.putRecord(name, record);
    if (record.found !== undefined) context.answers.set(name, record.found);
  } catch (error) {
    tellUnkept(context.emit, 'answer not kept', error);
  }
}
