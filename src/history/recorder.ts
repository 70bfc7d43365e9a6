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
  const write = createWriter(file, keptMs, clock);
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
    const batch = counting.take();
    writing = writing.then(() => write(batch));
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
      return counting.peek();
    },
    async close() {
      unsubscribe();
      if (timer === undefined) return;
      timer.cancel();
      countTime();
      counting.end();
      await writing;
      await write(counting.take());
      file.close();
    },
  };
}

/** Writes batches in turn. What could not be written waits for the next one. */
function createWriter(
  file: HistoryFile,
  keptMs: number,
  clock: Clock,
): (batch: HistoryBatch) => Promise<void> {
  let waiting: HistoryBatch = { minutes: [], incidents: [] };
  let forgotMs = -Infinity;
  return async (batch) => {
    const whole = {
      minutes: [...waiting.minutes, ...batch.minutes].slice(-MAX_WAITING),
      incidents: [...waiting.incidents, ...batch.incidents].slice(-MAX_WAITING),
    };
    const forgets = clock.now() - forgotMs >= FORGET_EVERY_MS;
    const written = await file.use((database) => {
      database.write(whole);
      if (forgets) database.forget(clock.wallMs() - keptMs);
    });
    if (written && forgets) forgotMs = clock.now();
    waiting = written ? { minutes: [], incidents: [] } : whole;
  };
}
