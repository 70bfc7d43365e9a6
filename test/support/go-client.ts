import { joinSubtrees, recordHash, storedHashIndex, subtreeIndexes } from '../../src/gomod/log-hashes.ts';
import { hashTilePath, TILE_HEIGHT } from '../../src/gomod/hash-tile.ts';
import { checkTiles, planTiles, plannedHashes } from '../../src/gomod/tile-proof.ts';
import { parseTreeHead, type TreeHead } from '../../src/gomod/tree-head.ts';

/** Answers for a path below the database, `/lookup/…` or `/tile/…`; undefined where it has none. */
export type AskDatabase = (path: string) => Promise<Buffer | undefined>;

/**
 * A checksum-database client that does what go's does (sumdb.Client), with a memory of the newest tree and no
 * other: it tells whether somebody who is asked has all that a go needs. For thousands of questions; that the
 * real go agrees is tested with the real go.
 */
export class GoClient {
  latest: TreeHead | undefined;
  readonly #ask: AskDatabase;

  constructor(ask: AskDatabase, latest?: TreeHead) {
    this.#ask = ask;
    this.latest = latest;
  }

  /** `verified`, or what was wrong. */
  async lookup(module: string, version: string): Promise<string> {
    const body = await this.#ask(`/lookup/${module}@${version}`);
    if (body === undefined) return 'no record';
    const text = body.toString('utf8');
    const end = text.indexOf('\n\n') + 2;
    const [id = '', ...lines] = text.slice(0, end - 2).split('\n');
    const head = parseTreeHead(text.slice(end));
    const merged = await this.#merge(head);
    if (merged !== undefined) return merged;
    const latest = this.latest ?? head;
    const hashes = await this.#prove(latest, [storedHashIndex(0, Number(id))]);
    if (typeof hashes === 'string') return hashes;
    const record = lines.map((line) => `${line}\n`).join('');
    return hashes[0]?.equals(recordHash(record)) === true ? 'verified' : 'another record';
  }

  async #merge(head: TreeHead): Promise<string | undefined> {
    const { latest } = this;
    if (latest === undefined) {
      this.latest = head;
      return undefined;
    }
    const [older, newer] = latest.size <= head.size ? [latest, head] : [head, latest];
    const hashes = await this.#prove(newer, subtreeIndexes(0, older.size));
    if (typeof hashes === 'string') return hashes;
    if (!joinSubtrees(hashes).equals(older.hash)) return 'a fork';
    this.latest = newer;
    return undefined;
  }

  async #prove(head: TreeHead, indexes: readonly number[]): Promise<readonly Buffer[] | string> {
    const plan = planTiles(head, indexes, TILE_HEIGHT);
    if (plan === undefined) return 'beyond the tree';
    const tiles: Buffer[] = [];
    for (const tile of plan.tiles) {
      const path = hashTilePath(tile);
      const bytes = (await this.#ask(`/${path}`)) ?? (await this.#ask(`/${path.replace(/\.p\/.*/, '')}`));
      if (bytes === undefined) return `no ${path}`;
      tiles.push(bytes.subarray(0, tile.width * 32));
    }
    const check = checkTiles(
      plan,
      tiles.map((bytes) => [bytes]),
    );
    return check.kind === 'proven' ? plannedHashes(plan, tiles) : 'wrong tiles';
  }
}
