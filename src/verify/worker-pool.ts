import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import type { Clock, Timer } from '../kit/clock.ts';
import { say } from '../words/text.ts';

/** How a pool is run. */
export type WorkerPoolSettings = {
  /** The worker's program: it answers each message with exactly one. */
  readonly url: URL;
  readonly clock: Clock;
  /** Threads at the most. Default: one less than there are cores, at least one. */
  readonly size?: number;
  /** How long one job may take once a thread works on it, in milliseconds. */
  readonly jobTimeoutMs: number;
  /** Heap of one thread, in MiB: a hostile file exhausts its thread and not the process. Default 512. */
  readonly heapLimitMiB?: number;
};

/** Threads that answer jobs, each one at a time. */
export type WorkerPool<Job, Answer> = {
  /**
   * Small jobs before large ones, so that a few huge files do not hold up all others; but whoever has waited long is next,
   * in the order of coming. `sizeBytes` is a measure of the work.
   * Rejects with WorkerFailure where the thread ended or took too long, with E_INTERRUPTED after close().
   */
  run(job: Job, sizeBytes: number): Promise<Answer>;
  /** Jobs that wait for a thread, and those that one works on. */
  load(): { readonly waiting: number; readonly running: number };
  /** Ends all threads; what is running or waiting rejects with RondoError E_INTERRUPTED. */
  close(): Promise<void>;
};

/** One job failed with its thread; the pool goes on. */
export class WorkerFailure extends Error {
  readonly reason: 'crashed' | 'deadline';

  constructor(reason: WorkerFailure['reason'], message: string) {
    super(message);
    this.name = 'WorkerFailure';
    this.reason = reason;
  }
}

const DEFAULT_HEAP_LIMIT_MIB = 512;
/** After this nobody smaller is served before. */
const PATIENCE_MS = 10_000;

type Pending<Job, Answer> = {
  readonly job: Job;
  readonly sizeBytes: number;
  readonly sinceMs: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
};

type Thread<Job, Answer> = {
  readonly worker: Worker;
  current?: { readonly pending: Pending<Job, Answer>; readonly deadline: Timer } | undefined;
};

/**
 * A pool that starts its threads when there is work for them. Idle threads keep no process alive; a
 * thread that crashed or ran over the deadline fails its own job and is replaced when it is needed.
 */
export function createWorkerPool<Job, Answer>(settings: WorkerPoolSettings): WorkerPool<Job, Answer> {
  const size = settings.size ?? Math.max(1, availableParallelism() - 1);
  const threads = new Set<Thread<Job, Answer>>();
  const waiting: Pending<Job, Answer>[] = [];
  let closed = false;
  const dispatch = (): void => {
    while (waiting.length > 0) {
      const idle = [...threads].find((thread) => thread.current === undefined);
      if (idle === undefined && threads.size >= size) return;
      const [pending] = waiting.splice(nextOf(waiting, settings.clock.now()), 1);
      if (pending !== undefined) assign(idle ?? start(), pending);
    }
  };
  const assign = (thread: Thread<Job, Answer>, pending: Pending<Job, Answer>): void => {
    const { jobTimeoutMs } = settings;
    const late = (): void =>
      lose(thread, new WorkerFailure('deadline', `took longer than ${jobTimeoutMs} ms`));
    const deadline = settings.clock.after(jobTimeoutMs, late);
    thread.current = { pending, deadline };
    thread.worker.ref();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    thread.worker.postMessage(pending.job);
  };
  const lose = (thread: Thread<Job, Answer>, failure: Error): void => {
    threads.delete(thread);
    release(thread)?.reject(failure);
    void thread.worker.terminate();
    if (!closed) dispatch();
  };
  const start = (): Thread<Job, Answer> => {
    const thread: Thread<Job, Answer> = { worker: startWorker(settings) };
    threads.add(thread);
    thread.worker.on('message', (answer: Answer) => {
      thread.worker.unref();
      release(thread)?.resolve(answer);
      dispatch();
    });
    thread.worker.on('error', (error) => lose(thread, new WorkerFailure('crashed', messageOf(error))));
    thread.worker.on('exit', (code) => lose(thread, new WorkerFailure('crashed', `ended with code ${code}`)));
    return thread;
  };

  return {
    run(job, sizeBytes) {
      if (closed) return Promise.reject(interrupted());
      return new Promise((resolve, reject) => {
        waiting.push({ job, sizeBytes, sinceMs: settings.clock.now(), resolve, reject });
        dispatch();
      });
    },
    load: () => ({ waiting: waiting.length, running: runningOf(threads) }),
    async close() {
      closed = true;
      for (const pending of waiting.splice(0)) pending.reject(interrupted());
      const ending = [...threads].map((thread) => interrupt(thread));
      threads.clear();
      await Promise.all(ending);
    },
  };
}

function runningOf(threads: Iterable<{ readonly current?: unknown }>): number {
  return [...threads].filter(({ current }) => current !== undefined).length;
}

/** Which of those that wait is next; they stand in the order of coming. */
function nextOf(
  waiting: readonly Pick<Pending<unknown, unknown>, 'sizeBytes' | 'sinceMs'>[],
  nowMs: number,
): number {
  const [oldest] = waiting;
  if (oldest === undefined || nowMs - oldest.sinceMs >= PATIENCE_MS) return 0;
  return waiting.reduce(
    (best, { sizeBytes }, index) => (sizeBytes < (waiting[best]?.sizeBytes ?? 0) ? index : best),
    0,
  );
}

function startWorker(settings: WorkerPoolSettings): Worker {
  const maxOldGenerationSizeMb = settings.heapLimitMiB ?? DEFAULT_HEAP_LIMIT_MIB;
  return new Worker(settings.url, { resourceLimits: { maxOldGenerationSizeMb } });
}

/** Takes a thread's job from it. */
function release<Job, Answer>(thread: Thread<Job, Answer>): Pending<Job, Answer> | undefined {
  const { current } = thread;
  thread.current = undefined;
  current?.deadline.cancel();
  return current?.pending;
}

async function interrupt<Job, Answer>(thread: Thread<Job, Answer>): Promise<void> {
  release(thread)?.reject(interrupted());
  await thread.worker.terminate();
}

function interrupted(): RondoError {
  return new RondoError('E_INTERRUPTED', say('Rondo is stopping'));
}
