import type { RondoEvent } from '../events/events.ts';
import type { Clock, Timer } from '../kit/clock.ts';
import { createCounting, type Watched } from './counting.ts';
import type { HistoryBatch } from './history-database.ts';
import type { HistoryFile } from './history-file.ts';
import { MINUTE_MS } from './minute.ts';

/** What a recorder needs. */
export type RecorderOptions = {
  readonly subscribe: (sink: (event: RondoEvent) => void) => () => void;
  readonly file: HistoryFile;
  /** The mirrors of now. */
  readonly mirrors: () => readonly Watched[];
  /** What is older is forgotten, milliseconds. */
  readonly keptMs: number;
  readonly clock: Clock;
};

/** Writes down how the mirrors do. */
export type Recorder = {
  /** Begins to watch; what an earlier Rondo has left open is ended. */
  start(): void;
  /** What was counted and is not written down yet. */
  pending(): HistoryBatch;
  /** Writes what is left, and ends. */
  close(): Promise<void>;
};

const FORGET_EVERY_MS = 3_600_000;
/** While nothing can be written so much waits: a day of ten mirrors. */
const MAX_WAITING = 15_000;

/**
 * Counts what happens, a minute and mirror, and writes it down once a minute, a few rows at once, off the path of every
 * request. A minute of a mirror that nobody asked is written too: it was watched.
 */
export function createRecorder({ subscribe, file, mirrors, keptMs, clock }: RecorderOptions): Recorder {
  const counting = createCounting(clock);
  const unsubscribe = subscribe((event) => counting.count(event));
  const writer = createWriter(file, keptMs, clock);
  let timer: Timer | undefined;
  let countedMs = 0;
  let writing: Promise<void> = Promise.resolve();

  const countTime = (): void => {
    const nowMs = clock.now();
    counting.watched(mirrors(), nowMs - countedMs);
    countedMs = nowMs;
  };
  const tick = (): void => {
    countTime();
    writer.take(counting.take());
    writing = writing.then(() => writer.write());
    arm();
  };
  const arm = (): void => {
    timer = clock.after(MINUTE_MS - (clock.wallMs() % MINUTE_MS), tick, { background: true });
  };
  return {
    start() {
      countedMs = clock.now();
      writing = file.use((database) => database.endLeftOpen()).then(() => undefined);
      arm();
    },
    pending() {
      if (timer !== undefined) countTime();
      return joined(writer.waiting(), counting.peek());
    },
    async close() {
      unsubscribe();
      if (timer === undefined) return;
      timer.cancel();
      countTime();
      counting.end();
      writer.take(counting.take());
      await writing;
      await writer.write();
      file.close();
    },
  };
}

/** Writes batches in turn. What could not be written waits for the next one. */
type Writer = {
  take(batch: HistoryBatch): void;
  /** Writes what was taken. One at a time. */
  write(): Promise<void>;
  /** What was taken and is not written yet. */
  waiting(): HistoryBatch;
};

const NOTHING: HistoryBatch = { minutes: [], incidents: [] };

function createWriter(file: HistoryFile, keptMs: number, clock: Clock): Writer {
  let waiting = NOTHING;
  let forgotMs = -Infinity;
  return {
    take(batch) {
      const both = joined(waiting, batch);
      waiting = {
        minutes: both.minutes.slice(-MAX_WAITING),
        incidents: both.incidents.slice(-MAX_WAITING),
      };
    },
    async write() {
      const forgets = clock.now() - forgotMs >= FORGET_EVERY_MS;
      const written = await file.use((database) => {
        database.write(waiting);
        // At once: whoever reads meanwhile finds it in one of the two places, and a task that is run again writes no more.
        waiting = NOTHING;
        if (forgets) database.forget(clock.wallMs() - keptMs);
      });
      if (written && forgets) forgotMs = clock.now();
    },
    waiting: () => waiting,
  };
}

function joined(a: HistoryBatch, b: HistoryBatch): HistoryBatch {
  return { minutes: [...a.minutes, ...b.minutes], incidents: [...a.incidents, ...b.incidents] };
}
