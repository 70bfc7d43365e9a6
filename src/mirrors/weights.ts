import { freshnessFactors } from '../balance/freshness.ts';
import { fileClassOf, type FileClass } from '../balance/file-class.ts';
import { hedgeDelayMs } from '../balance/hedge.ts';
import { latencyFactors, usualBytesPerS, usualMs } from '../balance/pace.ts';
import { pinHolds } from '../balance/pins.ts';
import type { Candidate } from '../balance/round-robin.ts';
import type { FileKind } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import { baseWeight, unansweredMs, type Mirror } from './mirror.ts';
import type { Roster } from './roster.ts';
import type { MirrorsSettings } from './settings.ts';
import type { SyncWatch } from './sync-watch.ts';

/** What weighing needs of its surroundings. */
export type WeighContext = {
  readonly roster: Roster;
  readonly settings: MirrorsSettings;
  readonly clock: Clock;
  readonly sync: Pick<SyncWatch, 'lagMs'>;
};

/** The class of what probes and Rondo's own questions ask for is that of small files. */
export function classOf(kind: FileKind): FileClass {
  return kind === 'other' ? 'small' : fileClassOf(kind);
}

/** What health and speed leave of each mirror's weight for one class of file. */
export type Weighed = { readonly mirror: Mirror; readonly score: number; readonly factor: number };

/** Weighs `mirrors` against each other (selection.md, "Weights"): pass those that are eligible. */
export function weigh(mirrors: readonly Mirror[], fileClass: FileClass, context: WeighContext): Weighed[] {
  const { roster, settings, clock } = context;
  const nowMs = clock.now();
  const paced = mirrors.map((mirror) => ({ pace: mirror.pace, unansweredMs: unansweredMs(mirror, nowMs) }));
  const bySpeed = latencyFactors(paced, fileClass, nowMs, settings.pace);
  const byFreshness = fileClass === 'mutable' ? freshness(mirrors, context) : [];
  return mirrors.map((mirror, index) => ({
    mirror,
    score: roster.standing(mirror).score,
    factor: (bySpeed[index] ?? 1) * (byFreshness[index] ?? 1),
  }));
}

function freshness(mirrors: readonly Mirror[], { sync, settings }: WeighContext): number[] {
  return freshnessFactors(
    mirrors.map((mirror) => sync.lagMs(mirror)),
    settings.sync,
  );
}

/** As the round robin takes it. */
export function candidateOf({ mirror, score, factor }: Weighed): Candidate {
  return { name: mirror.name, weight: baseWeight(mirror) * score * factor };
}

/** Whether a pin to `pinned` counts beside the other `eligible` mirrors. */
export function mayPin(
  pinned: Mirror,
  eligible: readonly Mirror[],
  fileClass: FileClass,
  context: WeighContext,
): boolean {
  const { settings, clock } = context;
  const { tauMs } = settings.pace;
  // Who serves a module again and again would hide from it that others are fresher.
  if (fileClass === 'mutable' && freshness(eligible, context)[eligible.indexOf(pinned)] !== 1) return false;
  const usual = (mirror: Mirror): number | undefined => usualMs(mirror.pace, fileClass, clock.now(), tauMs);
  const known = eligible.flatMap((mirror) => usual(mirror) ?? []);
  return pinHolds(
    {
      failures: pinned.state.trafficFailures + pinned.state.unable,
      usualMs: usual(pinned),
      bestMs: known.length === 0 ? undefined : Math.min(...known),
    },
    settings.pins,
  );
}

/** How long `asked` may take to its first byte before a second one of the `eligible` mirrors is asked beside it. */
export function delayOfHedge(
  asked: Mirror,
  eligible: readonly Mirror[],
  fileClass: FileClass,
  { settings, clock }: WeighContext,
): number {
  const nowMs = clock.now();
  const window = (mirror: Mirror): ReturnType<typeof asked.latency.roughly> =>
    mirror.latencyOf[fileClass].roughly(nowMs);
  return hedgeDelayMs(window(asked), eligible.map(window), settings.hedge);
}

/**
 * What the fastest of `mirrors` usually gives, in bytes a second. Where none but `asked` is known, another one is
 * assumed to give something.
 */
export function bestBytesPerS(
  asked: Mirror,
  mirrors: readonly Mirror[],
  { settings, clock }: WeighContext,
): number {
  const usual = ({ pace }: Mirror): number | undefined =>
    usualBytesPerS(pace, clock.now(), settings.pace.tauMs);
  const others = mirrors.flatMap((mirror) => (mirror === asked ? [] : (usual(mirror) ?? [])));
  const best = others.length === 0 ? settings.race.assumedBytesPerS : Math.max(...others);
  return Math.max(best, usual(asked) ?? 0);
}
