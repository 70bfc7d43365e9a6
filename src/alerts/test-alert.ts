import type { Alert } from './conditions.ts';

/** The alert that `rondo alerts test` sends: of nothing, and never resolved. Pure. */
export function testAlert(id: string, sinceMs: number): Alert {
  const message = 'a test: rondo alerts test';
  return { id, kind: 'test', subject: 'rondo', message, state: 'firing', sinceMs, count: 1 };
}
