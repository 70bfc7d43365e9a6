import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { execPath } from 'node:process';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { createWorkerPool, WorkerFailure, type WorkerPool } from './worker-pool.ts';

/** Does as it is told: `echo`, `hang`, `crash`, `exit`, `exhaust`, or gives the number of its thread. */
const PROGRAM = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, threadId } from 'node:worker_threads';
    parentPort.on('message', (job) => {
      if (job === 'hang') for (;;);
      if (job === 'crash') throw new Error('crashed on purpose');
      if (job === 'exit') process.exit(3);
      if (job === 'exhaust') { const all = []; for (;;) all.push('x'.repeat(1000) + all.length); }
      parentPort.postMessage(job === 'thread' ? threadId : job);
    });
  `)}`,
);

function poolOf(
  t: TestContext,
  clock: VirtualClock,
  size: number,
  jobTimeoutMs = 5000,
): WorkerPool<string, unknown> {
  const pool = createWorkerPool<string, unknown>({
    url: PROGRAM,
    clock,
    size,
    jobTimeoutMs,
    heapLimitMiB: 64,
  });
  t.after(() => pool.close());
  return pool;
}

test('jobs are answered each with its own, more of them than threads', async (t) => {
  const clock = new VirtualClock();
  const pool = poolOf(t, clock, 2);
  const jobs = Array.from({ length: 20 }, (_, index) => `job ${index}`);
  const answers = jobs.map((job) => pool.run(job, 1));
  assert.deepEqual(pool.load(), { waiting: 18, running: 2 });
  assert.deepEqual(await Promise.all(answers), jobs);
  assert.deepEqual(pool.load(), { waiting: 0, running: 0 });
  assert.equal(clock.pending, 0, 'no deadline outlives its job');
});

for (const [heldUpMs, order] of [
  [5000, ['small', 'large']],
  [10_000, ['large', 'small']],
] as const) {
  test(`after ${heldUpMs} ms of waiting come ${order.join(', then ')}`, async (t) => {
    const clock = new VirtualClock();
    const pool = poolOf(t, clock, 1, heldUpMs);
    const done: unknown[] = [];
    const held = assert.rejects(pool.run('hang', 900), { reason: 'deadline' });
    const waiting = ['large', 'small'].map(async (job) => {
      done.push(await pool.run(job, job === 'large' ? 500 : 1));
    });
    await clock.advance(heldUpMs);
    await Promise.all([held, ...waiting]);
    assert.deepEqual(done, order);
  });
}

test('an idle thread is used again', async (t) => {
  const pool = poolOf(t, new VirtualClock(), 2);
  assert.equal(await pool.run('thread', 1), await pool.run('thread', 1));
});

for (const job of ['crash', 'exit', 'exhaust']) {
  test(`a thread that ends (${job}) fails its own job and is replaced`, async (t) => {
    const pool = poolOf(t, new VirtualClock(), 1);
    const failing = assert.rejects(
      pool.run(job, 1),
      (error) => error instanceof WorkerFailure && error.reason === 'crashed',
    );
    const next = pool.run('after', 1);
    await failing;
    assert.equal(await next, 'after');
  });
}

test('a job over its deadline is ended, the one that waits is not charged with its time', async (t) => {
  const clock = new VirtualClock();
  const pool = poolOf(t, clock, 1);
  const failing = assert.rejects(
    pool.run('hang', 1),
    (error) => error instanceof WorkerFailure && error.reason === 'deadline',
  );
  const next = pool.run('after', 1);
  await clock.advance(5000);
  await failing;
  assert.equal(await next, 'after');
});

test('closing interrupts what runs and what waits, and takes no more', async () => {
  const pool = createWorkerPool<string, unknown>({
    url: PROGRAM,
    clock: new VirtualClock(),
    size: 1,
    jobTimeoutMs: 5000,
  });
  const ends = ['hang', 'echo'].map((job) => assert.rejects(pool.run(job, 1), { code: 'E_INTERRUPTED' }));
  await pool.close();
  await Promise.all(ends);
  await assert.rejects(pool.run('echo', 1), { code: 'E_INTERRUPTED' });
});

test('idle threads keep no process alive', async () => {
  const script = `
    import { createWorkerPool } from ${JSON.stringify(new URL('./worker-pool.ts', import.meta.url).href)};
    import { systemClock } from ${JSON.stringify(new URL('../kit/clock.ts', import.meta.url).href)};
    const url = new URL(${JSON.stringify(PROGRAM.href)});
    const pool = createWorkerPool({ url, clock: systemClock, jobTimeoutMs: 600000 });
    console.log(await pool.run('answered', 1));
  `;
  const run = promisify(execFile)(execPath, ['--input-type=module', '-e', script], { timeout: 60_000 });
  assert.equal((await run).stdout, 'answered\n');
});
