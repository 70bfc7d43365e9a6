import type { Clock } from '../kit/clock.ts';
import type { Mirror } from './mirror.ts';
import type { Roster } from './roster.ts';
import type { MirrorsSettings } from './settings.ts';

/**
 * What one request knows of the trials of others, while it waits for them because no mirror is left to be asked
 * (docs/design/adr/0031). A trial that fails has failed for all who wait for it; who has heard that of every mirror waits
 * no longer.
 */
export type TrialWatch = {
  /** Whether the next trial of this mirror is worth waiting for. */
  hopes(mirror: Mirror): boolean;
  /** Begins to wait, unless it does already. When there may be something to do without being told. */
  wait(mirrors: readonly Mirror[]): number;
  close(): void;
};

/** `patient`: whether the request may wait at all; `onNews` is called when a trial that it waits for has failed. */
export function createTrialWatch(
  patient: boolean,
  onNews: () => void,
  context: {
    readonly roster: Roster;
    readonly clock: Clock;
    readonly settings: Pick<MirrorsSettings, 'softHeaderMs' | 'balance'>;
  },
): TrialWatch {
  const { roster, clock, settings } = context;
  const failed = new Set<Mirror>();
  let untilMs = Infinity;
  let stopListening: (() => void) | undefined;
  const begin = (): void => {
    const sinceMs = clock.now();
    // The next trial begins within one of these, and is decided within the other.
    untilMs = sinceMs + settings.balance.rescueEveryMs + settings.softHeaderMs;
    stopListening = roster.onFailedTrial((mirror, asOfMs) => {
      if (asOfMs < sinceMs) return;
      failed.add(mirror);
      onNews();
    });
  };
  return {
    hopes: (mirror) =>
      patient && clock.now() < untilMs && !failed.has(mirror) && roster.nextTrialMs(mirror) !== undefined,
    wait(mirrors) {
      if (stopListening === undefined) begin();
      const nowMs = clock.now();
      const trials = mirrors.flatMap((mirror) => roster.nextTrialMs(mirror) ?? []);
      return Math.min(untilMs, ...trials.filter((atMs) => atMs > nowMs));
    },
    close: () => stopListening?.(),
  };
}
