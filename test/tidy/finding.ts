/** A place that breaks a rule, and what to do about it. */
export type Finding = {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly rule: string;
  readonly message: string;
};

/** The findings as one text, a line each: `file:line  rule: message`. */
export function formatFindings(findings: readonly Finding[]): string {
  return findings
    .toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line)
    .map(({ file, line, rule, message }) => `${file}:${line}  ${rule}: ${message}`)
    .join('\n');
}
