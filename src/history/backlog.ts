import type { Clock } from '../kit/clock.ts';
import type { HistoryBatch } from './history-database.ts';
import type { HistoryFile } from './history-file.ts';
import type { HistoryWriter } from './history-writer.ts';
import { incidentKey, type Incident } from './incidents.ts';
import type { Minute } from './minute.ts';

/** What a backlog needs. */
export type BacklogOptions = {
  readonly file: HistoryFile;
  /** Tells this Rondo from all others that write to the file. */
  readonly writer: string;
  /** What is older is forgotten, milliseconds. */
  readonly keptMs: number;
  readonly clock: Clock;
};

/** What is to be written down, and is not yet: the work on the file, in steps that are each a few milliseconds long. */
export type Backlog = {
  add(batch: HistoryBatch): void;
  /** Writes some of what waits, or forgets some of what is old. Resolves to whether there is more to do. Never rejects. */
  step(): Promise<boolean>;
  /** Writes all that waits, if that can be: nothing comes any more. Never rejects. */
  finish(): Promise<void>;
  waiting(): HistoryBatch;
};

const FORGET_EVERY_MS = 3_600_000;
/** What a start has to do comes first. */
const FORGET_FIRST_MS = 60_000;
/** While nothing can be written so much waits: a day of ten mirrors. */
const MAX_WAITING = 15_000;
/** Rows of a step. */
const WRITTEN_AT_ONCE = 500;

/** Nothing waits yet. */
export function createBacklog({ file, writer, keptMs, clock }: BacklogOptions): Backlog {
  let minutes: readonly Minute[] = [];
  const incidents = new Map<string, Incident>();
  /** What was added is written, be it nothing: that is the sign of life. */
  let isDue = false;
  let forgetAtMs = clock.now() + FORGET_FIRST_MS;

  const writeSome = (database: HistoryWriter): void => {
    const some = {
      minutes: minutes.slice(0, WRITTEN_AT_ONCE),
      incidents: [...incidents.values()].slice(0, WRITTEN_AT_ONCE),
    };
    database.write(some, { id: writer, nowMs: clock.wallMs() });
    // At once: whoever reads meanwhile finds it in one of the two places, and a task that is run again writes no more.
    minutes = minutes.slice(some.minutes.length);
    for (const incident of some.incidents) incidents.delete(incidentKey(incident));
    isDue = minutes.length > 0 || incidents.size > 0;
  };
  const forgetSome = (database: HistoryWriter): void => {
    if (!database.forget(clock.wallMs() - keptMs)) forgetAtMs = clock.now() + FORGET_EVERY_MS;
  };
  const isForgetting = (): boolean => clock.now() >= forgetAtMs;
  const finish = async (): Promise<void> => {
    const written = await file.use((database) => {
      writeSome(database);
      if (!isDue) database.leave({ id: writer, nowMs: clock.wallMs() });
    });
    if (written && isDue) await finish();
  };
  return {
    add(batch) {
      minutes = [...minutes, ...batch.minutes].slice(-MAX_WAITING);
      for (const incident of batch.incidents) incidents.set(incidentKey(incident), incident);
      for (const key of [...incidents.keys()].slice(0, -MAX_WAITING)) incidents.delete(key);
      isDue = true;
    },
    async step() {
      const task = isDue ? writeSome : isForgetting() ? forgetSome : undefined;
      return task !== undefined && (await file.use(task)) && (isDue || isForgetting());
    },
    finish,
    waiting: () => ({ minutes, incidents: [...incidents.values()] }),
  };
}
