import type { RondoEvent } from '../events/events.ts';
import { isShown, type LogLevel } from '../kit/log-level.ts';
import type { CliContext } from './context.ts';

/**
 * Shows notices of at least `level`, as it is then, as words for people, where no log writes them: `most` of them, so that a full
 * disk does not drown what else is said. How many were left out is what the returned function says.
 */
export function showNotices(
  bus: { subscribe(sink: (event: RondoEvent) => void): unknown },
  level: () => LogLevel,
  { warn, tell }: Pick<CliContext, 'warn' | 'tell'>,
  most: number = Infinity,
): () => number {
  let count = 0;
  bus.subscribe((event) => {
    if (event.type !== 'notice' || !isShown(event.level, level())) return;
    count += 1;
    if (count > most) return;
    const said = event.said ?? event.message;
    if (event.level === 'warn' || event.level === 'error') warn(said);
    else tell(said);
  });
  return () => Math.max(0, count - most);
}
