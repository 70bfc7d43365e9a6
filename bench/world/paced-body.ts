import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Link } from './link.ts';

/** A piece of a body, and when it is due after the body's start: undefined for as fast as it goes. */
export type Piece = { readonly from: number; readonly to: number; readonly dueMs?: number };

/** How a body is sent. */
export type Pacing = {
  /** Shared with whatever else is sent over it. */
  readonly link?: Link;
  /** Spread evenly, so that the last byte leaves after so long. */
  readonly overMs?: number;
};

const PLAIN_PIECE_BYTES = 256 * 1024;
const LINK_PIECE_BYTES = 16 * 1024;
const PACE_STEP_MS = 10;

/** Cuts a body: every 10 ms one piece where it is spread over a time, else pieces of a size that suits the line. */
export function piecesOf(sizeBytes: number, pacing: Pacing): Piece[] {
  const { overMs, link } = pacing;
  if (overMs !== undefined) {
    const count = Math.max(1, Math.round(overMs / PACE_STEP_MS));
    const at = (piece: number): number => Math.round((sizeBytes * piece) / count);
    return Array.from({ length: count }, (_, index) => ({
      from: at(index),
      to: at(index + 1),
      dueMs: ((index + 1) * overMs) / count,
    }));
  }
  const step = link === undefined ? PLAIN_PIECE_BYTES : LINK_PIECE_BYTES;
  return Array.from({ length: Math.ceil(sizeBytes / step) }, (_, index) => ({
    from: index * step,
    to: Math.min(sizeBytes, (index + 1) * step),
  }));
}

/**
 * Sends `body` and ends the stream. What was handed to the stream is told to `sent` piece by piece; a client
 * that leaves ends it early and without an error.
 */
export async function sendPaced(
  stream: Writable,
  body: Buffer,
  pacing: Pacing,
  sent: (bytes: number) => void,
): Promise<void> {
  const startMs = performance.now();
  for (const { from, to, dueMs } of piecesOf(body.length, pacing)) {
    const nowMs = performance.now();
    const paceMs = dueMs === undefined ? nowMs : startMs + dueMs;
    const linkMs = pacing.link?.reserve(to - from, nowMs) ?? nowMs;
    const waitMs = Math.max(paceMs, linkMs) - nowMs;
    if (waitMs > 0) await sleep(waitMs);
    if (stream.destroyed) return;
    const hasRoom = stream.write(body.subarray(from, to));
    sent(to - from);
    if (!hasRoom && !(await drained(stream))) return;
  }
  stream.end();
}

/** False where the client has left. */
async function drained(stream: Writable): Promise<boolean> {
  if (stream.destroyed) return false;
  const listening = new AbortController();
  const options = { signal: listening.signal };
  try {
    await Promise.race([once(stream, 'drain', options), once(stream, 'close', options)]);
  } catch {
    return false;
  } finally {
    listening.abort();
  }
  return !stream.destroyed;
}
