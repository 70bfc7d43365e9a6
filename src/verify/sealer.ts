import { LRUCache } from 'lru-cache';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { storedHashIndex, subtreeIndexes } from '../gomod/log-hashes.ts';
import type { VerifierKey } from '../gomod/verifier-key.ts';
import type { DatabaseOps, Reach } from './database-ops.ts';
import type { LookupRecord } from './prove-record.ts';
import type { TileProver } from './prove-tiles.ts';
import { addServed, markOpen, readSeal, writeSeal, type SealState } from './seal-state.ts';
import type { SignedHead, TreeHeads } from './tree-heads.ts';
import { say } from '../words/text.ts';

/**
 * Keeps the copy's records provable without anybody to ask (integrity.md, "Checksum database in the copy:
 * sealing"): for one signed tree, T, the copy has T's right edge, the tiles that prove each held record in T, and
 * those that prove every tree that was ever served to be a part of T.
 *
 * T moves on when a record is newer, or a newer tree was served. What is sealed stays so: a tile that is full in T
 * is the same in every later tree, and those that are not are T's own right edge, which is proven in the next T.
 */
export type Sealer = {
  /** The tree that the copy is sealed in. */
  head(): Promise<SignedHead | undefined>;
  /** The tree to answer `record` with: T where that has it, so that clients see few trees. */
  noteFor(record: LookupRecord): Promise<string>;
  /** A record was proven and kept. */
  recordKept(id: number): void;
  /** A client has seen a tree of this size. */
  treeServed(size: number): void;
  /** Whether anything waits to be sealed. */
  isOpen(): boolean;
  /** Another process has left something unsealed: only a walk over the copy finds it. */
  needsWalk(): Promise<boolean>;
  /** A walk over the copy begins: what other processes have left so far, for `walked`. */
  walking(): Promise<WalkStart>;
  /**
   * Seals what was kept and served since, and `records` and `trees` (sizes) besides. What cannot be sealed stays
   * for the next time.
   * @throws RondoError as TileProver.
   */
  seal(
    reach: Reach,
    more?: { readonly records: readonly number[]; readonly trees: readonly number[] },
  ): Promise<void>;
  /** That walk has found and sealed everything. What others have kept since it began waits for the next one. */
  walked(start: WalkStart): Promise<void>;
};

/** The processes that had something open when a walk began. */
export type WalkStart = { readonly open: readonly string[] };

/** Records whose tiles are read together. */
const CHUNK = 64;
const MAX_SWAPS = 20;
const NOTHING = { records: [], trees: [] };
/** Clients ask with the last few trees that they were given. */
const MAX_DONE = 1000;

type SealerParts = { readonly ops: DatabaseOps; readonly heads: TreeHeads; readonly prover: TileProver };

/** A sealer for the process `instance` (any name of its own). */
export function createSealer(key: VerifierKey, instance: string, parts: SealerParts): Sealer {
  return new CopySealer(key, instance, parts);
}

class CopySealer implements Sealer {
  readonly #key: VerifierKey;
  readonly #instance: string;
  readonly #parts: SealerParts;
  /** What waits to be sealed: numbers of records, sizes of trees. */
  readonly #records = new Set<number>();
  readonly #trees = new Set<number>();
  /** Sizes of trees that are sealed for good. */
  readonly #done = new LRUCache<number, true>({ max: MAX_DONE });
  #head: Promise<SignedHead | undefined> | undefined;
  #marked = false;

  constructor(key: VerifierKey, instance: string, parts: SealerParts) {
    this.#key = key;
    this.#instance = instance;
    this.#parts = parts;
  }

  head(): Promise<SignedHead | undefined> {
    this.#head ??= this.#readHead().catch(() => {
      // The next one may be able to read it.
      this.#head = undefined;
      return undefined;
    });
    return this.#head;
  }

  async noteFor({ id, note }: LookupRecord): Promise<string> {
    const sealed = await this.head();
    return sealed !== undefined && id < sealed.head.size ? sealed.note : note;
  }

  recordKept(id: number): void {
    this.#records.add(id);
    this.#mark();
  }

  treeServed(size: number): void {
    if (this.#done.has(size) || this.#trees.has(size)) return;
    this.#trees.add(size);
    this.#mark();
  }

  isOpen(): boolean {
    return this.#records.size > 0 || this.#trees.size > 0;
  }

  async needsWalk(): Promise<boolean> {
    const { open } = await readSeal(this.#key, this.#parts.ops);
    return open.some((each) => each !== this.#instance);
  }

  async seal(reach: Reach, more: Parameters<Sealer['seal']>[1] = NOTHING): Promise<void> {
    const ids = new Set([...this.#records, ...more.records]);
    const sizes = new Set([...this.#trees, ...more.trees]);
    await addServed(sizes, this.#parts.ops);
    for (let swaps = 0; !(await this.#sealOnce(reach, [...ids], [...sizes])); swaps += 1) {
      if (swaps === MAX_SWAPS)
        throw new RondoError('E_STORE', say('the seal of {name} is never at rest', { name: this.#key.name }));
    }
    for (const id of ids) this.#records.delete(id);
    for (const size of sizes) this.#trees.delete(size);
    this.#marked = false;
    if (this.isOpen()) this.#mark();
  }

  async walking(): Promise<WalkStart> {
    const { open } = await readSeal(this.#key, this.#parts.ops);
    return { open };
  }

  async walked(start: WalkStart): Promise<void> {
    const { ops } = this.#parts;
    const state = await readSeal(this.#key, ops);
    const open = state.open.filter((each) => each === this.#instance || !start.open.includes(each));
    await writeSeal(state, { head: state.head, open }, ops);
  }

  /** False where another process has sealed meanwhile. */
  async #sealOnce(reach: Reach, ids: readonly number[], sizes: readonly number[]): Promise<boolean> {
    const { ops, prover, heads } = this.#parts;
    const before = await readSeal(this.#key, ops);
    const target = await targetFor(before, ids, sizes, heads);
    if (target === undefined) return true;
    const { size } = target.head;
    const moved = before.head !== undefined && before.head.head.size < size;
    // One timeline: a copy that is sealed in a tree never goes over to one that contradicts it.
    if (moved) await heads.merge(before.head, reach);
    const trees = moved ? [...sizes, before.head.head.size] : sizes;
    const indexes = [
      ...trees.filter((each) => each <= size).flatMap((each) => subtreeIndexes(0, each)),
      ...ids.filter((id) => id < size).map((id) => storedHashIndex(0, id)),
    ];
    for (let at = 0; at === 0 || at < indexes.length; at += CHUNK) {
      const proof = await prover.prove(target.head, indexes.slice(at, at + CHUNK), reach);
      await proof.hold();
    }
    const open = before.open.filter((each) => each !== this.#instance || this.#hasMore(ids, sizes));
    if (!(await writeSeal(before, { head: target, open }, ops))) return false;
    this.#head = Promise.resolve(target);
    for (const each of [...trees, size]) this.#done.set(each, true);
    return true;
  }

  /** Whether something was kept or served since these were gathered. */
  #hasMore(ids: readonly number[], sizes: readonly number[]): boolean {
    const [sealedIds, sealedSizes] = [new Set(ids), new Set(sizes)];
    return !this.#records.isSubsetOf(sealedIds) || !this.#trees.isSubsetOf(sealedSizes);
  }

  async #readHead(): Promise<SignedHead | undefined> {
    const { head } = await readSeal(this.#key, this.#parts.ops);
    if (head !== undefined) this.#done.set(head.head.size, true);
    return head;
  }

  /** Once for all that is new: if this process ends before it is sealed, the next one walks over the copy. */
  #mark(): void {
    if (this.#marked) return;
    this.#marked = true;
    const { ops } = this.#parts;
    markOpen(this.#instance, this.#key, ops).catch((error: unknown) => {
      ops.log(`that ${this.#key.name} is not sealed was not written down: ${messageOf(error)}`);
    });
  }
}

/** The tree to seal in: the one before if it has everything, or more than the newest; else that. */
async function targetFor(
  { head }: SealState,
  ids: readonly number[],
  sizes: readonly number[],
  heads: TreeHeads,
): Promise<SignedHead | undefined> {
  const needed = Math.max(...ids.map((id) => id + 1), ...sizes, 0);
  if (head !== undefined && head.head.size >= needed) return head;
  const newest = await heads.current();
  return head !== undefined && (newest?.head.size ?? 0) < head.head.size ? head : newest;
}
