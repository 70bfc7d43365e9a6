import { z } from 'zod';
import type { RemoteFile } from '../gomod/module-file.ts';
import { recordName } from '../gomod/store-key.ts';
import type { ProxyContext } from './context.ts';

type RecordContext = Pick<ProxyContext, 'store' | 'emit'>;

/** The last answer to a mutable question, or the last agreement that something is not there. */
export type AnswerRecord = {
  /** What mirrors said; undefined where they have only ever said 404. */
  readonly found?: { readonly text: string; readonly mirror: string; readonly atMs: number };
  /** Since when they agree on 404, their words, and when they last said so. Unix milliseconds, like `atMs`. */
  readonly notFound?: { readonly words: string; readonly sinceMs: number; readonly atMs: number };
};

/** The folder is writable by other programs: what is read from it is parsed. */
const schema = z.object({
  found: z.object({ text: z.string(), mirror: z.string(), atMs: z.number() }).optional(),
  notFound: z.object({ words: z.string(), sinceMs: z.number(), atMs: z.number() }).optional(),
});

/** The record of `file`; an empty one where there is none or it cannot be read. */
export async function readAnswer(file: RemoteFile, { store }: RecordContext): Promise<AnswerRecord> {
  const parsed = schema.safeParse(await store.getRecord(recordName(file)));
  const { found, notFound } = parsed.data ?? {};
  return { ...(found === undefined ? {} : { found }), ...(notFound === undefined ? {} : { notFound }) };
}

/** Replaces the record of `file`. A copy that cannot be written is told, and costs nothing but the memory of it. */
export async function writeAnswer(
  file: RemoteFile,
  record: AnswerRecord,
  context: RecordContext,
): Promise<void> {
  try {
    await context.store.putRecord(recordName(file), record);
  } catch (error) {
    context.emit({ type: 'notice', level: 'error', message: `answer not kept: ${String(error)}` });
  }
}
