import type { RondoEvent } from '../events/events.ts';
import type { Condition } from './conditions.ts';

/** What was told of content that is wrong, and has not been long enough ago. */
export type WrongContent = {
  note(event: RondoEvent, nowMs: number): void;
  conditions(nowMs: number): Condition[];
};

/** As long as a mirror's first quarantine. */
const HOLDS_MS = 600_000;
/** Mirrors and databases are few. */
const MAX_SUBJECTS = 100;

/** Integrity failures and doubts about a database, each for 10 min from its last; a database that signed two trees until the end. */
export function createWrongContent(): WrongContent {
  const held = new Map<string, { readonly condition: Condition; readonly untilMs: number }>();
  const hold = (subject: string, message: string, untilMs: number): void => {
    const condition = { kind: 'integrity', subject, message } as const;
    if (held.size < MAX_SUBJECTS || held.has(subject)) held.set(subject, { condition, untilMs });
  };
  return {
    note(event, nowMs) {
      if (event.type === 'integrity') {
        const { mirror, module, version, why } = event;
        hold(mirror, `${mirror} gave wrong content of ${module}@${version}: ${why}`, nowMs + HOLDS_MS);
      } else if (event.type === 'security') {
        if (held.get(event.database)?.untilMs === Infinity) return;
        hold(event.database, event.message, event.kind === 'fork' ? Infinity : nowMs + HOLDS_MS);
      }
    },
    conditions(nowMs) {
      for (const [subject, { untilMs }] of held) if (nowMs >= untilMs) held.delete(subject);
      return [...held.values()].map(({ condition }) => condition);
    },
  };
}
