import { RondoError } from '../errors/rondo-error.ts';
import type { RemoteFile } from '../gomod/module-file.ts';
import { readAnswer, writeAnswer } from './answer-record.ts';
import type { ProxyContext } from './context.ts';

/** A 404 that is older is not replayed: much may have been published since. */
const REPLAY_MAX_MS = 24 * 3_600_000;
/** Parent paths are asked all the time: the same 404 is not written down again before this is over. */
const REWRITE_MS = 3_600_000;

/** Remembers a hard 404 by agreement, only to be replayed when mirrors are down (integrity.md, "Freshness"). */
export async function rememberNotFound(
  file: RemoteFile,
  error: unknown,
  context: ProxyContext,
): Promise<void> {
  if (!isNotFound(error)) return;
  const nowMs = context.clock.wallMs();
  const record = await readAnswer(file, context);
  if (record.notFound !== undefined && Math.abs(nowMs - record.notFound.atMs) < REWRITE_MS) return;
  const sinceMs = record.notFound?.sinceMs ?? nowMs;
  await writeAnswer(file, { ...record, notFound: { words: error.message, sinceMs, atMs: nowMs } }, context);
}

/** The error to answer with: during an outage a remembered 404, else `error` itself. */
export async function replayNotFound(
  file: RemoteFile,
  error: unknown,
  context: ProxyContext,
): Promise<unknown> {
  if (!isOutage(error)) return error;
  const { notFound } = await readAnswer(file, context);
  if (notFound === undefined || context.clock.wallMs() - notFound.atMs > REPLAY_MAX_MS) return error;
  return new RondoError('E_NOT_FOUND', notFound.words, { cause: error });
}

/** A hard 404 by agreement. */
export function isNotFound(error: unknown): error is RondoError {
  return error instanceof RondoError && error.code === 'E_NOT_FOUND';
}

/** Mirrors failed, or none may be asked: what is known from before may be answered. */
export function isOutage(error: unknown): boolean {
  return error instanceof RondoError && ['upstream', 'timeout', 'unavailable'].includes(error.kind);
}
