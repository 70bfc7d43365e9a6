import { render } from '../words/render.ts';
import type { Text } from '../words/text.ts';
import { ERROR_CODES, type ErrorCode, type ErrorKind } from './codes.ts';

/** What a RondoError carries besides its message. */
export type RondoErrorDetails = {
  /** The command or change that fixes it, without a trailing full stop. */
  readonly hint?: Text | string;
  /** Further lines of evidence, e.g. one a mirror; already safe to print. */
  readonly details?: readonly (Text | string)[];
  /** When trying again may help, in milliseconds from now. */
  readonly retryAfterMs?: number;
  /** Which mirrors were asked and what each answered, on one line (mirrors/tried.ts). */
  readonly tried?: string;
  /** Of an answer that mirrors agree on: who they are (mirrors/pool.ts). It is true of them alone. */
  readonly saidByPool?: string;
  /** Nobody who was asked has answered anything, so that it says nothing of what was asked for. */
  readonly unanswered?: boolean;
  readonly cause?: unknown;
};

/** What an error says, in no language yet. */
export type ErrorWords = {
  readonly message: Text | string;
  readonly hint: Text | string | undefined;
  readonly details: readonly (Text | string)[];
};

/**
 * The one error class that crosses rooms. Its message is one line, lower case, cause first, ready for
 * a user's eyes; `kind` follows from `code` (see codes.ts). `message`, `hint` and `details` are in English, as they go
 * over the wire and into logs; whoever shows them to a person takes `said`.
 */
export class RondoError extends Error {
  readonly code: ErrorCode;
  readonly said: ErrorWords;
  readonly retryAfterMs: number | undefined;
  readonly tried: string | undefined;
  readonly saidByPool: string | undefined;
  readonly unanswered: boolean;

  constructor(code: ErrorCode, message: Text | string, details: RondoErrorDetails = {}) {
    super(render(message), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'RondoError';
    this.code = code;
    this.said = { message, hint: details.hint, details: details.details ?? [] };
    this.retryAfterMs = details.retryAfterMs;
    this.tried = details.tried;
    this.saidByPool = details.saidByPool;
    this.unanswered = details.unanswered === true;
  }

  get hint(): string | undefined {
    return this.said.hint === undefined ? undefined : render(this.said.hint);
  }

  get details(): readonly string[] {
    return this.said.details.map((each) => render(each));
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

/** The same for people: what a RondoError says is in no language yet. */
export function saidBy(thrown: unknown): Text | string {
  return thrown instanceof RondoError ? thrown.said.message : messageOf(thrown);
}

/** Some objects refuse to be text. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'something without words';
  }
}
