import type * as answers from '../../src/api/answers.ts';

/** All that a made-up Rondo answers. */
export type Scene = {
  status: answers.StatusAnswer;
  mirrors: answers.MirrorsAnswer;
  flights: answers.FlightsAnswer;
  history: answers.HistoryAnswer;
  modules: readonly (answers.ModuleShown & { readonly files: answers.VersionsAnswer['versions'] })[];
  config: answers.ConfigAnswer;
  findings: answers.DoctorAnswer;
};

/** The time of all scenes: Thursday, 5 November 2026, 12:00 UTC. */
export const NOW_MS: number = Date.UTC(2026, 10, 5, 12);
/** An hour. */
export const HOUR_MS: number = 3_600_000;
/** A mebibyte. */
export const MIB: number = 1024 * 1024;
