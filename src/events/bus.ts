import type { Emit, RondoEvent } from './events.ts';

/** Delivers each event, in order, to every subscriber of that moment. */
export type Bus = {
  readonly emit: Emit;
  /** Subscribes; the returned function ends the subscription. */
  subscribe(sink: (event: RondoEvent) => void): () => void;
};

/**
 * A synchronous bus. A sink that throws is dropped and reported to `onSinkError`: a broken log must
 * never break a build.
 */
export function createBus(onSinkError: (error: unknown) => void): Bus {
  const sinks = new Set<(event: RondoEvent) => void>();
  return {
    emit(event) {
      for (const sink of sinks) {
        try {
          sink(event);
        } catch (error) {
          sinks.delete(sink);
          onSinkError(error);
        }
      }
    },
    subscribe(sink) {
      sinks.add(sink);
      return () => sinks.delete(sink);
    },
  };
}
