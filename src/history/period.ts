import type { Incident } from './incidents.ts';

/** From when to when, Unix milliseconds. */
export type Period = { readonly sinceMs: number; readonly untilMs: number };

/** Whether a part of an incident lies within the period. Pure. */
export function overlaps({ startMs, endMs = Infinity }: Incident, { sinceMs, untilMs }: Period): boolean {
  return startMs < untilMs && endMs > sinceMs;
}
