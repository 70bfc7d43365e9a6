/** The numbers of the gate and the score, in milliseconds where they are times. Each but the last is a configuration key. */
export type BalanceSettings = {
  /** What one failure in a row takes from the score. */
  readonly scoreStep: number;
  /** The score never falls below this, and a mirror starts again from here. */
  readonly scoreFloor: number;
  /** How long the score climbs from the floor to 1 after a passed trial. */
  readonly climbMs: number;
  /** Failures of traffic in a row that open the gate, at least … */
  readonly failuresToOpen: number;
  /** … and at most, for a mirror that fails often anyway (threshold.ts). */
  readonly failuresToOpenMax: number;
  /** Where fewer than this share of the visits of `successWindowMs` succeed, the gate opens, */
  readonly successShare: number;
  readonly successWindowMs: number;
  /** if they were so many at least, and another eligible mirror does better. */
  readonly successVisits: number;
  /** 503 in a row that open the gate. */
  readonly unavailableToOpen: number;
  /** Failures of probes in a row that open the gate. */
  readonly probeFailuresToOpen: number;
  /** The first open time; it doubles … */
  readonly openMinMs: number;
  /** … up to this. */
  readonly openMaxMs: number;
  /** The longest that a mirror's Retry-After is obeyed. */
  readonly coolMaxMs: number;
  /** The first quarantine for wrong content; it doubles, six times at the most. */
  readonly quarantineMs: number;
  /** At most one trial a mirror in this time while no mirror is eligible. */
  readonly rescueEveryMs: number;
};
