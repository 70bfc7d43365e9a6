import type { Runner, VisitState } from '../balance/course.ts';
import { hasServedLately } from '../balance/next-trial.ts';
import type { Clock } from '../kit/clock.ts';
import type { Mirror } from './mirror.ts';
import type { Roster } from './roster.ts';
import type { MirrorsSettings } from './settings.ts';
import { isRevived, isSpent } from './visit-list.ts';
import type { Visit } from './visit.ts';

/** How `mirror` stands as a request sees it, for balance/course.ts: `visits` are those of the request so far. */
export function runnerOf(
  mirror: Mirror,
  visits: readonly Visit[],
  {
    roster,
    settings,
    clock,
  }: { readonly roster: Roster; readonly settings: MirrorsSettings; readonly clock: Clock },
  {
    free,
    awaited,
    visit,
  }: { readonly free: boolean; readonly awaited: boolean; readonly visit: VisitState | undefined },
): Runner {
  const { eligible } = roster.standing(mirror);
  return {
    name: mirror.name,
    tier: mirror.spec.tier,
    eligible,
    free,
    revived: isRevived(mirror, visits),
    awaited,
    servedLately: hasServedLately(mirror.state, clock.now()),
    spent: isSpent(mirror, visits, settings.balance.failuresToOpen),
    ...(visit === undefined ? {} : { visit }),
  };
}
