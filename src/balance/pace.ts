import { addSample, raiseSample, type DecayedMean } from '../kit/decayed-mean.ts';
import { FILE_CLASSES, type FileClass } from './file-class.ts';

/** How fast a mirror has been lately, by class of file. Plain data. */
export type Pace = {
  /** Milliseconds to the first byte, and from there to the end of what is too small to say anything of throughput. */
  readonly latency: { readonly [C in FileClass]?: DecayedMean };
  /** Milliseconds that a reader waits for one MiB of a body: the inverse of its throughput. */
  readonly perMiB?: DecayedMean;
};

/** The numbers of the latency factor. Each is a configuration key. */
export type PaceSettings = {
  /** How fast the past is forgotten (kit/decayed-mean.ts). */
  readonly tauMs: number;
  /** A mirror that takes this many times as long as the best loses no weight yet. */
  readonly tolerance: number;
  /** The least that is left of a slow mirror's weight. */
  readonly floor: number;
};

/** One mirror among those that are compared. */
export type Paced = {
  readonly pace: Pace;
  /** How long its oldest attempt has been waiting for an answer; 0 where none is. */
  readonly unansweredMs: number;
};

/** Nobody has been asked yet. */
export const NO_PACE: Pace = { latency: {} };

/** After so many times tau without a sample a mean is forgotten: the mirror may have changed by now. */
const FORGOTTEN_TAUS = 3;
/** Less of a body than this says nothing of its throughput: it came with the headers. */
const MIN_BODY_BYTES = 64 * 1024;
const MIN_BODY_MS = 1000;
/** Mirrors nearer than this are equally near. */
const NOISE_MS = 5;
const MIB = 1024 * 1024;

/** An answer's first byte came, or was no longer waited for, after `ms`. */
export function afterFirstByte(
  pace: Pace,
  fileClass: FileClass,
  ms: number,
  at: { readonly nowMs: number; readonly tauMs: number },
): Pace {
  const mean = addSample(pace.latency[fileClass], ms, at);
  return { ...pace, latency: { ...pace.latency, [fileClass]: mean } };
}

/** A part of a body, for which a reader waited `waitedMs` in all. */
export type BodyPart = { readonly bytes: number; readonly waitedMs: number };

/**
 * A part came of the body of an answer whose first byte came at `answeredAtMs`. What is waited for a small file is
 * waited for, before its first byte or after it: else a mirror could hold back every body and be the fastest of all.
 */
export function afterPart(
  pace: Pace,
  fileClass: FileClass,
  part: BodyPart,
  at: { readonly nowMs: number; readonly tauMs: number; readonly answeredAtMs: number },
): Pace {
  const after = afterBody(pace, part, at);
  const mean = after.latency[fileClass];
  if (mean === undefined || (fileClass === 'zip' && part.bytes >= MIN_BODY_BYTES)) return after;
  const raised = raiseSample(mean, part.waitedMs, { sampledAtMs: at.answeredAtMs, tauMs: at.tauMs });
  return { ...after, latency: { ...after.latency, [fileClass]: raised } };
}

/** What a part says of throughput. Too small a part changes nothing. */
export function afterBody(
  pace: Pace,
  part: BodyPart,
  at: { readonly nowMs: number; readonly tauMs: number },
): Pace {
  if (part.bytes < MIN_BODY_BYTES && part.waitedMs < MIN_BODY_MS) return pace;
  // A stall has no bytes, and counts all the same.
  const mib = Math.max(part.bytes, 1024) / MIB;
  return { ...pace, perMiB: addSample(pace.perMiB, part.waitedMs / mib, { ...at, weight: mib }) };
}

/** What a file of this class usually takes, a zip to its first byte; undefined where that is not known (any more). */
export function usualLatencyMs(
  pace: Pace,
  fileClass: FileClass,
  nowMs: number,
  tauMs: number,
): number | undefined {
  return known(pace.latency[fileClass], nowMs, tauMs);
}

/** What a file of this class usually takes, a zip with its first MiB; undefined where that is not known (any more). */
export function usualMs(pace: Pace, fileClass: FileClass, nowMs: number, tauMs: number): number | undefined {
  const latency = usualLatencyMs(pace, fileClass, nowMs, tauMs);
  if (latency === undefined) return undefined;
  return fileClass === 'zip' ? latency + (known(pace.perMiB, nowMs, tauMs) ?? 0) : latency;
}

/** Bytes a second of its bodies; undefined where that is not known (any more). */
export function usualBytesPerS(pace: Pace, nowMs: number, tauMs: number): number | undefined {
  const perMiB = known(pace.perMiB, nowMs, tauMs);
  return perMiB === undefined ? undefined : (MIB * 1000) / Math.max(perMiB, 0.1);
}

/**
 * What is left of each mirror's weight for files of `fileClass`: `clamp(tolerance x best / own, floor, 1)`, in
 * order. `own` is what the mirror usually takes, or the age of its oldest unanswered attempt if that is more. Where a
 * mirror is not known for this class, the worst of what it is known for counts; who is not known at all loses
 * nothing.
 */
export function latencyFactors(
  mirrors: readonly Paced[],
  fileClass: FileClass,
  nowMs: number,
  { tauMs, tolerance, floor }: PaceSettings,
): number[] {
  const columns = new Map<FileClass, Column>();
  const columnOf = (each: FileClass): Column => {
    const column = columns.get(each) ?? columnFor(mirrors, each, nowMs, tauMs);
    columns.set(each, column);
    return column;
  };
  const factor = ({ bestMs }: Column, ownMs: number): number =>
    Math.min(1, Math.max(floor, (tolerance * Math.max(bestMs, NOISE_MS)) / Math.max(ownMs, NOISE_MS)));
  const own = columnOf(fileClass);
  return mirrors.map(({ unansweredMs }, index) => {
    const classes = own.usual[index] === undefined ? FILE_CLASSES : [fileClass];
    let least = own.bestMs === Infinity ? 1 : factor(own, unansweredMs);
    for (const each of classes) {
      const ms = columnOf(each).usual[index];
      if (ms !== undefined) least = Math.min(least, factor(columnOf(each), ms));
    }
    return least;
  });
}

/** What each mirror usually takes for one class, and the least of it. */
type Column = { readonly usual: readonly (number | undefined)[]; readonly bestMs: number };

function columnFor(mirrors: readonly Paced[], fileClass: FileClass, nowMs: number, tauMs: number): Column {
  const usual = mirrors.map(({ pace }) => usualMs(pace, fileClass, nowMs, tauMs));
  return { usual, bestMs: Math.min(...usual.map((ms) => ms ?? Infinity)) };
}

function known(mean: DecayedMean | undefined, nowMs: number, tauMs: number): number | undefined {
  return mean === undefined || nowMs - mean.atMs > FORGOTTEN_TAUS * tauMs ? undefined : mean.value;
}
