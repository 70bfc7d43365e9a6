import { say } from '../words/text.ts';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import { RondoError } from '../errors/rondo-error.ts';
import type { Emit } from '../events/events.ts';
import type { RemoteFile } from '../gomod/module-file.ts';
import { recordName } from '../gomod/store-key.ts';
import type { Clock, Timer } from '../kit/clock.ts';
import type { Store } from '../store/store.ts';
import { tellUnkept } from './tell-unkept.ts';

/**
 * Hard 404s by agreement, remembered only to be replayed when mirrors are down (integrity.md, "Freshness"):
 * go asks parent paths all the time, and a 502 there breaks builds. What mirrors have said is true of them: once others
 * may be asked it is not replayed, and where nobody could be asked there is nothing to remember.
 */
export type NotFoundMemory = {
  /** Remembers what `error` says of `file`, if it is a hard 404 by agreement of mirrors. */
  remember(file: RemoteFile, error: unknown): void;
  /** The error to answer with: during an outage a 404 that the same mirrors gave before, else `error` itself. */
  replay(file: RemoteFile, error: unknown): Promise<unknown>;
  /** Writes down what is new. */
  close(): Promise<void>;
};

/** Clients choose the names: the memory is one bounded record, however many they ask for. */
const MAX_REMEMBERED = 10_000;
const RECORD = 'not-found';
/** A 404 that is older is not replayed: much may have been published since. */
const REPLAY_MAX_MS = 24 * 3_600_000;
const WRITE_AFTER_MS = 10_000;
const MAX_WORDS = 300;

const schema = z.array(
  z.tuple([z.string(), z.object({ words: z.string().max(MAX_WORDS), atMs: z.number() })]),
);

/** A memory that outlives the process: `exec` is a new one each time. */
export function createNotFoundMemory({
  store,
  poolId,
  clock,
  emit,
}: {
  store: Store;
  /** Who may be asked for a file now (mirrors/pool.ts). */
  poolId: (file: RemoteFile) => string | undefined;
  clock: Clock;
  emit: Emit;
}): NotFoundMemory {
  const known = new LRUCache<string, { words: string; atMs: number }>({ max: MAX_REMEMBERED });
  let loaded: Promise<void> | undefined;
  let timer: Timer | undefined;
  let written: Promise<void> = Promise.resolve();

  const load = async (): Promise<void> => {
    const { data = [] } = schema.safeParse(await store.getRecord(RECORD).catch(() => undefined));
    // What was learnt since the start is newer, and the last to be given up.
    const learnt = [...known.entries()].toReversed();
    for (const [name, entry] of [...data, ...learnt]) known.set(name, entry);
  };
  const putAll = async (): Promise<void> => {
    await (loaded ??= load());
    await keep([...known.entries()].toReversed(), store, emit);
  };
  /** One after the other: the later one has more to say. */
  const write = (): void => {
    timer = undefined;
    written = written.then(putAll);
  };

  return {
    remember(file, error) {
      // Those that were asked: the fleet may have become another one since.
      if (!isNotFound(error) || error.saidByPool === undefined) return;
      known.set(nameOf(error.saidByPool, file), {
        words: error.message.slice(0, MAX_WORDS),
        atMs: clock.wallMs(),
      });
      timer ??= clock.after(WRITE_AFTER_MS, write, { background: true });
    },
    async replay(file, error) {
      if (!isOutage(error)) return error;
      const pool = poolId(file);
      if (pool === undefined) return error;
      await (loaded ??= load());
      const entry = known.get(nameOf(pool, file));
      if (entry === undefined || clock.wallMs() - entry.atMs > REPLAY_MAX_MS) return error;
      return new RondoError('E_NOT_FOUND', entry.words, { cause: error });
    },
    async close() {
      timer?.cancel();
      if (timer !== undefined) write();
      await written;
    },
  };
}

async function keep(entries: z.infer<typeof schema>, store: Store, emit: Emit): Promise<void> {
  try {
    await store.putRecord(RECORD, entries);
  } catch (error) {
    tellUnkept(emit, say('404s are not remembered'), error);
  }
}

/** What one set of mirrors has said of a file. */
function nameOf(pool: string, file: RemoteFile): string {
  return `${pool} ${recordName(file)}`;
}

/** A hard 404 by agreement, or since there is no mirror for it. */
export function isNotFound(error: unknown): error is RondoError {
  return error instanceof RondoError && error.code === 'E_NOT_FOUND';
}

/** Mirrors failed, or none may be asked: what is known from before may be answered. */
export function isOutage(error: unknown): boolean {
  return error instanceof RondoError && ['upstream', 'timeout', 'unavailable'].includes(error.kind);
}
