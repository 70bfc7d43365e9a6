import type { RondoError } from '../errors/rondo-error.ts';
import { cut, printable, wrap } from './printable.ts';

/** Content-Type of every error body: the only kind that the go command prints. */
export const PROBLEM_CONTENT_TYPE = 'text/plain; charset=utf-8';

/**
 * What the go command prints of an error body (cmd/go/internal/web, (*Response).formatErrorDetail): 8 lines,
 * 8 x 81 bytes with a newline and a tab before each line but the first, up to the first blank line.
 */
const MAX_LINES = 8;
const MAX_BYTES = 648;
const LINE_OVERHEAD_BYTES = 2;
const COLUMNS = 80;

/** What an error body tells. Any of it may hold hostile text. */
export type Problem = {
  /** The cause, without a `not found: `, which problemText adds to a 404. */
  readonly message: string;
  /** One line for each mirror tried. */
  readonly details?: readonly string[];
  /** What to do about it. */
  readonly hint?: string | undefined;
};

/**
 * The body of an error answer: the cause first (behind `not found: ` for 404, as all proxies say it), then
 * the details, then the hint. Never longer than what the go command prints, never with a blank line, and
 * only of characters that it prints (spec protocol.md, "How the go command reacts"). Ends with a newline.
 */
export function problemText(status: number, problem: Problem): string {
  const message = printable(problem.message) || 'unknown error';
  const cause = status === 404 && !message.startsWith('not found: ') ? `not found: ${message}` : message;
  const lines = new BoundedLines();
  lines.add(wrap(cause, COLUMNS, 3));
  const hint = problem.hint === undefined ? [] : wrap(`hint: ${printable(problem.hint)}`, COLUMNS, 2);
  lines.reserve(hint);
  addDetails(
    lines,
    (problem.details ?? []).map(printable).filter((line) => line !== ''),
  );
  lines.release();
  lines.add(hint);
  return lines.text();
}

/** The body for an error that the core threw; `prefix` stands before its message. */
export function problemOf(error: RondoError, prefix = ''): Problem {
  return { message: prefix + error.message, details: error.details, hint: error.hint };
}

function addDetails(lines: BoundedLines, details: readonly string[]): void {
  details.forEach((detail, index) => {
    const left = details.length - index - 1;
    const more = left === 0 ? [] : [`(${left} more)`];
    const line = cut(detail, COLUMNS);
    if (lines.full) return;
    if (lines.fits([line, ...more]) || (left === 0 && lines.fits([line]))) lines.add([line]);
    else {
      lines.add([`(${left + 1} more)`]);
      lines.full = true;
    }
  });
}

/** Lines within what the go command prints. `reserve` keeps room for lines that come later. */
class BoundedLines {
  full = false;
  readonly #lines: string[] = [];
  #bytes = 0;
  #reservedLines = 0;
  #reservedBytes = 0;

  fits(lines: readonly string[]): boolean {
    return (
      this.#lines.length + this.#reservedLines + lines.length <= MAX_LINES &&
      this.#bytes + this.#reservedBytes + bytesOf(lines) <= MAX_BYTES
    );
  }

  /** Adds those of `lines`, from the first on, that fit. */
  add(lines: readonly string[]): void {
    for (const line of lines) {
      if (!this.fits([line])) return;
      this.#lines.push(line);
      this.#bytes += bytesOf([line]);
    }
  }

  reserve(lines: readonly string[]): void {
    if (!this.fits(lines)) return;
    this.#reservedLines = lines.length;
    this.#reservedBytes = bytesOf(lines);
  }

  release(): void {
    this.#reservedLines = 0;
    this.#reservedBytes = 0;
  }

  text(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

function bytesOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + LINE_OVERHEAD_BYTES, 0);
}
