import type { Finding } from './finding.ts';
import { parseSource, type Source } from './source.ts';

/** Made-up files for the tests of the rules: path to text. */
export function madeUp(files: Readonly<Record<string, string>>): Source[] {
  return Object.entries(files).map(([path, text]) => parseSource(path, text));
}

/** Findings as `file:line`, for short comparisons. */
export function places(findings: readonly Finding[]): string[] {
  return findings.map(({ file, line }) => `${file}:${line}`);
}
