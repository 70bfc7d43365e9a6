/**
 * `npm run bench`: measures Rondo and its peers side by side. Words on stderr, the table (or JSON) on stdout.
 * Exit code 0 whatever the goals say, 1 where a case failed, 2 for wrong arguments, 130 when interrupted.
 */
import { join } from 'node:path';
import '../test/support/loopback-only.ts';
import { CASES } from './cases/cases.ts';
import { type BenchArguments, HELP, parseBenchArguments } from './frame/arguments.ts';
import type { CaseResult } from './frame/results.ts';
import { runCase, type BenchSetup } from './frame/run-case.ts';
import { caseTable } from './frame/table.ts';
import type { Case, ToolName } from './frame/types.ts';
import { rejudgeResults, writeResults } from './frame/write-results.ts';
import { findProgram, type Program } from './subjects/find-program.ts';
import { findPeers } from './subjects/find-subjects.ts';
import { installRondo } from './subjects/rondo.ts';

const ROOT = join(import.meta.dirname, '..');

const TOOLS: Readonly<Record<ToolName, Program>> = {
  wrk: { variable: 'BENCH_WRK', names: ['wrk'], from: 'the Debian package wrk' },
  go: { variable: 'BENCH_GO', names: ['go'], from: 'Go' },
};

function words(text: string): void {
  process.stderr.write(`${text}\n`);
}

function chosenCases(numbers: readonly number[]): Case[] {
  const known = CASES.map(({ number }) => number).join(', ');
  return (numbers.length === 0 ? CASES.map(({ number }) => number) : numbers).map((number) => {
    const found = CASES.find((each) => each.number === number);
    if (found === undefined) throw new Error(`there is no case ${number}: there are ${known}`);
    return found;
  });
}

async function setUp(args: BenchArguments, signal: AbortSignal): Promise<BenchSetup> {
  words('bundling Rondo');
  const { subject, programs } = await installRondo(ROOT);
  const peers = await findPeers(process.env);
  for (const peer of peers) if (peer.state === 'missing') words(`${peer.label} is missing: ${peer.reason}`);
  return {
    runs: args.runs,
    quick: args.quick,
    root: ROOT,
    signal,
    searches: [{ state: 'found', subject }, ...peers],
    rondoCommand: (form = 'bundle') => [process.execPath, programs[form]],
    tool: (name) => findProgram(TOOLS[name], process.env),
    progress: words,
  };
}

/** Results are written after every case: a long bench that is interrupted has not been for nothing. */
async function runAll(args: BenchArguments, signal: AbortSignal): Promise<number> {
  const cases = chosenCases(args.cases);
  const setup = await setUp(args, signal);
  const date = new Date().toISOString().slice(0, 10);
  const results: CaseResult[] = [];
  for (const each of cases) {
    if (signal.aborted) break;
    words(`case ${each.number}: ${each.title}`);
    const result = await runCase(each, setup);
    results.push(result);
    writeResults(args.outFolder, { schema: 1, date, cases: [result] }, args.quick);
    if (!args.json) process.stdout.write(`${caseTable(result)}\n`);
  }
  if (args.json)
    process.stdout.write(`${JSON.stringify({ schema: 1, date, cases: results }, undefined, 1)}\n`);
  if (signal.aborted) return 130;
  return results.some(({ end }) => end.state === 'failed') ? 1 : 0;
}

async function main(): Promise<number> {
  let args: BenchArguments;
  try {
    args = parseBenchArguments(process.argv.slice(2), join(ROOT, 'bench', 'results'));
    chosenCases(args.cases);
  } catch (error) {
    words(`error: ${error instanceof Error ? error.message : String(error)}\nhint: npm run bench -- --help`);
    return 2;
  }
  if (args.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (args.rejudge !== undefined) {
    for (const result of rejudgeResults(args.rejudge, CASES).cases)
      process.stdout.write(`${caseTable(result)}\n`);
    return 0;
  }
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => controller.abort(new Error('interrupted')));
  return runAll(args, controller.signal);
}

try {
  process.exitCode = await main();
} catch (error) {
  words(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
