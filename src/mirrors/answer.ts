import type { Outcome } from '../balance/outcome.ts';
import type { BodyProgress } from '../balance/slow-body.ts';
import type { VisitReport } from '../events/events.ts';
import type { RemoteFile } from '../gomod/module-file.ts';
import type { ResumePoint } from './resume-point.ts';

// Part of this room's promise: what `Found.body` throws.
export { BodyError } from '../upstream/attempt.ts';

/** A question to the mirrors. */
export type Question = {
  readonly file: RemoteFile;
  readonly method: 'GET' | 'HEAD';
  /** The body may not be larger. */
  readonly maxBodyBytes: number;
  /** Mirrors that already failed this file in this flight: asked again only when nobody else is left. */
  readonly avoid?: ReadonlyMap<string, VisitReport>;
  /** How often this file has been asked for again already: whoever is asked once more is left alone the longer for it. */
  readonly revisits?: number;
  /** What is here already, where only the rest is wanted. */
  readonly resume?: ResumePoint;
  /** Mirrors that are not asked at all, as if they were not there: what they say is known, and not believed. */
  readonly except?: ReadonlySet<string>;
  /**
   * Nobody else has an answer for whoever asks: where no mirror is left to be asked, the next trial of one is worth a wait.
   * Default: no.
   */
  readonly patient?: boolean;
  /** The incoming Via header, passed on. */
  readonly via?: string;
  /** When the 90 s without a body are over, on the monotonic clock; default: from now. */
  readonly deadlineAtMs?: number;
};

/** How the consumer of a body found it. */
export type Settlement =
  | { readonly kind: 'complete'; readonly bytes: number }
  /** `goesOn`: the same mirror is asked for the rest next, because it may well have it. */
  | {
      readonly kind: 'broken';
      readonly outcome: Outcome;
      readonly bytes: number;
      readonly goesOn?: boolean;
    }
  /** Complete, and contradicts the database or names another module. */
  | { readonly kind: 'wrong'; readonly why: string; readonly bytes: number }
  /** Another mirror, which was asked beside this one, has completed the file: charged if it had stalled. */
  | { readonly kind: 'outrun'; readonly bytes: number }
  /** Nobody wants it any more, or this machine failed: the mirror is not charged. */
  | { readonly kind: 'abandoned'; readonly bytes: number };

/** A file from a mirror, or the rest of it. Whoever takes it must call `settle` exactly once. */
export type Found = {
  readonly mirror: string;
  /** Of the whole file. */
  readonly contentLength?: number;
  /** Where in the file the body begins: 0, or where the question's `resume` ends. */
  readonly startBytes: number;
  /** Whether a body that begins later is of the file that `validator` named, and not only of one of the same length. */
  readonly vouched: boolean;
  /** What this mirror vouches for these bytes with, for a ResumePoint. */
  readonly validator?: string;
  /** Lower-case names; hostile. */
  readonly headers: Readonly<Record<string, string>>;
  /** Iterating throws a BodyError when the transfer breaks, stalls, is too slow, or is not as long as it said. */
  readonly body: AsyncIterable<Buffer>;
  /** From the question to this mirror's first header, milliseconds. */
  readonly waitedMs: number;
  /** Who was asked for it so far, and what each answered; this mirror's own answer is the last. */
  readonly tried: readonly VisitReport[];
  /** How far the body has come. */
  progress(): BodyProgress;
  /** Whether another mirror should race it (balance/slow-body.ts); never where no other may be asked. */
  isSlow(): boolean;
  /** Drops the transfer, settles nothing. */
  cancel(): void;
  settle(result: Settlement): void;
};
