import { Flight, type FlightProgress } from './flight.ts';
import type { FlightContext, FlightPlan } from './flight-plan.ts';
import type { FlightReader } from './flight-reader.ts';

/** All flights under way: one a key. */
export type Flights = {
  /**
   * A reader of the flight of `key`, which begins now with the plan that `makePlan` gives if there is none
   * (`joined` false). The reader must be read to its end or closed.
   */
  join(
    key: string,
    makePlan: () => FlightPlan,
    via: string | undefined,
  ): { readonly reader: FlightReader; readonly joined: boolean };
  /** How many are under way. */
  count(): number;
  /** How far each is, in the order of their beginnings. */
  progress(): FlightProgress[];
  /** Resolves when the flight of `key`, if there is one, has ended and kept what it brought. */
  over(key: string): Promise<void>;
  /** Resolves when all that were begun have ended and kept what they brought. */
  idle(): Promise<void>;
};

/** Which of a flight's numbers are settings: it keeps those that it began with. */
type FlightLimits = Pick<FlightContext, 'deadlineMs' | 'resumes' | 'raceCheckMs'>;

/** Flights that live as long as they need, whatever their clients do. */
export function createFlights(
  context: Omit<FlightContext, 'via' | keyof FlightLimits>,
  limits: () => FlightLimits,
): Flights {
  const flights = new Map<string, Flight>();
  return {
    join(key, makePlan, via) {
      const running = flights.get(key);
      if (running !== undefined && !running.isOver) return { reader: running.open(), joined: true };
      const { deadlineMs, resumes, raceCheckMs } = limits();
      const flight = new Flight(makePlan(), { ...context, deadlineMs, resumes, raceCheckMs, via });
      flights.set(key, flight);
      void flight.over.then(() => {
        if (flights.get(key) === flight) flights.delete(key);
      });
      return { reader: flight.open(), joined: false };
    },
    count: () => flights.size,
    progress: () => [...flights.values()].map((flight) => flight.progress()),
    async over(key) {
      await flights.get(key)?.over;
    },
    async idle() {
      while (flights.size > 0) await Promise.all([...flights.values()].map((flight) => flight.over));
    },
  };
}
