import { printable } from '../config/quote.ts';
import type { RondoEvent } from '../events/events.ts';
import { knownWords } from '../words/known-words.ts';
import type { Sentence } from '../words/sentences.ts';
import type { CliContext } from './context.ts';

/** After so many different messages nothing new is learnt from another one. */
const MAX_SHOWN = 5;

/** What an event of this kind says (verify, proxy/databases.ts); its message is English, as logs have it. */
const DOUBTS: readonly Sentence[] = [
  'SECURITY ERROR: {db} has signed two trees that contradict each other; it is not used any more',
  'SECURITY ERROR: nobody gives a record of {record} that {db} can have signed: {why}',
  'SECURITY ERROR: nobody gives a tree that {db} has signed: {why}',
  "nobody's {path} fits what {db} has signed",
];

/**
 * Shows as words for people, where no log writes it, that the checksum database is in doubt, whatever level of
 * notices they want to see: each message once, and the evidence of a fork as it is.
 */
export function showSecurity(
  bus: { subscribe(sink: (event: RondoEvent) => void): unknown },
  { tell, words }: Pick<CliContext, 'tell' | 'words'>,
): void {
  const shown = new Set<string>();
  bus.subscribe((event) => {
    if (event.type !== 'security' || shown.has(event.message) || shown.size >= MAX_SHOWN) return;
    shown.add(event.message);
    tell(knownWords(event.message, DOUBTS));
    for (const line of event.evidence?.split('\n') ?? [])
      words(`${printable(line.replace('\t', '  '), 400)}\n`);
  });
}
