import type { Emit } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import type { Mirrors } from '../mirrors/mirrors.ts';
import type { Store } from '../store/store.ts';
import type { Verifier } from '../verify/verifier.ts';
import type { EarlyAsking } from './ask-early.ts';
import type { Flights } from './flights.ts';
import type { NotFoundMemory } from './not-found-memory.ts';
import type { ProxySettings } from './settings.ts';

/** What every use case works with. */
export type ProxyContext = {
  readonly store: Store;
  readonly mirrors: Mirrors;
  readonly verifier: Verifier;
  readonly flights: Flights;
  readonly notFound: NotFoundMemory;
  readonly early: EarlyAsking;
  readonly settings: ProxySettings;
  readonly clock: Clock;
  readonly emit: Emit;
  /** Aborts when the program is told to end at once. */
  readonly signal: AbortSignal;
};
