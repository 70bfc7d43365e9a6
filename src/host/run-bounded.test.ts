import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { isGone } from '../../test/support/is-gone.ts';
import { tempFolder, type Cleanup } from '../../test/support/temp-folder.ts';
import { until } from '../../test/support/until.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { runBounded, type BoundedOptions, type BoundedRun } from './run-bounded.ts';

/** A command that has started another, which would go on for an hour; its number. */
async function hanging(
  t: Cleanup,
  more: Partial<BoundedOptions>,
): Promise<{ readonly run: Promise<BoundedRun>; readonly clock: VirtualClock; readonly child: number }> {
  const cwd = await tempFolder(t);
  const clock = new VirtualClock();
  const run = sh('sleep 3600 & echo $! >pid.tmp; mv pid.tmp pid; wait', { cwd, clock, ...more });
  const read = (): Promise<string> => readFile(join(cwd, 'pid'), 'utf8').catch(() => '');
  await until('it has started another', async () => (await read()) !== '');
  return { run, clock, child: Number(await read()) };
}

function sh(script: string, more: Partial<BoundedOptions> = {}): Promise<BoundedRun> {
  const options = {
    env: process.env,
    cwd: '/',
    timeoutMs: 1000,
    maxBytes: 10_000,
    clock: new VirtualClock(),
  };
  return runBounded('sh', ['-c', script], { ...options, signal: new AbortController().signal, ...more });
}

test('a command that takes too long is ended with all that it has started', async (t) => {
  const { run, clock, child } = await hanging(t, {});
  await clock.advance(1000);
  assert.deepEqual(await run, { kind: 'late' });
  await until('what it had started is gone', () => isGone(child));
});

test('so is one that nobody waits for any more', async (t) => {
  const stop = new AbortController();
  const { run, child } = await hanging(t, { signal: stop.signal });
  stop.abort();
  assert.deepEqual(await run, { kind: 'late' });
  await until('what it had started is gone', () => isGone(child));
});

test('what it wrote, how it ended, and that it wrote too much or is not there', async () => {
  assert.deepEqual(await sh('echo out; echo err >&2'), {
    kind: 'ended',
    ok: true,
    stdout: 'out\n',
    stderr: 'err\n',
  });
  assert.deepEqual(await sh('exit 3'), { kind: 'ended', ok: false, stdout: '', stderr: '' });
  assert.deepEqual(await sh('while :; do echo more and more; done'), { kind: 'large' });
  const none = await runBounded('/nowhere/go', [], {
    env: {},
    cwd: '/',
    timeoutMs: 1e3,
    maxBytes: 10,
    clock: new VirtualClock(),
    signal: new AbortController().signal,
  });
  assert.equal(none.kind, 'not-run');
});
