import type { Emit } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import type { SharedQuestion } from '../kit/shared-question.ts';
import type { SharedTask } from '../kit/shared-task.ts';
import type { Found } from '../mirrors/answer.ts';
import type { Mirrors } from '../mirrors/mirrors.ts';
import type { Store, StoreKey } from '../store/store.ts';
import type { Verifier } from '../verify/verifier.ts';
import type { Databases } from './databases.ts';
import type { EarlyAsking } from './ask-early.ts';
import type { Flights } from './flights.ts';
import type { NotFoundMemory } from './not-found-memory.ts';
import type { ProxySettings } from './settings.ts';
import type { VersionChecks } from './version-checks.ts';

/** What every use case works with. */
export type ProxyContext = {
  readonly store: Store;
  readonly mirrors: Mirrors;
  readonly verifier: Verifier;
  readonly flights: Flights;
  /** Checks of files that the copy has and that nobody has proven: one a key, however many clients ask. */
  readonly adoptions: SharedTask<boolean>;
  /** What mirrors are asked for the heads of: nothing is kept of it, so it ends with the clients that asked. */
  readonly heads: SharedQuestion<Found>;
  readonly databases: Databases;
  readonly notFound: NotFoundMemory;
  readonly early: EarlyAsking;
  readonly checks: VersionChecks;
  /** The `.info` of the version that the list of a module has as its latest; undefined where it has none. */
  readonly latestListed: (
    module: string,
  ) => Promise<{ readonly version: string; readonly text: string; readonly mirror: string } | undefined>;
  readonly settings: ProxySettings;
  /** Told of each request that the copy answers: what is asked for stays longest. It must cost next to nothing. */
  readonly requested: (key: StoreKey) => void;
  readonly clock: Clock;
  readonly emit: Emit;
  /** Aborts when the program is told to end at once. */
  readonly signal: AbortSignal;
};
