import type { FileResult } from './run-test-file.ts';

/** A duration as people read it: `85 ms`, `2.4 s`. */
export function formatDuration(durationMs: number): string {
  return durationMs < 1000 ? `${Math.round(durationMs)} ms` : `${(durationMs / 1000).toFixed(1)} s`;
}

/** A diagnostic that is worth a line though its test passed: what a long run has counted. */
const FIGURES = /^# (figures: .*)$/gm;

/** One line for a file, and below it its figures, and its failures with what the file printed. */
export function describeFile(result: FileResult): string {
  const { file, failures, passed, leftOut, output } = result;
  const time = formatDuration(result.durationMs);
  const counts = [`${passed} passed`];
  if (failures.length > 0) counts.push(`${failures.length} failed`);
  if (leftOut.length > 0) counts.push(`${leftOut.length} left out`);
  const lines = [`${failures.length > 0 ? 'FAIL' : 'ok  '} ${file}  ${counts.join(', ')}, ${time}`];
  for (const [, figures] of output.matchAll(FIGURES)) lines.push(`  ${figures}`);
  if (failures.length > 0) {
    for (const failure of failures) lines.push(`  x ${failure.name}`, indent(failure.error));
    if (output.trim() !== '') lines.push('  what it printed:', indent(output.trimEnd()));
  }
  return lines.join('\n');
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}

/**
 * The end of a run: what was left out and why, what failed, and as the last line, always,
 * `N passed, N failed`.
 */
export function describeEnd(results: readonly FileResult[]): string {
  const lines: string[] = [''];
  const leftOut = results.flatMap(({ file, leftOut: tests }) => tests.map((test) => `${file}: ${test}`));
  if (leftOut.length > 0) lines.push('left out:', ...leftOut.map((line) => `  ${line}`), '');
  const failed = results.filter(({ failures }) => failures.length > 0);
  if (failed.length > 0) lines.push('failed:');
  for (const { file, failures } of failed) for (const { name } of failures) lines.push(`  ${file}: ${name}`);
  const { passed, failed: failedTests } = countTests(results);
  lines.push(`${passed} passed, ${failedTests} failed`);
  return lines.join('\n');
}

/** The sums of a run. */
export function countTests(results: readonly FileResult[]): { passed: number; failed: number } {
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failures.length, 0);
  return { passed, failed };
}
