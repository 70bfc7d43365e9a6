import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { happens } from '../../test/support/happens.ts';
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

/** A command that leaves something in a session of its own, which holds its output for an hour. */
async function leaving(
  t: Cleanup,
  then: string,
): Promise<{ readonly run: Promise<BoundedRun>; readonly clock: VirtualClock }> {
  const cwd = await tempFolder(t);
  const clock = new VirtualClock();
  const program = `
    const { spawn } = require('node:child_process');
    const left = spawn('sleep', ['3600'], { detached: true, stdio: 'inherit' });
    require('node:fs').writeFileSync('pid.tmp', String(left.pid));
    require('node:fs').renameSync('pid.tmp', 'pid');
    left.unref();`;
  const run = sh(`"$NODE" -e "$PROGRAM"; ${then}`, {
    cwd,
    clock,
    timeoutMs: 30_000,
    env: { PATH: process.env['PATH'], NODE: process.execPath, PROGRAM: program },
  });
  const read = (): Promise<string> => readFile(join(cwd, 'pid'), 'utf8').catch(() => '');
  await until('it has left something', async () => (await read()) !== '');
  const left = Number(await read());
  t.after(async () => void process.kill(left));
  return { run, clock };
}

test('what a command leaves in another session is not waited for, though it holds the output', async (t) => {
  const { run, clock } = await leaving(t, 'exit 0');
  await happens(
    () => clock.pending === 2,
    () => 'it is gone, and its output is waited for',
  );
  await clock.advance(1000);
  const { kind, ...rest } = await run;
  assert.deepEqual([kind, rest], ['ended', { ok: true, stdout: '', stderr: '' }]);
  assert.equal(clock.pending, 0);
});

test('nor is it where the command itself takes too long', async (t) => {
  const { run, clock } = await leaving(t, 'sleep 3600');
  await clock.advance(30_000);
  await clock.advance(1000);
  assert.deepEqual(await run, { kind: 'late' });
  assert.equal(clock.pending, 0);
});

test('where no file can be opened any more it is not run, and it is once there can', async () => {
  const program = `
    import { closeSync, openSync } from 'node:fs';
    import { runBounded } from ${JSON.stringify(import.meta.resolve('./run-bounded.ts'))};
    import { systemClock } from ${JSON.stringify(import.meta.resolve('../kit/clock.ts'))};
    const { signal } = new AbortController();
    const options = { env: process.env, cwd: '/', timeoutMs: 60_000, maxBytes: 100, clock: systemClock, signal };
    const run = () => runBounded('true', [], { ...options, input: 'x' });
    const held = [];
    try {
      for (;;) held.push(openSync('/dev/null'));
    } catch {}
    const full = await run();
    held.forEach((each) => closeSync(each));
    console.log(JSON.stringify([full, await run()]));`;
  // Its own limit.
  const args = ['-c', 'ulimit -n 200; exec "$0" --input-type=module -e "$1"', process.execPath, program];
  const { stdout } = await promisify(execFile)('sh', args);
  assert.deepEqual(JSON.parse(stdout), [
    { kind: 'not-run', why: 'spawn true EMFILE' },
    { kind: 'ended', ok: true, stdout: '', stderr: '' },
  ]);
});

test('what the system refuses at once is not run', async () => {
  // More than any system takes.
  const run = await sh('x'.repeat(8 * 1024 * 1024));
  assert.match(run.kind === 'not-run' ? run.why : run.kind, /^spawn (?:E2BIG|ENAMETOOLONG)/);
});
