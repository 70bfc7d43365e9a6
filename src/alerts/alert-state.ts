import * as z from 'zod';
import { keyOf, NOTHING_SEEN, type Seen, type SeenConditions } from './conditions.ts';
import type { Waiting } from './outbox.ts';

/** What is kept over a restart; Unix milliseconds. */
export type AlertState = { readonly seen: SeenConditions; readonly waiting: readonly Waiting[] };

/** That of a first start. */
export const NO_STATE: AlertState = { seen: NOTHING_SEEN, waiting: [] };

const CONDITION = {
  kind: z.enum(['mirror-down', 'outage', 'integrity', 'sync-lag', 'certificate', 'disk']),
  subject: z.string(),
  message: z.string(),
};
/** What a Date can hold. */
const MOMENT = z.number().min(0).max(8.64e15);
/** Hostile, if others may write to the copy: what is no alert of ours would be told again and again. */
const ALERT = z.object({
  ...CONDITION,
  id: z.uuid(),
  state: z.enum(['firing', 'resolved']),
  sinceMs: MOMENT,
  untilMs: MOMENT.optional(),
  count: z.int().min(0),
});
const TOLD = z.object({
  kind: z.literal('told'),
  id: z.uuid(),
  sinceMs: MOMENT,
  lastMs: MOMENT,
});
const STATE = z.object({
  version: z.literal(1),
  seen: z.array(
    z.object({
      condition: z.object(CONDITION),
      standing: z.union([TOLD, z.object({ kind: z.literal('over') })]),
      firedMs: z.array(MOMENT),
    }),
  ),
  waiting: z.array(z.object({ receiver: z.string(), alerts: z.array(ALERT) })),
});

/** The text of a state. What nobody was told of, and since when something is gone, begins anew with the next Rondo. */
export function stateText({ seen, waiting }: AlertState): string {
  const kept = [...seen.values()].flatMap(({ condition, standing, firedMs }) => {
    if (standing.kind === 'suspected') {
      return firedMs.length === 0 ? [] : [{ condition, firedMs, standing: { kind: 'over' } }];
    }
    return [{ condition, firedMs, standing }];
  });
  return `${JSON.stringify({ version: 1, seen: kept, waiting })}\n`;
}

/** Reads such a text. Throws where it is none: anybody may have written it. */
export function parseState(text: string): AlertState {
  const { seen, waiting } = STATE.parse(JSON.parse(text));
  return { seen: new Map(seen.map((each) => [keyOf(each.condition), each])), waiting };
}

/** The same by a clock that is `aheadMs` ahead. Pure. */
export function byClockAhead(seen: SeenConditions, aheadMs: number): SeenConditions {
  const moved = ({ condition, standing, firedMs }: Seen): Seen => ({
    condition,
    standing: standingAhead(standing, aheadMs),
    firedMs: firedMs.map((atMs) => Math.round(atMs + aheadMs)),
  });
  return new Map([...seen].map(([key, each]) => [key, moved(each)]));
}

function standingAhead(standing: Seen['standing'], aheadMs: number): Seen['standing'] {
  const moved = (atMs: number): number => Math.round(atMs + aheadMs);
  switch (standing.kind) {
    case 'suspected':
      return { ...standing, sinceMs: moved(standing.sinceMs) };
    case 'told': {
      const { sinceMs, lastMs, goneSinceMs } = standing;
      const gone = goneSinceMs === undefined ? {} : { goneSinceMs: moved(goneSinceMs) };
      return { ...standing, sinceMs: moved(sinceMs), lastMs: moved(lastMs), ...gone };
    }
    case 'over':
      return standing;
  }
}
