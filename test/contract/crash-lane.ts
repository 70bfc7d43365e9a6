import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { env as environment, execPath } from 'node:process';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Random } from '../../src/kit/random.ts';
import { diskStoreFolders } from '../../src/store/disk-store.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { CHANGING, NEW_MODULES } from './crash-content.ts';
import { flawsAfterStart, lookAt, type Promised } from './crash-invariants.ts';

const WRITER = fileURLToPath(new URL('./store-writer.ts', import.meta.url));

type Writer = ChildProcessByStdio<null, Readable, null>;

/** What is started for each kill. */
type Program = {
  readonly path: string;
  /** Where it keeps what it has compiled. */
  readonly compileCache: string;
};

/** The writer in one file below `folder`: it is started hundreds of times, and most of a start is reading its parts. */
export async function bundleWriter(folder: string): Promise<Program> {
  const path = join(folder, 'writer.mjs');
  await build({ entryPoints: [WRITER], outfile: path, bundle: true, platform: 'node', format: 'esm' });
  return { path, compileCache: join(folder, 'compiled') };
}

/** One folder whose writers are killed again and again. */
export type Lane = {
  /** The cache folder. */
  readonly dir: string;
  readonly kills: number;
  /** How many processes write into the folder at the same time: 1 or 2. */
  readonly writers: number;
  readonly seed: number;
  readonly program: Program;
  /** Called before a look and after it; the small disk needs some room to be opened. */
  readonly makeRoom?: () => Promise<() => Promise<void>>;
};

/** What the kills of a lane showed. */
export type Figures = {
  kills: number;
  /** Files, records and lists that were read and compared, each time they were. */
  files: number;
  records: number;
  lists: number;
  /** Unfinished files that kills left behind: writes that were hit. */
  leftovers: number;
  /** Writes that a full disk refused. */
  refused: number;
  violations: string[];
};

function nothingYet(): Figures {
  return { kills: 0, files: 0, records: 0, lists: 0, leftovers: 0, refused: 0, violations: [] };
}

/** Kills the writers of `lane` again and again, and looks after each time. */
export async function runLane(lane: Lane): Promise<Figures> {
  const random = seededRandom(lane.seed);
  const promised: Promised = { keys: new Set(), records: new Set(), head: 0 };
  const figures = nothingYet();
  let leftBefore = 0;
  for (let round = 0; figures.kills < lane.kills && figures.violations.length === 0; round += 1) {
    const writers = Array.from({ length: lane.writers }, (_, index) => writeAndKill(lane, index, random));
    for (const line of (await Promise.all(writers)).flat()) note(line, promised, figures);
    figures.kills += lane.writers;
    const look = await lookAt(lane.dir, promised);
    for (const key of ['files', 'records', 'lists'] as const) figures[key] += look[key];
    figures.leftovers += Math.max(0, look.leftovers - leftBefore);
    figures.violations.push(...look.violations);
    const fillAgain = await lane.makeRoom?.();
    figures.violations.push(...(await flawsAfterStart(lane.dir, round % 5 === 4)));
    leftBefore = round % 5 === 4 ? 0 : look.leftovers;
    await removeNew(lane.dir, promised);
    await fillAgain?.();
  }
  return figures;
}

/** A writer that nobody kills completes what the killed ones left; resolves to what is wrong then. */
export async function completeLane(lane: Lane): Promise<string[]> {
  const child = start(lane, 'write-all');
  const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
  assert.equal(child.exitCode, 0, 'what a killed writer left behind stops the next one');
  const promised: Promised = { keys: new Set(), records: new Set(), head: 0 };
  const figures = nothingYet();
  for (const line of said.split('\n')) note(line, promised, figures);
  assert.ok(promised.keys.size > 40 && promised.head > 0, 'it has kept everything');
  return [...(await lookAt(lane.dir, promised)).violations, ...(await flawsAfterStart(lane.dir, true))];
}

/** The lines that the writer told before it died. */
async function writeAndKill(lane: Lane, index: number, random: Random): Promise<string[]> {
  const seed = Math.floor(random() * 2 ** 31);
  const lines = 1 + Math.floor(random() * 10);
  const delayMs = random() * 5;
  const child = start(lane, 'write-for-ever', String(seed), String(index));
  const closed = once(child, 'close');
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  const told = (): number => said.split('\n').length - 1;
  while (told() < lines && child.exitCode === null) await Promise.race([once(child.stdout, 'data'), closed]);
  // The moment is what is random here; nothing depends on how long it takes.
  await sleep(delayMs);
  child.kill('SIGKILL');
  const [, signal] = (await closed) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL', 'the writer ended by itself');
  return said.split('\n').slice(0, -1);
}

function start({ dir, program }: Lane, task: string, ...more: readonly string[]): Writer {
  return spawn(execPath, [program.path, task, dir, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...environment, NODE_COMPILE_CACHE: program.compileCache },
  });
}

function note(line: string, promised: Promised, figures: Figures): void {
  const [what = '', which = ''] = line.split(' ');
  const mayGo = CHANGING.some((stem) => which.startsWith(`${stem}.`));
  if (what === 'put' && !mayGo) promised.keys.add(which);
  else if (what === 'record' && !mayGo) promised.records.add(which);
  else if (what === 'head') promised.head = Math.max(promised.head, Number(which));
  else if (what === 'full') figures.refused += 1;
}

/** So that the next writer makes folders. */
async function removeNew(dir: string, promised: Promised): Promise<void> {
  const { download, records } = diskStoreFolders(dir);
  await rm(join(download, NEW_MODULES), { recursive: true, force: true });
  await rm(join(records, 'files', NEW_MODULES), { recursive: true, force: true });
  for (const kept of [promised.keys, promised.records])
    for (const key of kept) if (key.startsWith(`${NEW_MODULES}/`)) kept.delete(key);
}
