import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { joinSubtrees, subtreeIndexes } from '../gomod/log-hashes.ts';
import { openNote } from '../gomod/signed-note.ts';
import { parseTreeHead, type TreeHead } from '../gomod/tree-head.ts';
import type { VerifierKey } from '../gomod/verifier-key.ts';
import type { DatabaseOps, Reach } from './database-ops.ts';
import { forkEvidence } from './fork-evidence.ts';
import type { TileProver } from './prove-tiles.ts';
import { say } from '../words/text.ts';

/** A tree with the note in which the database has signed it: no signature but its own stands there. */
export type SignedHead = { readonly head: TreeHead; readonly note: string };

/** The newest tree that is known, and whether all that were seen are of one timeline. */
export type TreeHeads = {
  /** The newest tree; `undefined` where none has been seen, by this process or before it. */
  current(): Promise<SignedHead | undefined>;
  /**
   * Makes sure that `signed` and the newest tree are of one timeline: whichever is larger begins with all
   * records of the other, and is the newest from now on (sumdb.Client.mergeLatest).
   * @throws RondoError E_CHECKSUM_FORK where they contradict each other, and whatever a proof may.
   */
  merge(signed: SignedHead, reach: Reach): Promise<void>;
  /** @throws RondoError E_CHECKSUM_FORK once a contradiction was seen, in this process or another. */
  assertServed(): Promise<void>;
};

/** What reading a note as a tree of the database found. */
export type OpenedHead =
  | { readonly kind: 'signed'; readonly signed: SignedHead }
  | { readonly kind: 'not-signed'; readonly why: string };

type Waiting = {
  readonly signed: SignedHead;
  readonly reach: Reach;
  readonly done: PromiseWithResolvers<void>;
};

/** Another process may write between each two of our looks; as often as this is nobody that slow. */
const MAX_SWAPS = 20;

/** Reads `note` as a tree that `key` has signed. From a mirror: hostile. */
export function openHead(note: string, key: VerifierKey): OpenedHead {
  const opened = openNote(Buffer.from(note), [key]);
  switch (opened.kind) {
    case 'malformed':
      return { kind: 'not-signed', why: 'its signed tree is malformed' };
    case 'unknown-signer':
      return { kind: 'not-signed', why: `its tree is not signed by ${key.name}'s key` };
    case 'wrong-signature':
      return { kind: 'not-signed', why: `its tree bears a wrong signature of ${key.name}` };
    case 'signed':
      try {
        const { text, message } = opened.note;
        return { kind: 'signed', signed: { head: parseTreeHead(text), note: message } };
      } catch (error) {
        return { kind: 'not-signed', why: messageOf(error) };
      }
  }
}

/** What the timeline stands on. */
export type TreeHeadsParts = {
  readonly ops: DatabaseOps;
  readonly prover: TileProver;
  /** The tree that the copy is sealed in. */
  readonly readSealed: () => Promise<SignedHead | undefined>;
};

/** What keeps bytes from being a signed tree at all, for instance that they were cut short; by whom it is signed is another question. */
export function flawOfTree(bytes: Buffer): string | undefined {
  if (!bytes.toString('latin1').startsWith('go.sum database tree\n')) return 'not a signed tree';
  return openNote(bytes, []).kind === 'malformed' ? 'its signed tree is malformed' : undefined;
}

/** The trees that `key` signs. */
export function createTreeHeads(key: VerifierKey, parts: TreeHeadsParts): TreeHeads {
  return new Timeline(key, parts);
}

/** One merge at a time, the largest tree first: then most others are parts of it. */
class Timeline implements TreeHeads {
  readonly #key: VerifierKey;
  readonly #ops: DatabaseOps;
  readonly #prover: TileProver;
  readonly #readSealed: TreeHeadsParts['readSealed'];
  readonly #waiting: Waiting[] = [];
  #latest: SignedHead | undefined;
  #loaded: Promise<void> | undefined;
  /** The evidence, once there is any. */
  #fork: string | undefined;
  #running = false;

  constructor(key: VerifierKey, { ops, prover, readSealed }: TreeHeadsParts) {
    this.#key = key;
    this.#ops = ops;
    this.#prover = prover;
    this.#readSealed = readSealed;
  }

  async current(): Promise<SignedHead | undefined> {
    await this.#load();
    return this.#latest;
  }

  async assertServed(): Promise<void> {
    await this.#load();
    if (this.#fork === undefined) await this.#lookForFork();
    if (this.#fork !== undefined) throw forkError(this.#key.name);
  }

  async merge(signed: SignedHead, reach: Reach): Promise<void> {
    const latest = this.#latest;
    if (this.#fork === undefined && latest !== undefined && isSame(latest, signed)) return;
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ signed, reach, done });
    if (!this.#running) void this.#run();
    await done.promise;
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (;;) {
      const next = this.#waiting.sort((a, b) => a.signed.head.size - b.signed.head.size).pop();
      if (next === undefined) break;
      await this.#mergeOne(next).then(next.done.resolve, next.done.reject);
    }
    this.#running = false;
  }

  async #mergeOne({ signed, reach }: Waiting): Promise<void> {
    await this.assertServed();
    const before = this.#latest;
    await this.#join(signed, reach);
    if (this.#latest === before) return;
    await this.#store(reach).catch((error: unknown) => {
      if (this.#fork !== undefined) throw error;
      this.#ops.log(`the newest tree of ${this.#key.name} is not kept: ${messageOf(error)}`);
    });
  }

  async #join(signed: SignedHead, reach: Reach): Promise<void> {
    const latest = this.#latest;
    if (latest === undefined) {
      // Any tree begins with no records: its signature is all that can be asked for (sumdb.Client does the same).
      this.#latest = signed;
      return;
    }
    if (isSame(latest, signed)) return;
    const [older, newer] = latest.head.size <= signed.head.size ? [latest, signed] : [signed, latest];
    const indexes = subtreeIndexes(0, older.head.size);
    const believed = newer === latest ? 'believed' : undefined;
    // Two trees of one size that differ need no proof.
    const proof =
      older.head.size === newer.head.size
        ? undefined
        : await this.#prover.prove(newer.head, indexes, reach, believed);
    if (proof === undefined || !joinSubtrees(proof.hashes).equals(older.head.hash)) {
      this.#fork = forkEvidence(older, newer, proof);
      throw await caught(this.#key.name, this.#fork, this.#ops);
    }
    void proof.keep();
    this.#latest = newer;
  }

  async #store(reach: Reach): Promise<void> {
    for (let swaps = 0; swaps < MAX_SWAPS; swaps += 1) {
      const stored = await this.#ops.readConfig('latest');
      if (stored === this.#latest?.note) return;
      const opened = openHead(stored, this.#key);
      // Another process has seen others.
      if (opened.kind === 'signed') await this.#join(opened.signed, reach);
      const latest = this.#latest;
      if (latest === undefined || stored === latest.note) return;
      if (await this.#ops.writeConfig('latest', stored, latest.note)) return;
    }
  }

  #load(): Promise<void> {
    this.#loaded ??= this.#read().catch((error: unknown) => {
      this.#loaded = undefined;
      throw error;
    });
    return this.#loaded;
  }

  /** Another process on this copy may have caught it: then this one's people hear of it too. What cannot be read tells nothing. */
  async #lookForFork(): Promise<void> {
    const fork = await this.#ops.readConfig('fork').catch(() => '');
    if (fork === '' || this.#fork !== undefined) return;
    this.#fork = fork;
    this.#ops.securityError({ kind: 'fork', message: forkError(this.#key.name).message, evidence: fork });
  }

  async #read(): Promise<void> {
    const [fork, stored, sealed] = await Promise.all([
      this.#ops.readConfig('fork'),
      this.#ops.readConfig('latest'),
      this.#readSealed(),
    ]);
    if (fork !== '') this.#fork = fork;
    const opened = stored === '' ? undefined : openHead(stored, this.#key);
    if (opened?.kind === 'signed') this.#latest = opened.signed;
    if (opened?.kind === 'not-signed') {
      this.#ops.log(`the tree of ${this.#key.name} that was kept is not used: ${opened.why}`);
    }
    if (sealed !== undefined && this.#fork === undefined) await this.#joinSealed(sealed);
  }

  /** If the newest tree was lost, or is an older one again, the sealed one is as good. */
  async #joinSealed(sealed: SignedHead): Promise<void> {
    const { size } = sealed.head;
    const latest = this.#latest;
    if (latest === undefined || latest.head.size < size) this.#latest = sealed;
    // A larger one is held against it when the seal moves there: that takes tiles.
    if (latest?.head.size === size) await this.#join(sealed, { local: true, via: undefined });
  }
}

function isSame(one: SignedHead, other: SignedHead): boolean {
  return one.head.size === other.head.size && one.head.hash.equals(other.head.hash);
}

async function caught(db: string, evidence: string, ops: DatabaseOps): Promise<RondoError> {
  const error = forkError(db);
  ops.securityError({ kind: 'fork', message: error.message, evidence });
  try {
    await ops.writeConfig('fork', '', evidence);
  } catch (failed) {
    ops.log(`the evidence against ${db} is not kept: ${messageOf(failed)}`);
  }
  return error;
}

function forkError(db: string): RondoError {
  return new RondoError(
    'E_CHECKSUM_FORK',
    say('SECURITY ERROR: {db} has signed two trees that contradict each other; it is not used any more', {
      db,
    }),
    {
      hint: say(
        'tell those who run it; both notes: rondo/records/databases/{db}/@fork.json in the cache folder; to trust it again, delete that file',
        { db },
      ),
    },
  );
}
