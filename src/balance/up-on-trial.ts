import { judgeVisit } from './judge-visit.ts';
import type { MirrorState } from './mirror-state.ts';
import type { Outcome } from './outcome.ts';
import type { Status } from './standing.ts';

/** Probes in a row that a mirror has answered since it may be tried again, the first of them at `sinceMs`. */
export type TrialAnswers = { readonly count: number; readonly sinceMs: number };

/** Where nobody asks a mirror on trial, so many of them say that it is well. */
const ANSWERS_TO_BE_UP = 3;

/** One more probe was answered. */
export function oneMore(answers: TrialAnswers | undefined, nowMs: number): TrialAnswers {
  return { count: (answers?.count ?? 0) + 1, sinceMs: answers?.sinceMs ?? nowMs };
}

/** Whether a mirror on trial is up although no request has ended the trial: nobody may have come for a whole night. */
export function isUpOnTrial(answers: TrialAnswers | undefined): boolean {
  return answers !== undefined && answers.count >= ANSWERS_TO_BE_UP;
}

/** Whether a mirror that stands so is up, for people. */
export function isUp(status: Status, { trialAnswers }: MirrorState): boolean {
  return status === 'HEALTHY' || (status === 'TRIAL' && isUpOnTrial(trialAnswers));
}

/** The state with the answers counted, after a visit of which all else is in it. Only probes of a mirror on trial count. */
export function countAnswer(
  state: MirrorState,
  { outcome, probe, nowMs }: { readonly outcome: Outcome; readonly probe: boolean; readonly nowMs: number },
): MirrorState {
  const { gate, trialAnswers } = state;
  const judged = judgeVisit(outcome);
  const onTrial = gate.kind === 'half-open' || (gate.kind === 'open' && nowMs >= gate.untilMs);
  if (onTrial && judged !== 'failed')
    return probe && judged === 'answered' ? { ...state, trialAnswers: oneMore(trialAnswers, nowMs) } : state;
  if (trialAnswers === undefined) return state;
  const { trialAnswers: _over, ...rest } = state;
  return rest;
}
