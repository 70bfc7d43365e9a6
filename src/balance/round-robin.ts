/** A mirror that may be picked now. */
export type Candidate = { readonly name: string; readonly weight: number };

/**
 * Current weights by mirror name: the whole memory of the round robin. They sum to zero over any set of
 * candidates that was picked from throughout.
 */
export type CurrentWeights = Map<string, number>;

/**
 * Smooth weighted round robin, as nginx does it: every candidate gains its weight, the largest current
 * weight wins and pays the total. `pinned` is picked instead while its debt is at most `pinDebt` total weights, and
 * pays the same, so that shares follow the weights with and without pins.
 * Changes `currents`. Returns undefined only without candidates.
 */
export function pick(
  currents: CurrentWeights,
  candidates: readonly Candidate[],
  pinned?: string,
  pinDebt = 8,
): { readonly name: string; readonly byPin: boolean } | undefined {
  let total = 0;
  let best: Candidate | undefined;
  let bestCurrent = -Infinity;
  let pin: Candidate | undefined;
  for (const candidate of candidates) {
    const current = (currents.get(candidate.name) ?? 0) + candidate.weight;
    currents.set(candidate.name, current);
    total += candidate.weight;
    if (candidate.name === pinned) pin = candidate;
    if (current > bestCurrent) {
      best = candidate;
      bestCurrent = current;
    }
  }
  if (best === undefined) return undefined;
  const byPin = pin !== undefined && (currents.get(pin.name) ?? 0) >= -pinDebt * total;
  const chosen = byPin && pin !== undefined ? pin : best;
  currents.set(chosen.name, (currents.get(chosen.name) ?? 0) - total);
  return { name: chosen.name, byPin };
}
