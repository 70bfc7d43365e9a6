/**
 * A mean in which a sample counts less the older it is: after `tauMs` a third of what it did. Plain data.
 * Unlike the usual moving average it has no memory of its beginning: the first sample is the mean of one, and
 * samples that come in a burst count alike.
 */
export type DecayedMean = {
  readonly value: number;
  /** How many fresh samples it is worth. */
  readonly weight: number;
  readonly atMs: number;
};

/** The mean after one more sample, which counts as `weight` samples. Times are of the monotonic clock. */
export function addSample(
  mean: DecayedMean | undefined,
  sample: number,
  { nowMs, tauMs, weight = 1 }: { readonly nowMs: number; readonly tauMs: number; readonly weight?: number },
): DecayedMean {
  if (mean === undefined) return { value: sample, weight, atMs: nowMs };
  const total = mean.weight * Math.exp(-Math.max(0, nowMs - mean.atMs) / tauMs) + weight;
  return { value: mean.value + (sample - mean.value) * (weight / total), weight: total, atMs: nowMs };
}

/** The mean as if a sample of weight 1 that was added at `sampledAtMs` had been larger by `more`: it goes on growing. */
export function raiseSample(
  mean: DecayedMean,
  more: number,
  { sampledAtMs, tauMs }: { readonly sampledAtMs: number; readonly tauMs: number },
): DecayedMean {
  const left = Math.exp(-Math.max(0, mean.atMs - sampledAtMs) / tauMs);
  return { ...mean, value: mean.value + more * Math.min(1, left / mean.weight) };
}
