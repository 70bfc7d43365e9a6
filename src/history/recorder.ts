import { randomUUID } from 'node:crypto';
import type { RondoEvent } from '../events/events.ts';
import type { Clock, Timer } from '../kit/clock.ts';
import { createBacklog, type Backlog } from './backlog.ts';
import { createCounting, type Counting, type Watched } from './counting.ts';
import type { HistoryBatch } from './history-database.ts';
import type { HistoryFile } from './history-file.ts';
import type { IncidentBook } from './incident-book.ts';
import { MINUTE_MS } from './minute.ts';

/** What a recorder needs. */
export type RecorderOptions = {
  readonly subscribe: (sink: (event: RondoEvent) => void) => () => void;
  readonly incidents: IncidentBook;
  readonly file: HistoryFile;
  /** The mirrors of now. */
  readonly mirrors: () => readonly Watched[];
  /** What is older is forgotten, milliseconds. */
  readonly keptMs: number;
  readonly clock: Clock;
};

/** Writes down how the mirrors do. */
export type Recorder = {
  /** Begins to watch. */
  start(): void;
  /** What was seen and is not written down yet. */
  pending(): HistoryBatch;
  /** Writes what is left, and ends. */
  close(): Promise<void>;
};

/** What the first seconds were like is there for who asks at once. */
const FIRST_MS = 5_000;
/** Between two steps of work on the file everything else has its turn. */
const AGAIN_MS = 50;

/**
 * Counts what happens, a minute and mirror, and writes it down once a minute, an incident as it begins and ends, a few
 * rows at once, off the path of every request. A minute of a mirror that nobody asked is written too: it was watched. What
 * an outage of this machine's own network is like for the mirrors nobody knows: that time is not watched, and nothing of it
 * is counted.
 */
export function createRecorder(options: RecorderOptions): Recorder {
  const { subscribe, incidents, clock, file } = options;
  const counting = createCounting(clock);
  const watch = createWatch(counting, options);
  const backlog = createBacklog({ ...options, writer: randomUUID() });
  const work = createWork(backlog, clock);
  let timer: Timer | undefined;
  const subscriptions = [
    subscribe((event) => watch.hear(event)),
    incidents.subscribe((changed) => {
      backlog.add({ minutes: [], incidents: [changed] });
      // Whoever asks for a report because a mirror is down now is to find it there.
      if (timer !== undefined) work.begin();
    }),
  ];

  const take = (): void => {
    watch.countTime();
    // What lasts is written each time: whoever took this Rondo for gone has ended it.
    backlog.add({ minutes: counting.take(), incidents: incidents.open() });
  };
  const tick = (): void => {
    take();
    work.begin();
    arm(MINUTE_MS);
  };
  const arm = (atMostMs: number): void => {
    const untilNext = MINUTE_MS - (clock.wallMs() % MINUTE_MS);
    timer = clock.after(Math.min(atMostMs, untilNext), tick, { background: true });
  };
  return {
    start() {
      watch.begin();
      // Nothing yet but a sign of life.
      backlog.add({ minutes: [], incidents: [] });
      work.begin();
      arm(FIRST_MS);
    },
    pending() {
      if (timer !== undefined) watch.countTime();
      const { minutes, incidents: changed } = backlog.waiting();
      return { minutes: [...minutes, ...counting.peek()], incidents: [...changed, ...incidents.open()] };
    },
    async close() {
      for (const unsubscribe of subscriptions) unsubscribe();
      if (timer === undefined) return;
      timer.cancel();
      take();
      await work.end();
      await backlog.finish();
      file.close();
    },
  };
}

/** When the mirrors are watched, and what is counted then. */
type Watch = {
  begin(): void;
  hear(event: RondoEvent): void;
  /** Counts the time since it was last counted. */
  countTime(): void;
};

function createWatch(counting: Counting, { mirrors, clock }: RecorderOptions): Watch {
  let countedMs: number | undefined;
  // All mirrors are in an outage, or none is.
  let isCut = false;
  const countTime = (): void => {
    const [nowMs, now] = [clock.now(), mirrors()];
    if (!isCut) counting.watched(now, nowMs - (countedMs ?? nowMs));
    countedMs = nowMs;
    isCut = isInOutage(now);
  };
  return {
    begin() {
      countedMs = clock.now();
      isCut = isInOutage(mirrors());
    },
    hear(event) {
      if (countedMs !== undefined && event.type === 'gate' && turnsOutage(event, isCut)) countTime();
      if (!isCut) counting.count(event);
    },
    countTime,
  };
}

function isInOutage(mirrors: readonly Watched[]): boolean {
  return mirrors.some(({ status }) => status === 'OUTAGE');
}

/** Whether an outage of this machine begins or ends. Who is drained is so within one as well. */
function turnsOutage({ to }: Extract<RondoEvent, { type: 'gate' }>, isCut: boolean): boolean {
  return to !== 'DRAINED' && (to === 'OUTAGE') !== isCut;
}

/** Steps of a backlog, one after the other, with a pause after each. */
type Work = {
  /** There is something to do. */
  begin(): void;
  /** Resolves once no step runs, and none will. */
  end(): Promise<void>;
};

function createWork(backlog: Backlog, clock: Clock): Work {
  let again: Timer | undefined;
  let isOver = false;
  let working: Promise<void> = Promise.resolve();
  const begin = (): void => {
    again?.cancel();
    working = working.then(async () => {
      const more = await backlog.step();
      if (more && !isOver) again = clock.after(AGAIN_MS, begin, { background: true });
    });
  };
  return {
    begin,
    end() {
      isOver = true;
      again?.cancel();
      return working;
    },
  };
}
