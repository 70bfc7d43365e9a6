import { ERROR_CODES, type ErrorCode, type ErrorKind } from './codes.ts';

/** What a RondoError carries besides its message. */
export type RondoErrorDetails = {
  /** The command or change that fixes it, without a trailing full stop. */
  readonly hint?: string;
  /** Further lines of evidence, e.g. one a mirror; already safe to print. */
  readonly details?: readonly string[];
  /** When trying again may help, in milliseconds from now. */
  readonly retryAfterMs?: number;
  /** Which mirrors were asked and what each answered, on one line (mirrors/tried.ts). */
  readonly tried?: string;
  readonly cause?: unknown;
};

/**
 * The one error class that crosses rooms. Its message is one line, lower case, cause first, ready for
 * a user's eyes; `kind` follows from `code` (see codes.ts).
 */
export class RondoError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: readonly string[];
  readonly retryAfterMs: number | undefined;
  readonly tried: string | undefined;

  constructor(code: ErrorCode, message: string, details: RondoErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'RondoError';
    this.code = code;
    this.hint = details.hint;
    this.details = details.details ?? [];
    this.retryAfterMs = details.retryAfterMs;
    this.tried = details.tried;
  }

  get kind(): ErrorKind {
    return ERROR_CODES[this.code];
  }
}

/** The message of anything that was thrown, on one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message || thrown.name : textOf(thrown);
  return text.replace(/\s+/g, ' ').trim();
}

/** Some objects refuse to be text. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'something without words';
  }
}
