import { Flight, type FlightContext, type FlightPlan } from './flight.ts';
import type { FlightReader } from './flight-reader.ts';

/** All flights under way: one a key. */
export type Flights = {
  /**
   * A reader of the flight of `plan.key`, which begins now if there is none (`joined` false). The reader must
   * be read to its end or closed.
   */
  join(
    plan: FlightPlan,
    via: string | undefined,
  ): { readonly reader: FlightReader; readonly joined: boolean };
  /** How many are under way. */
  count(): number;
  /** Resolves when all that were begun have ended and kept what they brought. */
  idle(): Promise<void>;
};

/** Flights that live as long as they need, whatever their clients do. */
export function createFlights(context: Omit<FlightContext, 'via'>): Flights {
  const flights = new Map<string, Flight>();
  return {
    join(plan, via) {
      const running = flights.get(plan.key);
      if (running !== undefined && !running.isOver) return { reader: running.open(), joined: true };
      const flight = new Flight(plan, { ...context, via });
      flights.set(plan.key, flight);
      void flight.over.then(() => {
        if (flights.get(plan.key) === flight) flights.delete(plan.key);
      });
      return { reader: flight.open(), joined: false };
    },
    count: () => flights.size,
    async idle() {
      while (flights.size > 0) await Promise.all([...flights.values()].map((flight) => flight.over));
    },
  };
}
