import { createInTurn } from '../kit/in-turn.ts';
import { createSharedQuestion } from '../kit/shared-question.ts';
import type { HistoryAnswer } from './answers.ts';
import type { ApiPorts } from './ports.ts';
import { ApiRefusal } from './refusal.ts';

/** So many different questions wait while one is answered: more than a few pages have. */
const MOST_WAITING = 16;

/**
 * Has `read` run once at a time, since each reads up to a whole file. Equal questions that wait are one; one that is being
 * answered is not joined, as it may end before what made somebody ask. What nobody waits for any more is not read on.
 */
export function sharedHistory(read: ApiPorts['history']): ApiPorts['history'] {
  const turns = createInTurn();
  const questions = createSharedQuestion<HistoryAnswer>();
  /** The names of the questions whose turn has not come. */
  const waiting = new Map<string, string>();
  let asked = 0;
  return (sinceMs, parts, signal) => {
    const words = `${sinceMs} ${parts}`;
    asked += 1;
    const name = waiting.get(words) ?? `${words} ${asked}`;
    const waitsNoMore = (): void => {
      if (waiting.get(words) === name) waiting.delete(words);
    };
    const ask = async (left: AbortSignal): Promise<HistoryAnswer> => {
      if (waiting.size >= MOST_WAITING)
        throw new ApiRefusal(503, 'too many ask for the history already', 'ask again in a moment');
      waiting.set(words, name);
      left.addEventListener('abort', waitsNoMore);
      return turns.run('', () => {
        waitsNoMore();
        left.throwIfAborted();
        return read(sinceMs, parts, left);
      });
    };
    return questions.run(name, ask, signal);
  };
}
