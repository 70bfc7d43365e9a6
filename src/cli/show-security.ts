import { printable } from '../config/quote.ts';
import type { RondoEvent } from '../events/events.ts';
import type { CliContext } from './context.ts';

/** After so many different messages nothing new is learnt from another one. */
const MAX_SHOWN = 5;

/**
 * Shows as words for people, where no log writes it, that the checksum database is in doubt, whatever level of
 * notices they want to see: each message once, and the evidence of a fork as it is.
 */
export function showSecurity(
  bus: { subscribe(sink: (event: RondoEvent) => void): unknown },
  { words }: Pick<CliContext, 'words'>,
): void {
  const shown = new Set<string>();
  bus.subscribe((event) => {
    if (event.type !== 'security' || shown.has(event.message) || shown.size >= MAX_SHOWN) return;
    shown.add(event.message);
    words(`rondo: ${printable(event.message, 400)}\n`);
    for (const line of event.evidence?.split('\n') ?? [])
      words(`${printable(line.replace('\t', '  '), 400)}\n`);
  });
}
