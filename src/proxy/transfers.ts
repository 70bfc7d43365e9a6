import { createInTurn } from '../kit/in-turn.ts';
import type { Found, Settlement } from '../mirrors/answer.ts';
import type { Spool } from '../store/spool.ts';
import type { Beside } from './race.ts';
import { Transfer, type TransferEars } from './transfer.ts';

/** What the transfers of one file need of their surroundings. */
export type TransfersContext = {
  readonly spool: Spool;
  readonly signal: AbortSignal;
  readonly ears: {
    /** More can be read. */
    readonly onGrowth: () => void;
    /** From `offset` on the spool is another file from now on. */
    readonly onConflict: (offset: number) => void;
  };
  /** How much of the spool some client has been given already. */
  readonly givenBytes: () => number;
};

/**
 * The transfers of one file that are under way: one, or in a race two, which fill one spool together as long as they
 * bring the same bytes. Each is settled exactly once.
 */
export class Transfers {
  /** The slow one, while another may be faster. */
  beside: Beside | undefined;
  readonly #context: TransfersContext;
  readonly #turns = createInTurn();
  readonly #live = new Set<Transfer>();
  readonly #ears: TransferEars;
  #lead: Found | undefined;
  #receivedBytes = 0;

  constructor(context: TransfersContext) {
    this.#context = context;
    this.#ears = {
      onGrowth: ({ found }, bytes, isNew) => {
        this.#receivedBytes += bytes;
        if (isNew) this.#lead = found;
        context.ears.onGrowth();
      },
      onConflict: (offset) => context.ears.onConflict(offset),
      counts: (transfer) => this.isUnderWay(transfer),
      mayReplace: (transfer, offset) => this.#mayReplace(transfer, offset),
    };
  }

  /** The one whose bytes came last. */
  get lead(): Found | undefined {
    return this.#lead;
  }

  /** What all of them together have brought. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** How many are under way. */
  get count(): number {
    return this.#live.size;
  }

  /** Whether it is not settled. */
  isUnderWay(transfer: Transfer): boolean {
    return this.#live.has(transfer);
  }

  /** Begins to bring what was found into the spool. */
  begin(found: Found, joined: boolean): Transfer {
    const { spool, signal } = this.#context;
    if (this.#live.size === 0) this.#lead = found;
    const transfer = new Transfer(found, joined, {
      spool,
      turn: (task) => this.inTurn(task),
      ears: this.#ears,
    });
    this.#live.add(transfer);
    const drop = (): void => found.cancel();
    signal.addEventListener('abort', drop, { once: true });
    const forget = (): void => signal.removeEventListener('abort', drop);
    transfer.end.then(forget, forget);
    return transfer;
  }

  /** Runs `task` while nobody writes to the spool. */
  inTurn<T>(task: () => Promise<T>): Promise<T> {
    return this.#turns.run('spool', task);
  }

  /** Tells the mirror how its transfer ended, and drops what is still to come; the first time only. */
  settle(transfer: Transfer, result: Settlement): void {
    if (transfer === this.beside?.transfer) this.beside = undefined;
    if (this.#live.delete(transfer)) transfer.found.settle(result);
  }

  /** It contradicts what must stay, and nobody knows who is right. */
  giveWay(transfer: Transfer): void {
    this.settle(transfer, { kind: 'abandoned', bytes: transfer.bytes });
  }

  /** The file is complete with what `winner` brought, or (undefined) is not to be had. */
  end(winner: Found | undefined): void {
    if (winner !== undefined) this.#lead = winner;
    const kind = winner === undefined ? 'abandoned' : 'outrun';
    for (const transfer of this.#live) this.settle(transfer, { kind, bytes: transfer.bytes });
  }

  /**
   * Where two are under way and differ, the newer one counts, but not against what clients have. What none of them has
   * brought may always be replaced.
   */
  #mayReplace(transfer: Transfer, offset: number): boolean {
    const other = [...this.#live].find((each) => each !== transfer);
    if (other === undefined || offset >= other.position) return true;
    if (other !== this.beside?.transfer || this.#context.givenBytes() > offset) return false;
    this.giveWay(other);
    return true;
  }
}
