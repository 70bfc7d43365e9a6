import * as z from 'zod';
import type { RemoteFile } from '../gomod/module-file.ts';
import { recordName } from '../gomod/store-key.ts';
import type { ProxyContext } from './context.ts';
import { tellUnkept } from './tell-unkept.ts';

type RecordContext = Pick<ProxyContext, 'store' | 'emit'>;

/** The last answer to a mutable question. */
export type AnswerRecord = {
  readonly found?: {
    readonly text: string;
    readonly mirror: string;
    /** When mirrors said it, Unix milliseconds. */
    readonly atMs: number;
    /** Since when they agree that it is not there any more. */
    readonly goneSinceMs?: number;
  };
};

/** The folder is writable by other programs: what is read from it is parsed. */
const schema = z.object({
  found: z
    .object({ text: z.string(), mirror: z.string(), atMs: z.number(), goneSinceMs: z.number().optional() })
    .optional(),
});

/** The record of `file`; an empty one where there is none or it cannot be read. Never rejects. */
export async function readAnswer(file: RemoteFile, { store }: RecordContext): Promise<AnswerRecord> {
  const { found } =
    schema.safeParse(await store.getRecord(recordName(file)).catch(() => undefined)).data ?? {};
  if (found === undefined) return {};
  const { goneSinceMs, ...answer } = found;
  return { found: goneSinceMs === undefined ? answer : { ...answer, goneSinceMs } };
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
    tellUnkept(context.emit, 'answer not kept', error);
  }
}
