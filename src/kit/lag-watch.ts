import type { Clock, Timer } from './clock.ts';

/** Whether this process comes late to everything. */
export type LagWatch = {
  /** Something is under way whose time is limited. Until the returned function is called the watch looks. */
  begin(): () => void;
  /** A timer that should have fired is overdue by more than the limit, or was a moment ago. */
  lagging(): boolean;
};

/** How often the watch looks, while anything is under way; a shorter lag may pass unseen, and does little harm. */
const LOOK_EVERY_MS = 500;
/** What came late is acted upon for a while: other timers of the same moment fire after the watch's own. */
const AFTERMATH_MS = 1000;

/** Watches how late timers fire: a busy or suspended machine must not blame others for the time that it lost. */
export function createLagWatch(clock: Clock, limitMs: () => number): LagWatch {
  let underWay = 0;
  let timer: Timer | undefined;
  let dueMs = Infinity;
  let lateMs = -Infinity;
  const arm = (): void => {
    dueMs = clock.now() + LOOK_EVERY_MS;
    timer = clock.after(LOOK_EVERY_MS, look, { background: true });
  };
  const look = (): void => {
    if (clock.now() - dueMs > limitMs()) lateMs = clock.now();
    arm();
  };
  return {
    begin() {
      underWay += 1;
      if (underWay === 1) arm();
      let over = false;
      return () => {
        if (over) return;
        over = true;
        underWay -= 1;
        if (underWay > 0) return;
        timer?.cancel();
        dueMs = Infinity;
      };
    },
    lagging() {
      const nowMs = clock.now();
      return nowMs - dueMs > limitMs() || nowMs - lateMs < AFTERMATH_MS;
    },
  };
}
