import { UNREACHED } from '../balance/outcome.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { Emit, RondoEvent } from '../events/events.ts';
import { notice } from '../events/notice.ts';
import { say, type Text } from '../words/text.ts';
import type { Found } from './answer.ts';

const FAILURES: ReadonlySet<RondoError['kind']> = new Set(['upstream', 'timeout', 'unavailable']);

/** Gives mirrors up for the rest of a piece of work once none of them can be reached. */
export type GivingUp = {
  /** Is told all events, and passes them on. */
  readonly emit: Emit;
  /** Puts a question to the mirrors of these names by `ask`; rejects at once where they have been given up. */
  run(mirrors: readonly string[], signal: AbortSignal, ask: () => Promise<Found>): Promise<Found>;
};

/**
 * For work on many files: without a network each would wait out its deadline for itself. The first question that fails
 * because none of its mirrors can be reached is told with the cause and `advice`. Where one has answered meanwhile,
 * whatever it said, there is a network.
 */
export function createGivingUp(emit: Emit, advice: Text | string): GivingUp {
  /** By mirror: how often it answered, and how often it could not be reached. */
  const visits = new Map<string, { reached: number; failed: number; why: string }>();
  const given = new Map<string, RondoError>();
  const of = (mirror: string): { reached: number; failed: number; why: string } =>
    visits.getOrInsertComputed(mirror, () => ({ reached: 0, failed: 0, why: '' }));
  const sum = (mirrors: readonly string[], what: 'reached' | 'failed'): number =>
    mirrors.reduce((count, mirror) => count + of(mirror)[what], 0);

  const giveUp = (mirrors: readonly string[], cause: RondoError): void => {
    const message = say('nobody is asked any more, since no mirror can be reached');
    given.set(keyOf(mirrors), new RondoError('E_NO_MIRROR', message, { cause, unanswered: true }));
    const mirror = mirrors.find((name) => of(name).failed > 0) ?? '';
    const values = { mirror, why: of(mirror).why, advice };
    emit(
      notice(
        'warn',
        say('no mirror can be reached ({mirror}: {why}); the rest is not asked for. {advice}', values),
      ),
    );
  };
  return {
    emit(event: RondoEvent) {
      if (event.type === 'visit') {
        const { outcome, mirror } = event;
        const known = of(mirror);
        if (UNREACHED.has(outcome.cause)) [known.failed, known.why] = [known.failed + 1, outcome.detail];
        // One that is not needed any more says nothing.
        else if (outcome.cause !== 'superseded') known.reached += 1;
      }
      emit(event);
    },
    async run(mirrors, signal, ask) {
      const known = given.get(keyOf(mirrors));
      if (known !== undefined) throw known;
      const [reached, failed] = [sum(mirrors, 'reached'), sum(mirrors, 'failed')];
      try {
        const found = await ask();
        // Its visit ends with its body.
        of(found.mirror).reached += 1;
        return found;
      } catch (error) {
        const isFailure = error instanceof RondoError && FAILURES.has(error.kind) && !signal.aborted;
        const isUnreached = sum(mirrors, 'reached') === reached && sum(mirrors, 'failed') > failed;
        if (isFailure && isUnreached && !given.has(keyOf(mirrors))) giveUp(mirrors, error);
        throw error;
      }
    },
  };
}

function keyOf(mirrors: readonly string[]): string {
  return mirrors.join(' ');
}
