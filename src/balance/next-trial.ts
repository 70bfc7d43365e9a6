import type { MirrorState } from './mirror-state.ts';
import type { BalanceSettings } from './settings.ts';

/**
 * When a shut mirror is tried next where nobody is left to be asked: `nowMs` where a trial is under way or may begin at once,
 * undefined where none can come, because nobody shut it, it cools, or it lied. Pure.
 */
export function nextTrialMs(
  { gate, rescuedMs }: MirrorState,
  nowMs: number,
  { rescueEveryMs }: Pick<BalanceSettings, 'rescueEveryMs'>,
): number | undefined {
  switch (gate.kind) {
    case 'closed':
      return undefined;
    case 'half-open':
      return nowMs;
    case 'open': {
      if (gate.reason !== 'unhealthy') return undefined;
      const rescueMs = rescuedMs === undefined ? nowMs : rescuedMs + rescueEveryMs;
      return Math.max(nowMs, Math.min(gate.untilMs, rescueMs));
    }
  }
}

/** A mirror whose network or service has a hiccup is back within this time, or will be away for long. */
const LATELY_MS = 30_000;

/** Whether a shut mirror has served somebody so lately that it may be well again by its next trial. Pure. */
export function hasServedLately({ trafficOkMs }: Pick<MirrorState, 'trafficOkMs'>, nowMs: number): boolean {
  return trafficOkMs !== undefined && nowMs - trafficOkMs < LATELY_MS;
}
