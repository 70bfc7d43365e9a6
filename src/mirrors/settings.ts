import type { FreshnessSettings } from '../balance/freshness.ts';
import type { HedgeSettings } from '../balance/hedge.ts';
import type { PaceSettings } from '../balance/pace.ts';
import type { PinSettings } from '../balance/pins.ts';
import type { BalanceSettings } from '../balance/settings.ts';
import type { RaceSettings } from '../balance/slow-body.ts';
import type { SlotSettings } from '../balance/slots.ts';
import type { Endpoint } from '../upstream/attempt.ts';

/** One mirror as configured. */
export type MirrorSpec = {
  readonly endpoint: Endpoint;
  /** Base weight in the round robin. */
  readonly weight: number;
  /** The next tier is used when no mirror of the earlier ones is left to try. */
  readonly tier: number;
  /** GOPRIVATE-style patterns of the modules it serves; `*` is every public module. */
  readonly match: string;
  /** Path that probes ask, starting with `/`. */
  readonly probePath: string;
};

/** The numbers of asking. Each is a configuration key; times in milliseconds. */
export type MirrorsSettings = {
  readonly balance: BalanceSettings;
  readonly pace: PaceSettings;
  readonly pins: PinSettings;
  readonly hedge: HedgeSettings;
  readonly race: RaceSettings;
  readonly slots: SlotSettings;
  /** So many requests wait for a slot at the most. */
  readonly queueLimit: number;
  /** Failures that a busy machine may have brought about itself count for nothing while it is so late. */
  readonly lagMs: number;
  /** No header after this: the next mirror starts, this one may still win; whether it is charged: doubts.ts. */
  readonly softHeaderMs: number;
  /** No header after this: the visit is over. */
  readonly headerMs: number;
  /** No mirror's body flows after this: the request is over. */
  readonly deadlineMs: number;
  /** How long failing mirrors are asked again after one hard 404. */
  readonly agreementMs: number;
  readonly retry: {
    readonly delayMs: number;
    readonly delayMaxMs: number;
    readonly budgetRatio: number;
    readonly budgetPerSecond: number;
  };
  readonly probe: {
    readonly intervalMs: number;
    /** Share of the interval by which each wait differs, 0 to 1. */
    readonly jitter: number;
    readonly timeoutMs: number;
  };
  /** How far mirrors lag behind each other, and what that does to lists. */
  readonly sync: FreshnessSettings & {
    /** The module whose list every mirror is asked for. */
    readonly canary: string;
    /** How often; 0: never. */
    readonly intervalMs: number;
  };
  /** GONOPROXY patterns: paths that never go to public mirrors. */
  readonly privatePatterns: string;
  /** Which mirrors hear of the trace of a request: those of one's own network, all, or none. */
  readonly propagate: Propagation;
};

/** Who hears of the trace of a request. */
export type Propagation = 'own' | 'all' | 'never';
