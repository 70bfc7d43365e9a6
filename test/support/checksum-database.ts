import { spoilAnswer, type DatabaseLie } from './database-lies.ts';
import { escapeName, type FixtureModule } from './fixture-modules.ts';
import { noteSigner, type NoteSigner } from './signed-note.ts';
import { parseTilePath, TransparencyLog } from './transparency-log.ts';

/** What the database says to one request. */
export type DatabaseAnswer = { readonly status: number; readonly body: Buffer; readonly type: string };

/** Everything that a second process needs to answer as the same database, byte for byte. */
export type ChecksumDatabaseSnapshot = {
  readonly name: string;
  readonly seed: string;
  /** In the order of the log. */
  readonly records: readonly { readonly key: string; readonly text: string }[];
  readonly absent: readonly { readonly key: string; readonly status: 404 | 410 }[];
  readonly down: boolean;
  readonly lies: readonly DatabaseLie[];
};

const TEXT = 'text/plain; charset=UTF-8';

/**
 * A checksum database as sum.golang.org is one: a signed log of go.sum lines, answered as
 * `sumdb.Server` does, with a test key that the real go command takes in GOSUMDB. It can be told to lie.
 */
export class ChecksumDatabase {
  readonly #signer: NoteSigner;
  readonly #seed: string;
  readonly #log = new TransparencyLog();
  /** `<escaped path>@<escaped version>` -> number of its record. */
  readonly #ids = new Map<string, number>();
  readonly #absent = new Map<string, 404 | 410>();
  #down = false;
  #lies: readonly DatabaseLie[] = [];

  /** The same `name` and `seed` always give the same key; another seed is an impostor. */
  constructor(name = 'sum.rondo.test', seed = 'rondo test key') {
    this.#signer = noteSigner(name, seed);
    this.#seed = seed;
  }

  /** A database with the true hashes of all `modules`. */
  static over(modules: readonly FixtureModule[], name?: string): ChecksumDatabase {
    const database = new ChecksumDatabase(name);
    for (const module of modules) database.add(module.path, module.version, module.zipH1, module.modH1);
    return database;
  }

  static restore(snapshot: ChecksumDatabaseSnapshot): ChecksumDatabase {
    const database = new ChecksumDatabase(snapshot.name, snapshot.seed);
    for (const record of snapshot.records) database.#append(record.key, record.text);
    for (const { key, status } of snapshot.absent) database.#absent.set(key, status);
    database.#down = snapshot.down;
    database.#lies = snapshot.lies;
    return database;
  }

  get name(): string {
    return this.#signer.name;
  }

  /** The verifier key, `name+hash+base64`: a value for GOSUMDB that stays on the proxy. */
  get key(): string {
    return this.#signer.verifierKey;
  }

  /** How many records there are. */
  get size(): number {
    return this.#log.size;
  }

  /**
   * Appends a version. A wrong hash here is a record that the log proves all the same. Adding a version
   * again makes lookups answer the newer record.
   */
  add(path: string, version: string, zipH1: string, modH1: string): void {
    this.#append(
      lookupKey(path, version),
      `${path} ${version} ${zipH1}\n${path} ${version}/go.mod ${modH1}\n`,
    );
  }

  /** From now on lookups of the version are answered with `status` and words of its kind, in the log or not. */
  hide(path: string, version: string, status: 404 | 410 = 404): void {
    this.#absent.set(lookupKey(path, version), status);
  }

  /** While down, every request is answered 503. */
  setDown(down: boolean): void {
    this.#down = down;
  }

  /** From now on what each of `lies` is about is answered as it says; without any, truly. */
  lie(...lies: readonly DatabaseLie[]): void {
    this.#lies = lies;
  }

  /** The same database, with the same key and records, that can be told other lies, or grow another way. */
  copy(): ChecksumDatabase {
    return ChecksumDatabase.restore(this.snapshot());
  }

  snapshot(): ChecksumDatabaseSnapshot {
    const keys = new Map([...this.#ids].map(([key, id]) => [id, key]));
    // A version that was added again has an older record without a key, which keeps its place in the log.
    const records = Array.from({ length: this.#log.size }, (_, id) => ({
      key: keys.get(id) ?? '',
      text: String(this.#log.record(id)),
    }));
    const absent = [...this.#absent].map(([key, status]) => ({ key, status }));
    return { name: this.name, seed: this.#seed, records, absent, down: this.#down, lies: this.#lies };
  }

  /** Answers `/supported`, `/latest`, `/lookup/<module>@<version>` and `/tile/…`; anything else is 404. */
  answer(path: string): DatabaseAnswer {
    return this.#lies.reduce((said, lie) => spoilAnswer(said, lie, path, this), this.#truth(path));
  }

  /** The signed tree of the first `size` records, all of them by default. */
  treeHead(size: number = this.size): string {
    return this.#signer.sign(
      `go.sum database tree\n${size}\n${this.#log.rootHash(size).toString('base64')}\n`,
    );
  }

  #truth(path: string): DatabaseAnswer {
    if (this.#down) return text(503, 'checksum database is down\n');
    if (path === '/supported') return text(200, '');
    if (path === '/latest') return text(200, this.treeHead());
    if (path.startsWith('/lookup/')) return this.#lookup(path.slice('/lookup/'.length));
    if (path.startsWith('/tile/')) return this.#tile(path.slice(1));
    return text(404, '404 page not found\n');
  }

  #lookup(key: string): DatabaseAnswer {
    if (!/^[^@]+@v\d+\.\d+\.\d+(-[^@]*)?(\+incompatible)?$/.test(key)) {
      return text(400, 'invalid module@version syntax\n');
    }
    const absent = this.#absent.get(key);
    const id = this.#ids.get(key);
    const name = key.replaceAll(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (absent === 410) return text(410, `gone: ${name}: removed\n`);
    const record = id === undefined ? undefined : this.#log.record(id);
    if (absent === 404 || record === undefined)
      return text(404, `not found: ${name}: invalid version: unknown revision\n`);
    return text(200, `${id}\n${record.toString()}\n${this.treeHead()}`);
  }

  #tile(path: string): DatabaseAnswer {
    const tile = parseTilePath(path);
    if (tile === undefined) return text(400, 'invalid tile syntax\n');
    const body = this.#log.tile(tile);
    if (body === undefined) return text(404, `not found: ${path} is beyond the log\n`);
    return { status: 200, body, type: tile.level === 'data' ? TEXT : 'application/octet-stream' };
  }

  #append(key: string, record: string): void {
    this.#ids.set(key, this.#log.append(Buffer.from(record)));
  }
}

function lookupKey(path: string, version: string): string {
  return `${escapeName(path)}@${escapeName(version)}`;
}

function text(status: number, body: string): DatabaseAnswer {
  return { status, body: Buffer.from(body), type: TEXT };
}
