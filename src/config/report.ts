import type { RondoError } from '../errors/rondo-error.ts';

/** Told of each mistake in a configuration file. Where it comes back, reading goes on with the next line. */
export type Report = (problem: RondoError) => void;

/** Stops at the first mistake. */
export const raise: Report = (problem) => {
  throw problem;
};
