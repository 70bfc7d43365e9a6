import type { Outcome } from '../balance/outcome.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { VisitReport } from '../events/events.ts';
import { say } from '../words/text.ts';

/** Which mirrors failed a file after they had answered, and how: they are asked again only when nobody else is left. */
export class FlightFailures {
  readonly #reports = new Map<string, VisitReport>();
  #count = 0;

  /** The last failure of each, by its name. */
  get reports(): ReadonlyMap<string, VisitReport> {
    return this.#reports;
  }

  /** How many failures came after the first one, whoever's. */
  get repeats(): number {
    return Math.max(0, this.#count - 1);
  }

  /** Takes note, and gives the error that the flight ends with if nothing better comes. */
  add(mirror: string, outcome: Outcome, durationMs: number): RondoError {
    this.#count += 1;
    this.#reports.set(mirror, { mirror, outcome, durationMs });
    const code = outcome.class === 'integrity' ? 'E_CHECKSUM_MISMATCH' : 'E_BAD_CONTENT';
    return new RondoError(code, say('{mirror}: {detail}', { mirror, detail: outcome.detail }));
  }

  /** The error where no mirror is left to ask: if somebody lied, that is no outage. */
  judged(error: unknown): unknown {
    const lies = [...this.#reports.values()].filter(({ outcome }) => outcome.class === 'integrity');
    if (lies.length === 0 || !(error instanceof RondoError)) return error;
    return new RondoError(
      'E_CHECKSUM_MISMATCH',
      say('wrong content, and no mirror with the right one: {message}', { message: error.said.message }),
      {
        details: error.details,
        cause: error,
        ...(error.tried === undefined ? {} : { tried: error.tried }),
      },
    );
  }
}
