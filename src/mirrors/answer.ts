import type { Outcome } from '../balance/outcome.ts';
import type { BodyProgress } from '../balance/slow-body.ts';
import type { VisitReport } from '../events/events.ts';
import type { RemoteFile } from '../gomod/module-file.ts';

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
  /** The incoming Via header, passed on. */
  readonly via?: string;
  /** When the 90 s without a body are over, on the monotonic clock; default: from now. */
  readonly deadlineAtMs?: number;
};

/** How the consumer of a body found it. */
export type Settlement =
  | { readonly kind: 'complete'; readonly bytes: number }
  | { readonly kind: 'broken'; readonly outcome: Outcome; readonly bytes: number }
  /** Complete, and contradicts the database or names another module. */
  | { readonly kind: 'wrong'; readonly why: string; readonly bytes: number }
  /** Nobody wants it any more, or this machine failed: the mirror is not charged. */
  | { readonly kind: 'abandoned'; readonly bytes: number };

/** A 200 from a mirror. Whoever takes it must call `settle` exactly once. */
export type Found = {
  readonly mirror: string;
  readonly contentLength?: number;
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
  /** Whether another mirror should race it (balance/slow-body.ts). */
  isSlow(): boolean;
  /** Drops the transfer, settles nothing. */
  cancel(): void;
  settle(result: Settlement): void;
};
