/**
 * `npm run soak`: one Rondo under load for minutes while its mirrors go bad and get well. Words on stderr, the table (or
 * JSON) on stdout. Exit code 0 where all held, 1 where something did not or it broke off, 2 for wrong arguments, 130 when
 * interrupted.
 */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import '../../test/support/loopback-only.ts';
import { requirement } from '../../test/support/requirements.ts';
import { CleanUp } from '../frame/clean-up.ts';
import { installRondo } from '../subjects/rondo.ts';
import { parseSoakArguments, SOAK_HELP, type SoakArguments } from './arguments.ts';
import { runSoak } from './soak.ts';
import { SOAK_ROWS } from './soak-plan.ts';
import type { SoakResult } from './soak-result.ts';
import { soakTable } from './table.ts';
import { faultsFound } from './verdict.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FAULT_MS = 8000;
const PAUSE_MS = 2000;
const QUARANTINE_MS = 5000;
/** Rondo's default. */
const IDLE_MS = 30_000;
const MOST_SEEDS = 1_000_000_000;

function words(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function soak(args: SoakArguments, signal: AbortSignal): Promise<SoakResult> {
  for (const part of ['linux', 'go'] as const) {
    const found = await requirement(part);
    if (found.state !== 'present') throw new Error(`it needs ${part}: ${found.reason}`);
  }
  const seed = args.seed ?? randomInt(MOST_SEEDS);
  words(`seed ${seed}; bundling Rondo`);
  const { subject } = await installRondo(ROOT);
  const settings = {
    rondo: subject,
    durationMs: args.minutes * 60_000,
    ratePerSecond: args.ratePerSecond,
    seed,
    faultMs: FAULT_MS,
    pauseMs: PAUSE_MS,
    recoveryMs: 0,
    quarantineMs: QUARANTINE_MS,
    idleMs: IDLE_MS,
    rows: SOAK_ROWS,
    progress: words,
  };
  const cleanup = new CleanUp();
  const interrupted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
  try {
    return await Promise.race([runSoak(settings, cleanup), interrupted]);
  } finally {
    for (const error of await cleanup.run()) words(`clean-up: ${String(error)}`);
  }
}

async function main(): Promise<number> {
  let args: SoakArguments;
  try {
    args = parseSoakArguments(process.argv.slice(2));
  } catch (error) {
    words(`error: ${error instanceof Error ? error.message : String(error)}\nhint: npm run soak -- --help`);
    return 2;
  }
  if (args.help) {
    process.stdout.write(SOAK_HELP);
    return 0;
  }
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => controller.abort(new Error('interrupted')));
  try {
    const result = await soak(args, controller.signal);
    const found = faultsFound(result);
    const json = (): string => `${JSON.stringify({ ...result, found }, undefined, 1)}\n`;
    process.stdout.write(args.json ? json() : soakTable(result));
    return found.length === 0 ? 0 : 1;
  } catch (error) {
    words(`error: ${error instanceof Error ? error.message : String(error)}`);
    return controller.signal.aborted ? 130 : 1;
  }
}

process.exitCode = await main();
