import type { RondoError } from '../errors/rondo-error.ts';
import type { Emit } from '../events/events.ts';
import type { RemoteFile } from '../gomod/module-file.ts';
import type { Clock } from '../kit/clock.ts';
import type { Mirrors } from '../mirrors/mirrors.ts';
import type { Spool } from '../store/spool.ts';

/** What a complete file turned out to be. */
export type Judgement =
  | { readonly kind: 'right' }
  /** An ordinary failure of the mirror: another one is asked. */
  | { readonly kind: 'unusable'; readonly why: string }
  /** It contradicts the database or names another module: quarantine, and another one is asked. */
  | { readonly kind: 'wrong'; readonly why: string }
  /** No mirror can help, and none is charged. */
  | { readonly kind: 'hopeless'; readonly error: RondoError };

/** What is known of a complete body besides its bytes. */
export type BodyFacts = {
  /** False where only the end of the connection marked its end: it may have been cut. */
  readonly lengthKnown: boolean;
  /** Its bytes are of several mirrors, which may have different files: nobody has lied if the whole is wrong. */
  readonly joined: boolean;
};

/** What is to be fetched, and what makes it right. */
export type FlightPlan = {
  readonly file: RemoteFile;
  readonly key: string;
  /** May flow to clients before it is whole; otherwise nothing leaves before the judgement. */
  readonly streams: boolean;
  /** There is nothing older in the copy for whoever waits: where no mirror is left to be asked, a trial is waited for. */
  readonly patient: boolean;
  /** Judges the complete file; called again after every transfer. One that was joined is never `wrong`. */
  judge(spool: Spool, mirror: string, facts: BodyFacts): Promise<Judgement>;
  /** Keeps the right file. A failure is told, and the file is served all the same. */
  keep(spool: Spool, mirror: string): Promise<void>;
};

/** What flights need from their surroundings. */
export type FlightContext = {
  readonly mirrors: Mirrors;
  readonly newSpool: () => Spool;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** How long a body may take to begin. */
  readonly deadlineMs: number;
  /** How often in a row a mirror whose transfer broke is asked for the rest before any other. */
  readonly resumes: number;
  /** How often a body is looked at, whether it is slow, in milliseconds; 0: no body is raced. */
  readonly raceCheckMs: number;
  readonly via: string | undefined;
};
