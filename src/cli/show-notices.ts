import type { LogLevel } from '../config/config.ts';
import { printable } from '../config/quote.ts';
import type { RondoEvent } from '../events/events.ts';
import type { CliContext } from './context.ts';

/** Least important first. */
const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

/** Shows notices of at least `level` as words for people, where no log writes them. */
export function showNotices(
  bus: { subscribe(sink: (event: RondoEvent) => void): unknown },
  level: LogLevel,
  { warn, words }: Pick<CliContext, 'warn' | 'words'>,
): void {
  const least = LEVELS.indexOf(level);
  bus.subscribe((event) => {
    if (event.type !== 'notice' || LEVELS.indexOf(event.level) < least) return;
    if (event.level === 'warn' || event.level === 'error') warn(event.message);
    else words(`rondo: ${printable(event.message, 400)}\n`);
  });
}
