import type { Outcome } from '../balance/outcome.ts';
import { BodyError, type Found } from '../mirrors/answer.ts';
import type { Spool } from '../store/spool.ts';

/** How a transfer of one mirror's body into the spool ended: after `bytes` of the body, at `position` of the file. */
export type TransferEnd = { readonly bytes: number; readonly position: number } & (
  | { readonly kind: 'whole' }
  | { readonly kind: 'broken'; readonly outcome: Outcome }
  /** What it brings is not what the spool has of another transfer, whose bytes stay. */
  | { readonly kind: 'contradicts' }
);

/** What a transfer tells while it is under way, and what it has to ask. */
export type TransferEars = {
  /** More has come; `isNew`: and some of it was not here before. */
  readonly onGrowth: (transfer: Transfer, bytes: number, isNew: boolean) => void;
  /** From `offset` on the spool is another file from now on. */
  readonly onConflict: (offset: number) => void;
  /** Whether `transfer` may still write: it may have been overtaken. */
  readonly counts: (transfer: Transfer) => boolean;
  /** Whether what the spool has from `offset` on may become what `transfer` brings. */
  readonly mayReplace: (transfer: Transfer, offset: number) => boolean;
};

/** Where a transfer goes. */
export type TransferContext = {
  readonly spool: Spool;
  /** Runs a task when nobody else writes to the spool or judges it: two transfers may fill it. */
  readonly turn: <T>(task: () => Promise<T>) => Promise<T>;
  readonly ears: TransferEars;
};

/**
 * Brings the body that was `found` into a spool, which has what is before it. What the spool holds already, from an
 * earlier transfer that broke or from one beside, is compared and not written again.
 */
export class Transfer {
  readonly found: Found;
  /** Whether its file has bytes that its mirror does not vouch for. */
  readonly joined: boolean;
  /** Rejects with RondoError E_STORE where this machine's disk fails. */
  readonly end: Promise<TransferEnd>;
  readonly #context: TransferContext;
  #position: number;

  /** Begins at once. */
  constructor(found: Found, joined: boolean, context: TransferContext) {
    this.found = found;
    this.joined = joined;
    this.#context = context;
    this.#position = found.startBytes;
    this.end = this.#run();
  }

  /** Where in the file the next byte belongs. */
  get position(): number {
    return this.#position;
  }

  /** Of the body, so far. */
  get bytes(): number {
    return this.#position - this.found.startBytes;
  }

  /** Within a turn, after a whole body: the spool ends where it does. False where it is longer and must stay so. */
  async finish(): Promise<boolean> {
    return this.#position >= this.#context.spool.sizeBytes || (await this.#cutAt(this.#position));
  }

  async #run(): Promise<TransferEnd> {
    const { body, startBytes, contentLength } = this.found;
    const { turn } = this.#context;
    try {
      for await (const chunk of body) {
        if (!(await turn(() => this.#take(chunk)))) return this.#ended({ kind: 'contradicts' });
      }
      // Of a rest, only the length of the whole was said for certain.
      if (startBytes > 0 && contentLength !== undefined) assertLength(this.#position, contentLength);
    } catch (error) {
      if (error instanceof BodyError) return this.#ended({ kind: 'broken', outcome: error.outcome });
      throw error;
    }
    return this.#ended({ kind: 'whole' });
  }

  #ended<K extends { readonly kind: TransferEnd['kind'] }>(how: K): K & Omit<TransferEnd, 'kind'> {
    return { ...how, bytes: this.bytes, position: this.#position };
  }

  async #take(chunk: Buffer): Promise<boolean> {
    const { spool, ears } = this.#context;
    if (!ears.counts(this)) return false;
    const known = Math.min(chunk.length, Math.max(0, spool.sizeBytes - this.#position));
    const same = known === 0 ? 0 : await equalPrefix(spool, this.#position, chunk.subarray(0, known));
    if (same < known && !(await this.#cutAt(this.#position + same))) return false;
    if (same < chunk.length) await spool.append(chunk.subarray(same));
    this.#position += chunk.length;
    ears.onGrowth(this, chunk.length, same < chunk.length);
    return true;
  }

  async #cutAt(offset: number): Promise<boolean> {
    const { spool, ears } = this.#context;
    if (!ears.mayReplace(this, offset)) return false;
    ears.onConflict(offset);
    await spool.truncate(offset);
    return true;
  }
}

function assertLength(position: number, wholeBytes: number): void {
  if (position === wholeBytes) return;
  const detail = `the rest ended at ${position} of ${wholeBytes} bytes`;
  throw new BodyError({
    class: 'http',
    cause: position < wholeBytes ? 'short-body' : 'bad-content',
    detail,
  });
}

/** How many bytes of `chunk` are what the spool has from `position` on. */
async function equalPrefix(spool: Spool, position: number, chunk: Buffer): Promise<number> {
  let same = 0;
  while (same < chunk.length) {
    const held = await spool.read(position + same, chunk.length - same);
    if (held.length === 0) return same;
    const part = chunk.subarray(same, same + held.length);
    if (part.equals(held)) {
      same += held.length;
      continue;
    }
    let offset = 0;
    while (part[offset] === held[offset]) offset += 1;
    return same + offset;
  }
  return same;
}
