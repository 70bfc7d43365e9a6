import assert from 'node:assert/strict';
import { chmod, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { alertWorld, serverOf, titleOf, type AlertWorld } from './alert-world.ts';
import { happens } from '../support/happens.ts';
import '../support/loopback-only.ts';
import { until } from '../support/until.ts';

const DOWN = { status: 'UNHEALTHY', why: '3 probes failed' } as const;

/** A world whose mirror is down, and which runs this shell script; what it writes to `$OUT` is in `out`. */
async function worldWith(world: AlertWorld, script: string): Promise<string> {
  const command = await world.user.write('bin/tell', `#!/bin/sh\nOUT="$(dirname "$0")/out"\n${script}\n`);
  await chmod(command, 0o755);
  await world.start({ RONDO_ALERTS_COMMAND: command, RONDO_ALERTS_AFTER: '0s' });
  world.mirror(DOWN);
  await world.clock.advance(10_000);
  return join(world.user.home, 'bin', 'out');
}

function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

test('a command has each alert as a line of JSON on its standard input', async (t) => {
  const world = await alertWorld(t);
  const out = await worldWith(world, 'cat >>"$OUT"');
  await happens(() => world.tries.length > 0);
  assert.deepEqual(world.tries, ['command taken']);
  const [line = '', rest] = (await read(out)).split('\n');
  assert.deepEqual([titleOf(line), rest], ['mirror-down.firing a 1', '']);
  assert.equal(serverOf(line), `${hostname()}:7070`);
});

test('a command that fails, or writes without end, is run again; its first line says why', async (t) => {
  const world = await alertWorld(t);
  const out = await worldWith(
    world,
    'echo run >>"$OUT"\ncase $(wc -l <"$OUT") in *1) echo no modem >&2; exit 3;; *2) exec yes;; esac',
  );
  await happens(() => world.tries.length === 1);
  await world.clock.advance(1_000);
  await happens(() => world.tries.length === 2);
  await world.clock.advance(2_000);
  await happens(() => world.tries.length === 3);
  assert.deepEqual(world.tries, ['command refused', 'command refused', 'command taken']);
  assert.deepEqual(world.told, ['alerts.command takes no alert: no modem; it is told again until it does']);
  assert.equal(await read(out), 'run\nrun\nrun\n');
});

test('a command that hangs is ended after 30 s, with all that it has started', async (t) => {
  const world = await alertWorld(t);
  const out = await worldWith(world, 'sleep 1000 &\necho $! >"$OUT"\nwait');
  await until('it runs', async () => (await read(out)) !== '');
  const child = Number(await read(out));
  assert.ok(isRunning(child));
  await world.clock.advance(30_000);
  await happens(() => world.tries.length > 0);
  await until('its child has ended', async () => !isRunning(child));
  assert.match(world.told[0] ?? '', /it was not over within 30 s/);
});

test('a command that leaves a daemon, which holds its output, has taken the alert as soon as it is over itself', async (t) => {
  const world = await alertWorld(t);
  const leave =
    'require("node:child_process").spawn("sleep", ["1000"], { detached: true, stdio: "inherit" })';
  const program = `const left = ${leave}; left.unref(); fs.writeFileSync(process.argv[1], String(left.pid))`;
  const out = await worldWith(world, `'${process.execPath}' -e '${program}' "$OUT"`);
  await until('it has left one', async () => (await read(out)) !== '');
  const daemon = Number(await read(out));
  t.after(() => process.kill(daemon));
  // The next look, the time limit, and the second in which its output may end.
  await happens(() => world.clock.pending === 3);
  await world.clock.advance(1_000);
  await happens(() => world.tries.length > 0);
  assert.deepEqual(world.tries, ['command taken']);
  assert.ok(isRunning(daemon));
});

test('a command that is not there is told of', async (t) => {
  const world = await alertWorld(t);
  await world.start({ RONDO_ALERTS_COMMAND: join(world.user.home, 'nothing'), RONDO_ALERTS_AFTER: '0s' });
  world.mirror(DOWN);
  await world.looks(1);
  await happens(() => world.tries.length > 0);
  assert.match(world.told[0] ?? '', /ENOENT/);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
