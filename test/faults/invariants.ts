import assert from 'node:assert/strict';
import { readdir, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertCopyIsRight, filesBelow, isUnfinished } from '../e2e/bench.ts';
import { runRondo } from '../e2e/rondo-command.ts';
import type { FixtureModule } from '../support/fixture-modules.ts';
import { fetchRaw } from '../support/http-client.ts';
import type { ServedRondo } from '../support/rondo-process.ts';
import type { Cleanup } from '../support/temp-folder.ts';

/** A mirror as `/-/api/mirrors` shows it, as far as these tests look. */
export type SeenMirror = {
  readonly name: string;
  readonly status: string;
  readonly why: string;
  readonly next: { readonly words: string };
  readonly inFlight: number;
  readonly connectionsOpen: number;
  readonly lastFailure?: { readonly cause: string; readonly detail: string };
};

/** Of a Rondo that runs, what tells whether it is quiet. */
export type WatchedRondo = Pick<ServedRondo, 'url' | 'pid' | 'cacheDir' | 'metrics'>;

/** All mirrors as they stand now. */
export async function mirrorsOf(rondo: Pick<ServedRondo, 'url'>): Promise<readonly SeenMirror[]> {
  const { body } = await fetchRaw(`${rondo.url}/-/api/mirrors`);
  return (JSON.parse(body.toString()) as { mirrors: SeenMirror[] }).mirrors;
}

/** That every state is one that people can act upon: a reason, what would change it, and what was last held against it. */
export function assertExplained(mirrors: readonly SeenMirror[]): void {
  for (const { name, status, why, next, lastFailure } of mirrors) {
    const said = `${name} is ${status}: ${why}; ${next.words}; ${JSON.stringify(lastFailure)}`;
    assert.ok(why !== '' && next.words !== '', said);
    if (status === 'HEALTHY') continue;
    assert.ok(lastFailure !== undefined && lastFailure.detail !== '', said);
  }
}

/** What `rondo mirrors` says of a mirror to people: its line of the table and the notes below it. */
export async function tableOf(t: Cleanup, rondo: ServedRondo, name: string, home: string): Promise<string> {
  const { PATH = '' } = process.env;
  const env = { PATH, HOME: home, USERPROFILE: home, GOENV: 'off', GOPROXY: 'off' };
  const args = ['mirrors', '--port', new URL(rondo.url).port];
  const { stdout, stderr } = await runRondo(t, args, { env, cwd: home });
  const blocks = stdout.split(/\n(?=\S)/);
  return blocks.find((block) => block.startsWith(`${name} `)) ?? assert.fail(`${stdout}${stderr}`);
}

const PAUSE_MS = 50;
/** Timers of a Rondo come and go with its health checks: more than this beside those it had are of requests. */
const TIMERS_MORE = 12;

/**
 * Counts what a Rondo has before anybody asks. What is returned waits until it has no more than that again, as
 * assertQuiet does, and no timers either; `divisor`: by which its times are divided.
 */
export async function quietWatch(
  rondo: ServedRondo,
): Promise<(modules: readonly FixtureModule[], divisor: number) => Promise<void>> {
  await mirrorsOf(rondo);
  const { sockets } = await openFiles(rondo.pid);
  const timers = await timersOf(rondo);
  return async (modules, divisor) => {
    // A mirror that hangs is left after a minute, a loser after three seconds.
    const patienceMs = Math.max(20_000, 90_000 / divisor);
    await assertQuiet(rondo, sockets, modules, patienceMs);
    let left = await timersOf(rondo);
    for (let tries = 0; left > timers + TIMERS_MORE && tries < patienceMs / PAUSE_MS; tries += 1) {
      await sleep(PAUSE_MS);
      left = await timersOf(rondo);
    }
    assert.ok(left <= timers + TIMERS_MORE, `${left} timers, ${timers} before`);
  };
}

async function timersOf(rondo: ServedRondo): Promise<number> {
  return (await rondo.metrics())('nodejs_active_resources', { type: 'Timeout' });
}

/**
 * What must hold whenever nobody asks for anything any more (spec/faults.md): no visit and no flight under way, no
 * socket but those to the mirrors and `idleSockets`, no open or unfinished file of a spool, and a copy that is right.
 * Waits until what has just ended is put away. Resolves with the number of files in the copy.
 */
export async function assertQuiet(
  rondo: ServedRondo,
  idleSockets: number,
  modules: readonly FixtureModule[],
  patienceMs = 20_000,
): Promise<number> {
  for (let tries = 0; ; tries += 1) {
    const left = await leftovers(rondo, idleSockets);
    if (left.length === 0) break;
    if (tries >= patienceMs / PAUSE_MS) assert.fail(`left behind: ${left.join('; ')}`);
    await sleep(PAUSE_MS);
  }
  return assertCopyIsRight(rondo.cacheDir, modules);
}

/** What is not put away of what must be where nobody asks for anything; `idleSockets` as in assertQuiet. */
export async function leftovers(rondo: WatchedRondo, idleSockets: number): Promise<string[]> {
  const mirrors = await mirrorsOf(rondo);
  const flights = (await rondo.metrics())('rondo_flights');
  const left = mirrors.flatMap(({ name, inFlight }) =>
    inFlight > 0 ? [`${inFlight} visits to ${name}`] : [],
  );
  if (flights > 0) left.push(`${flights} flights`);
  for (const name of await filesBelow(rondo.cacheDir)) if (isUnfinished(name)) left.push(name);
  const open = await openFiles(rondo.pid);
  for (const path of open.paths) if (isUnfinished(path)) left.push(`an open ${path}`);
  const upstream = mirrors.reduce((sum, { connectionsOpen }) => sum + connectionsOpen, 0);
  if (open.sockets > upstream + idleSockets)
    left.push(`${open.sockets} sockets, ${upstream} of them to mirrors`);
  return left;
}

/** What a process has open; nothing where /proc does not tell. */
export async function openFiles(pid: number): Promise<{ sockets: number; paths: string[] }> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  const targets = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  const paths = targets.map((target) => target.replace(/ \(deleted\)$/, ''));
  return { sockets: targets.filter((target) => target.startsWith('socket:')).length, paths };
}
