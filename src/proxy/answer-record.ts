import { say } from '../words/text.ts';
import * as z from 'zod';
import type { RemoteFile } from '../gomod/module-file.ts';
import { recordName } from '../gomod/store-key.ts';
import type { ProxyContext } from './context.ts';
import { tellUnkept } from './tell-unkept.ts';

/** What mirrors have said. */
export type FoundAnswer = {
  readonly text: string;
  readonly mirror: string;
  /** When mirrors said it, Unix milliseconds. */
  readonly atMs: number;
  /** Since when they agree that it is not there any more. */
  readonly goneSinceMs?: number;
  /** Since when mirrors' lists have lacked some of it, Unix milliseconds. */
  readonly backwardSinceMs?: number;
  /** Of a list: the highest version that the checksum database was seen to know. */
  readonly confirmed?: string;
};

/** The last answer to a mutable question. */
export type AnswerRecord = { readonly found?: FoundAnswer };

/** What was read out of records that a store has in memory: a warm one is not parsed again. */
const parsed = new WeakMap<object, FoundAnswer>();

/** The answer to `file` if it is in memory now; `undefined` says nothing: ask `readAnswer`. */
export function recallAnswer(
  file: RemoteFile,
  { store }: Pick<ProxyContext, 'store'>,
): FoundAnswer | undefined {
  return answerIn(store.recallRecord(recordName(file)));
}

/** The folder is writable by other programs: what is read from it is parsed. */
const schema = z.object({
  found: z
    .object({
      text: z.string(),
      mirror: z.string(),
      atMs: z.number(),
      goneSinceMs: z.number().optional(),
      backwardSinceMs: z.number().optional(),
      confirmed: z.string().optional(),
    })
    .optional(),
});

/** The record of `file`; an empty one where there is none or it cannot be read. Never rejects. */
export async function readAnswer(
  file: RemoteFile,
  { store }: Pick<ProxyContext, 'store'>,
): Promise<AnswerRecord> {
  const found = answerIn(await store.getRecord(recordName(file)).catch(() => undefined));
  return found === undefined ? {} : { found };
}

/** The answer in a record, parsed once for as long as the store has that record in memory. */
function answerIn(record: unknown): FoundAnswer | undefined {
  if (typeof record !== 'object' || record === null) return undefined;
  const known = parsed.get(record);
  if (known !== undefined) return known;
  const { found } = schema.safeParse(record).data ?? {};
  if (found === undefined) return undefined;
  const { goneSinceMs, backwardSinceMs, confirmed, ...rest } = found;
  const answer = {
    ...rest,
    ...(goneSinceMs === undefined ? {} : { goneSinceMs }),
    ...(backwardSinceMs === undefined ? {} : { backwardSinceMs }),
    ...(confirmed === undefined ? {} : { confirmed }),
  };
  parsed.set(record, answer);
  return answer;
}

/** Replaces the record of `file`. A copy that cannot be written is told, and costs nothing but the memory of it. */
export async function writeAnswer(
  file: RemoteFile,
  record: AnswerRecord,
  context: Pick<ProxyContext, 'store' | 'emit'>,
): Promise<void> {
  try {
    await context.store.putRecord(recordName(file), record);
  } catch (error) {
    tellUnkept(context.emit, say('answer not kept'), error);
  }
}
