import type { ChunkPool, Resting } from './chunk-pool.ts';

/** Bytes that are lent to one reader: they do not change until it releases them, and are others' afterwards. */
export type Loan = {
  readonly bytes: Buffer;
  /** Idempotent. */
  release(): void;
};

/** Bytes that are nobody's to reuse. */
export function ownedLoan(bytes: Buffer): Loan {
  return { bytes, release: () => undefined };
}

/** What the chunks are of: one file, which may grow, or be cut and grow again. */
export type ChunkedFile = {
  /** How much of it can be read now. */
  readonly sizeBytes: () => number;
  /** Reads up to `length` bytes from `position` to the beginning of `into`; how many there were. */
  readonly read: (into: Buffer, length: number, position: number) => Promise<number>;
};

type Chunk = Resting & {
  readonly index: number;
  readonly buffer: Buffer;
  /** Bytes that are there; a file that grows fills up its last chunk. */
  filled: number;
  filling: Promise<void> | undefined;
  users: number;
  /** The file has become another one under it: whoever has it keeps it, nobody gets it any more. */
  outdated: boolean;
};

/**
 * One file read for any number of clients: those who are at about the same place share what was read once.
 * The next chunk is read ahead, so that one client alone does not wait for the disk.
 */
export class SharedChunks {
  readonly #pool: ChunkPool;
  readonly #file: ChunkedFile;
  readonly #chunks = new Map<number, Chunk>();
  /** How often the file has been cut. */
  #cuts = 0;

  constructor(pool: ChunkPool, file: ChunkedFile) {
    this.#pool = pool;
    this.#file = file;
  }

  /**
   * Up to `length` bytes from `position`; fewer, but at least one, where there are fewer; none at the end. At
   * once where they are in memory: a rush of clients then leaves little to the garbage collector. Throws or
   * rejects with what reading the file rejects with.
   */
  lend(position: number, length: number): Loan | Promise<Loan> {
    const { chunkBytes } = this.#pool;
    const chunk = this.#chunks.get(Math.floor(position / chunkBytes));
    if (chunk === undefined || chunk.filled <= position % chunkBytes || length <= 0) {
      return this.#lendLater(position, length);
    }
    this.#pool.begin();
    this.#use(chunk.index);
    return this.#loanOf(chunk, position, length);
  }

  async #lendLater(position: number, length: number): Promise<Loan> {
    this.#pool.begin();
    try {
      for (;;) {
        const wanted = Math.min(length, this.#file.sizeBytes() - position);
        if (wanted <= 0) break;
        const chunk = this.#use(Math.floor(position / this.#pool.chunkBytes));
        const loan = await (chunk === undefined
          ? this.#lendAlone(position, wanted)
          : this.#lendOf(chunk, position, wanted));
        if (loan !== undefined) return loan;
      }
    } catch (error) {
      this.#pool.end();
      throw error;
    }
    this.#pool.end();
    return ownedLoan(Buffer.alloc(0));
  }

  /** Nobody gets anything from `position` on that was read before this. */
  cut(position: number): void {
    this.#cuts += 1;
    for (const chunk of this.#chunks.values()) {
      if ((chunk.index + 1) * this.#pool.chunkBytes <= position) continue;
      chunk.outdated = true;
      this.#chunks.delete(chunk.index);
      if (chunk.users > 0) continue;
      this.#pool.wake(chunk);
      this.#pool.giveBack(chunk.buffer);
    }
  }

  /** Undefined where the file was cut meanwhile. */
  async #lendOf(chunk: Chunk, position: number, wanted: number): Promise<Loan | undefined> {
    const start = position - chunk.index * this.#pool.chunkBytes;
    try {
      while (chunk.filled <= start && !chunk.outdated) {
        const before = chunk.filled;
        await this.#fill(chunk);
        // Shorter than it should be: whoever owns the file knows what that means.
        if (chunk.filled === before && !chunk.outdated) break;
      }
    } catch (error) {
      this.#leave(chunk);
      throw error;
    }
    if (chunk.outdated) {
      this.#leave(chunk);
      return undefined;
    }
    return this.#loanOf(chunk, position, wanted);
  }

  #loanOf(chunk: Chunk, position: number, wanted: number): Loan {
    this.#readAhead(chunk.index + 1);
    const start = position - chunk.index * this.#pool.chunkBytes;
    const end = Math.max(start, Math.min(start + wanted, chunk.filled));
    return new ChunkLoan(chunk.buffer.subarray(start, end), this.#pool, () => this.#leave(chunk));
  }

  async #lendAlone(position: number, wanted: number): Promise<Loan | undefined> {
    const cuts = this.#cuts;
    const buffer = this.#pool.takeSmall();
    try {
      const count = await this.#file.read(buffer, Math.min(wanted, buffer.length), position);
      if (cuts === this.#cuts) {
        return new ChunkLoan(buffer.subarray(0, count), this.#pool, () => this.#pool.giveBack(buffer));
      }
    } catch (error) {
      this.#pool.giveBack(buffer);
      throw error;
    }
    this.#pool.giveBack(buffer);
    return undefined;
  }

  /** The chunk, which stays until it is left. Undefined where it is not there and no buffer is to be had. */
  #use(index: number): Chunk | undefined {
    const known = this.#chunks.get(index);
    if (known !== undefined) {
      this.#pool.wake(known);
      known.users += 1;
      return known;
    }
    const buffer = this.#pool.takeChunk();
    if (buffer === undefined) return undefined;
    const evict = (): Buffer => {
      this.#chunks.delete(index);
      return buffer;
    };
    const chunk: Chunk = { index, buffer, filled: 0, filling: undefined, users: 1, outdated: false, evict };
    this.#chunks.set(index, chunk);
    return chunk;
  }

  #leave(chunk: Chunk): void {
    chunk.users -= 1;
    if (chunk.users > 0) return;
    if (chunk.outdated) this.#pool.giveBack(chunk.buffer);
    else this.#pool.rest(chunk);
  }

  /** Reads what the file has of the chunk by now; one read at a time. */
  #fill(chunk: Chunk): Promise<void> {
    chunk.filling ??= this.#readInto(chunk).finally(() => {
      chunk.filling = undefined;
    });
    return chunk.filling;
  }

  async #readInto(chunk: Chunk): Promise<void> {
    const position = chunk.index * this.#pool.chunkBytes + chunk.filled;
    const room = chunk.buffer.subarray(chunk.filled);
    const length = Math.min(room.length, this.#file.sizeBytes() - position);
    if (length > 0) chunk.filled += await this.#file.read(room, length, position);
  }

  #readAhead(index: number): void {
    if (this.#chunks.has(index) || !this.#pool.isCalm) return;
    if (index * this.#pool.chunkBytes >= this.#file.sizeBytes()) return;
    const chunk = this.#use(index);
    if (chunk === undefined) return;
    const leave = (): void => this.#leave(chunk);
    // If it fails, it fails again for whoever asks for it.
    this.#fill(chunk).then(leave, leave);
  }
}

class ChunkLoan implements Loan {
  readonly bytes: Buffer;
  readonly #pool: ChunkPool;
  #giveBack: (() => void) | undefined;

  constructor(bytes: Buffer, pool: ChunkPool, giveBack: () => void) {
    this.bytes = bytes;
    this.#pool = pool;
    this.#giveBack = giveBack;
  }

  release(): void {
    const giveBack = this.#giveBack;
    if (giveBack === undefined) return;
    this.#giveBack = undefined;
    giveBack();
    this.#pool.end();
  }
}
