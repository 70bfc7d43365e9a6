import * as z from 'zod';
import type { Clock } from '../kit/clock.ts';
import type { Upstream } from '../upstream/attempt.ts';
import { readSmall } from './read-small.ts';

/** Where a mirror may tell when it last looked at what it mirrors (spec operations.md). */
const PATH = '/.well-known/go-proxy-sync';
const MAX_BYTES = 16 * 1024;
/** Clocks differ; what is further in the future is no time of a synchronisation. */
const MAX_AHEAD_MS = 5 * 60_000;

/** Unix time in seconds. What else stands there is nobody's business. */
const SHAPE = z.object({ last_synced_at: z.number().positive() });

/**
 * When the mirror last synchronised, as Unix time in milliseconds; undefined where it does not say so: 404,
 * anything that is not such a file, no answer in time. Never rejects.
 */
export async function readSyncTime(
  upstream: Upstream,
  limitMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<number | undefined> {
  const text = await readSmall(upstream, PATH, { limitMs, maxBytes: MAX_BYTES }, signal);
  return text === undefined ? undefined : parseSyncTime(text, clock.wallMs());
}

/** The time in a sync file, which is the mirror's word: hostile. */
export function parseSyncTime(text: string, wallMs: number): number | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = SHAPE.safeParse(json);
  if (!parsed.success) return undefined;
  const syncedAtMs = parsed.data.last_synced_at * 1000;
  return syncedAtMs <= wallMs + MAX_AHEAD_MS ? Math.round(syncedAtMs) : undefined;
}
