import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatDuration } from '../../../scripts/testing/report.ts';
import { runTestFile } from '../../../scripts/testing/run-test-file.ts';
import { withCleanup } from '../../support/scoped-cleanup.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { ROOT } from '../../tidy/repository.ts';

const TIMEOUT_MS = 600_000;
const FIGURES = /^# (?:figures: )?(.*)$/gm;

/** Runs the tests of `file` whose titles have the words of `title`; what they told. Throws with what failed. */
export async function runElsewhere(file: string, title: string): Promise<string> {
  return withCleanup(async (t) => {
    const leftOutFile = join(await tempFolder(t, 'left-out'), 'lines');
    await writeFile(leftOutFile, '');
    const pattern = title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    const result = await runTestFile({
      root: ROOT,
      file,
      timeoutMs: TIMEOUT_MS,
      leftOutFile,
      namePatterns: [pattern],
      nodeFlags: [],
      signal: new AbortController().signal,
    });
    const [failure] = result.failures;
    if (failure !== undefined) throw new Error(`${file}: ${failure.name}: ${failure.error}`);
    if (result.passed === 0) return `${file}: left out: ${result.leftOut.join('; ')}`;
    const figures = [...result.output.matchAll(FIGURES)].map(([, told]) => told);
    const counts = `${result.passed} passed in ${formatDuration(result.durationMs)}`;
    return [`${title} (${file}): ${counts}`, ...figures].join('; ');
  });
}
