/** Something that holds a chunk nobody uses at the moment. */
export type Resting = {
  /** Forgets the chunk and hands its buffer over. */
  evict(): Buffer;
};

/** How much memory the readers of files may have together. */
export type ChunkPoolSettings = {
  /** Bytes of a chunk that readers share. Default 256 KiB: a stream costs few system calls. */
  readonly chunkBytes?: number;
  /** The most such chunks. Default 32, which is 8 MiB. */
  readonly maxChunks?: number;
  /** The most buffers of a quarter of a chunk, for readers far from all others. Default 64, which is 4 MiB. */
  readonly maxQuarters?: number;
};

/** What stays for the next reader when nobody reads. */
const KEPT_CHUNKS = 8;

/**
 * The buffers through which files are read for clients. They are used again and again: what is left to the
 * garbage collector would be there long after its use, in amounts that grow with the file.
 *
 * A buffer is in use as long as a socket has not taken all of it, which is for the client to decide. So
 * nobody ever waits for one: when the shared chunks are all in use, a reader gets a quarter of that size for
 * itself, and beyond `maxQuarters` of those a sixteenth. That is what a stalled client costs at the most.
 */
export class ChunkPool {
  readonly chunkBytes: number;
  readonly #maxChunks: number;
  readonly #maxQuarters: number;
  /** Oldest first. */
  readonly #resting = new Set<Resting>();
  #freeChunks: Buffer[] = [];
  #freeQuarters: Buffer[] = [];
  #freeSixteenths: Buffer[] = [];
  #chunks = 0;
  #quarters = 0;
  #sixteenths = 0;
  #users = 0;

  constructor(settings: ChunkPoolSettings = {}) {
    this.chunkBytes = settings.chunkBytes ?? 256 * 1024;
    this.#maxChunks = settings.maxChunks ?? 32;
    this.#maxQuarters = settings.maxQuarters ?? 64;
  }

  /** All memory that it has, in use or not, in bytes. */
  get sizeBytes(): number {
    return this.chunkBytes * (this.#chunks + this.#quarters / 4 + this.#sixteenths / 16);
  }

  /** Whether chunks may be filled before anybody asks for them: less than half are in use. */
  get isCalm(): boolean {
    const inUse = this.#chunks - this.#freeChunks.length - this.#resting.size;
    return inUse < this.#maxChunks / 2;
  }

  /** A buffer for a chunk; the chunk that has rested longest gives way. Undefined where all are in use. */
  takeChunk(): Buffer | undefined {
    const free = this.#freeChunks.pop();
    if (free !== undefined) return free;
    if (this.#chunks < this.#maxChunks) {
      this.#chunks += 1;
      return Buffer.allocUnsafeSlow(this.chunkBytes);
    }
    const [oldest] = this.#resting;
    if (oldest === undefined) return undefined;
    this.#resting.delete(oldest);
    return oldest.evict();
  }

  /** A smaller buffer, for one reader. There is always one. */
  takeSmall(): Buffer {
    const free = this.#freeQuarters.pop();
    if (free !== undefined) return free;
    if (this.#quarters < this.#maxQuarters) {
      this.#quarters += 1;
      return Buffer.allocUnsafeSlow(this.chunkBytes / 4);
    }
    const sixteenth = this.#freeSixteenths.pop();
    if (sixteenth !== undefined) return sixteenth;
    this.#sixteenths += 1;
    return Buffer.allocUnsafeSlow(this.chunkBytes / 16);
  }

  /** Takes back what `takeChunk` or `takeSmall` gave. */
  giveBack(buffer: Buffer): void {
    if (buffer.length === this.chunkBytes) this.#freeChunks.push(buffer);
    else if (buffer.length === this.chunkBytes / 4) this.#freeQuarters.push(buffer);
    else this.#freeSixteenths.push(buffer);
  }

  /** The chunk is there for whoever comes next, until its buffer is needed. */
  rest(chunk: Resting): void {
    this.#resting.add(chunk);
  }

  /** The chunk is used again, or is gone. */
  wake(chunk: Resting): void {
    this.#resting.delete(chunk);
  }

  /** A reader begins to use the pool: before it has a buffer, so that one in between two is not taken for gone. */
  begin(): void {
    this.#users += 1;
  }

  /** A reader has given back what it had. Memory of a rush goes with the last of them. */
  end(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    const surplus = this.#freeChunks.splice(KEPT_CHUNKS);
    this.#chunks -= surplus.length;
    this.#quarters -= this.#freeQuarters.length;
    this.#sixteenths -= this.#freeSixteenths.length;
    this.#freeQuarters = [];
    this.#freeSixteenths = [];
  }
}

/** The pool of this process. */
export const processChunks: ChunkPool = new ChunkPool();
