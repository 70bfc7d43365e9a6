import { childTrace, inTrace } from '../kit/trace-context.ts';
import type { Spool } from '../store/spool.ts';
import type { BodyFacts, FlightContext, FlightPlan, Judgement } from './flight-plan.ts';

/** Has a complete file judged, and tells of it. Rejects as the plan's judge does. */
export async function judgeAloud(
  { plan, spool, clock, emit }: Pick<FlightContext, 'clock' | 'emit'> & { plan: FlightPlan; spool: Spool },
  mirror: string,
  facts: BodyFacts,
): Promise<Judgement> {
  const trace = childTrace();
  const startedMs = clock.now();
  const { sizeBytes } = spool;
  let judgement: Judgement['kind'] | 'failed' = 'failed';
  try {
    const judged = await inTrace(trace, () => plan.judge(spool, mirror, facts));
    judgement = judged.kind;
    return judged;
  } finally {
    emit({
      type: 'verdict',
      kind: plan.file.kind,
      mirror,
      judgement,
      bytes: sizeBytes,
      durationMs: clock.now() - startedMs,
      ...(trace === undefined ? {} : { trace }),
    });
  }
}
