/**
 * `npm test`: runs every test of the repository, two files or more at a time, each in a process of its
 * own, with the Rondo of the sources or (`--published`) of the bundle made of them, and ends with what was
 * left out and why and the line `N passed, N failed`.
 * Exit code 0 only if something ran and nothing failed; 130 when interrupted.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOutPublishedForm } from './building/published-form.ts';
import { parseTestArguments, type TestArguments } from './testing/arguments.ts';
import { countTests, describeEnd, describeFile, formatDuration } from './testing/report.ts';
import { type FileResult, runTestFile } from './testing/run-test-file.ts';
import { findTestFiles } from './testing/test-files.ts';

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Aborts at the first SIGINT or SIGTERM: the test files' processes are ended, the report is still printed. */
function stopOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => controller.abort());
  return controller.signal;
}

async function runAll(
  files: readonly string[],
  args: TestArguments,
  folder: string,
  signal: AbortSignal,
): Promise<FileResult[]> {
  const results: FileResult[] = [];
  const waiting = [...files];
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined && !signal.aborted; file = waiting.shift()) {
      const { root, fileTimeoutMs: timeoutMs, namePatterns, nodeFlags } = args;
      const leftOutFile = join(folder, file.replaceAll('/', '+'));
      writeFileSync(leftOutFile, '');
      const run = { root, file, timeoutMs, leftOutFile, namePatterns, nodeFlags, signal };
      const result = await runTestFile(run);
      if (signal.aborted) return;
      results.push(result);
      print(describeFile(result));
    }
  };
  await Promise.all(Array.from({ length: args.jobs }, work));
  return results;
}

async function main(): Promise<number> {
  const args = parseTestArguments(process.argv.slice(2));
  const files = findTestFiles(args.root, args.filters);
  const folder = mkdtempSync(join(tmpdir(), 'rondo-test-run-'));
  // Hundreds of processes load the same modules: each is compiled once a run, in a folder that nobody else has written to.
  process.env['NODE_COMPILE_CACHE'] ??= join(folder, 'compiled');
  const startedMs = performance.now();
  const signal = stopOnSignals();
  try {
    if (args.published)
      process.env['RONDO_LAUNCHER'] = await layOutPublishedForm(args.root, join(folder, 'published'));
    const results = await runAll(files, args, folder, signal);
    if (files.length === 0) print(`no test file matches ${args.filters.join(' ')}`);
    if (signal.aborted) print(`interrupted: ${files.length - results.length} files did not end`);
    print(`\n${results.length} files in ${formatDuration(performance.now() - startedMs)}`);
    print(describeEnd(results));
    const { passed, failed } = countTests(results);
    if (signal.aborted) return 130;
    return failed === 0 && passed > 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  // Leaves even if something a test file left behind still holds a pipe of this process.
  process.exit(await main());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
}
