import { good } from './behaviours.ts';
import { okShare, quantile, within, type Claim } from './claims.ts';
import type { Run, World } from './run-scenario.ts';
import type { Behaviour } from './sim-mirror.ts';

/** A world, and what a run of it must show besides what holds in all (claims.ts). */
export type Scenario = {
  readonly name: string;
  readonly world: () => World;
  /** `healthy` is a run with the same seed of three good mirrors. */
  readonly claims: (run: Run, healthy: Run) => Claim[];
};

/** Three good mirrors: what the others are compared with. */
export function healthyWorld(): World {
  return three({});
}

/** Three mirrors, 100 requests a second for a minute. */
export function three(
  behaviours: { readonly a?: Behaviour; readonly b?: Behaviour; readonly c?: Behaviour },
  more: Partial<World> = {},
): World {
  const { a = good(), b = good(), c = good() } = behaviours;
  const mirrors = { a: { behaviour: a }, b: { behaviour: b }, c: { behaviour: c } };
  return { mirrors, perSecond: 100, forS: 60, ...more };
}

/** Every request was answered. */
export function allOk(run: Run): Claim {
  return within('requests answered', 100 * okShare(run.served), 100, 100, '%');
}

/** The 99th percentile is at most so many times that of healthy mirrors. */
export function p99(run: Run, healthy: Run, most: number): Claim {
  const ratio = quantile(run.served, 0.99) / quantile(healthy.served, 0.99);
  return within(`99th percentile, times healthy (at most ${most})`, ratio, 0, most);
}

/** So many attempts a request at the most. */
export function attempts(run: Run, most: number): Claim {
  return within(
    `attempts a request (at most ${most})`,
    run.watcher.counts.attempts / run.served.length,
    1,
    most,
  );
}
