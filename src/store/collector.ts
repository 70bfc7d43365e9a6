import { RondoError } from '../errors/rondo-error.ts';
import type { Emit } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import { runAtOnce } from '../kit/at-once.ts';
import { createInTurn } from '../kit/in-turn.ts';
import { nextRound } from '../kit/next-round.ts';
import { formatSize } from '../kit/size.ts';
import type { IndexKeeper } from './copy-index.ts';
import type { Eviction } from './evict-file.ts';
import type { FolderLock } from './folder-lock.ts';
import type { Candidate, CandidateQuery, KnownFile } from './index-database.ts';
import { type Keeping, weightOf } from './index-row.ts';
import type { StoreKey } from './store.ts';
import { errnoOf } from './store-error.ts';

/** How small the copy is to become; what is absent does not count. */
export type CollectGoal = {
  /** Which of its bounds is meant. Default: the files of versions. */
  readonly keeping?: Keeping;
  /** What Rondo wrote has at most so many bytes, by weightOf. */
  readonly maxBytes?: number;
  /** The disk has at least so many bytes free. */
  readonly minFreeBytes?: number;
};

/** What was given up, and why not more. */
export type Collected = {
  readonly files: number;
  readonly bytes: number;
  /** So many were looked at and not given up: they had to stay, or were another's or gone already. */
  readonly stayed: number;
  /**
   * `enough`: the goal is reached. `nothing-left`: no more may be given up, or can be. `no-index`: it is not
   * known what there is. `busy`: another process holds the lock. `stopped`: the store closes.
   */
  readonly why: 'enough' | 'nothing-left' | 'no-index' | 'busy' | 'stopped';
};

/** What collecting needs. */
export type CollectorSettings = {
  readonly index: Pick<IndexKeeper, 'use' | 'flush' | 'mend' | 'putBytes' | 'lastTouchMs'>;
  readonly lock: FolderLock;
  /** Removes that file with all that belongs to it. Rejects where that is not possible. */
  readonly evict: (file: KnownFile) => Promise<Eviction>;
  /** Files that must stay: pinned, being read. */
  readonly isSpared: (key: StoreKey) => boolean;
  /** Free bytes of the copy's disk; `undefined` where it does not say. */
  readonly freeBytes: () => Promise<number | undefined>;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly signal: AbortSignal;
};

/**
 * Whoever has just been told of a file may not have opened it yet. This holds for what this process knows: others write
 * down their requests after 30 s (index-writer.ts), and who then finds a file gone asks again.
 */
export const RECENT_MS = 10_000;
/** So many under one lock, which others need for moments only. */
const SLICE = 32;
/** So many at the same time: each is some calls of the file system, which take turns with everything else. */
const AT_ONCE = 8;

/** Gives up files. */
export type Collector = {
  /** Gives up whole files that Rondo wrote until the goal is reached, those first that nobody has asked for longest. */
  readonly collect: (goal: CollectGoal) => Promise<Collected>;
  /** Resolves when nothing is being given up. */
  readonly idle: () => Promise<void>;
};

/** Where to go on. */
type Place = { readonly lastRequestS: number; readonly key: StoreKey };

/** What came of a few files; `last` is where to go on, absent at the end. */
type Slice = Pick<Collected, 'files' | 'bytes' | 'stayed'> & {
  /** The disk cannot be written: no other file will do better. */
  readonly isReadOnly: boolean;
  readonly last?: Place;
};

/**
 * A collector. One process at a time gives up files, a few at a time, and each time looks anew at what is left
 * to do.
 */
export function createCollector(settings: CollectorSettings): Collector {
  const { index, lock, emit, signal } = settings;
  const turns = createInTurn();

  const collect: Collector['collect'] = async (goal) => {
    let files = 0;
    let bytes = 0;
    let stayed = 0;
    let after: Place = { lastRequestS: -1, key: '' };
    const end = (why: Collected['why']): Collected => {
      if (files > 0) {
        const what = goal.keeping ?? 'files';
        const message = `gave up ${files} ${what} of the copy (${formatSize(bytes)}), the longest unused first`;
        emit({ type: 'notice', level: 'debug', message });
      }
      return { files, bytes, stayed, why };
    };
    await index.flush();
    for (;;) {
      if (signal.aborted) return end('stopped');
      const shortage = await shortageBytes(goal, settings);
      if (shortage === undefined) return end('no-index');
      if (shortage <= 0) return end('enough');
      const slice = await lock.run(() => evictSome(shortage, after, goal, settings)).catch(whyNoLock);
      if (slice === undefined) return end('no-index');
      if (typeof slice === 'string') return end(slice);
      files += slice.files;
      bytes += slice.bytes;
      stayed += slice.stayed;
      if (slice.files > 0 && isOfVersions(goal))
        emit({ type: 'eviction', files: slice.files, bytes: slice.bytes });
      // One that may not be removed says nothing of the next: in a copy that several users share each owns folders.
      if (slice.last === undefined || slice.isReadOnly) return end('nothing-left');
      after = slice.last;
      await nextRound();
    }
  };
  return { collect: (goal) => turns.run('', () => collect(goal)), idle: () => turns.idle() };
}

/** How many bytes have to go for that; 0 or less: none. Undefined where the index does not work. */
export async function shortageBytes(
  { keeping = 'files', maxBytes, minFreeBytes }: CollectGoal,
  { index, freeBytes }: Pick<CollectorSettings, 'index' | 'freeBytes'>,
): Promise<number | undefined> {
  const held = await index.use((database) => database.amount(keeping));
  if (held === undefined) return undefined;
  const over = maxBytes === undefined ? 0 : weightOf(keeping, held) + index.putBytes(keeping) - maxBytes;
  const free = minFreeBytes === undefined ? undefined : await freeBytes();
  return Math.max(over, free === undefined ? 0 : (minFreeBytes ?? 0) - free);
}

/**
 * Where to look for what may go for a goal. Answers and records that have just come may go as well: nobody is promised
 * them, and what came last goes last.
 */
export function candidatesFor(
  { keeping = 'files' }: CollectGoal,
  clock: Pick<Clock, 'wallMs'>,
): Pick<CandidateQuery, 'keeping' | 'recentS' | 'nowS'> {
  const nowS = Math.floor(clock.wallMs() / 1000);
  return { keeping, nowS, recentS: keeping === 'files' ? nowS - RECENT_MS / 1000 : nowS + 1 };
}

function isOfVersions({ keeping = 'files' }: CollectGoal): boolean {
  return keeping === 'files';
}

/** Under the lock: gives up the next few files. Undefined where the index does not work. */
async function evictSome(
  shortage: number,
  after: Place,
  goal: CollectGoal,
  settings: CollectorSettings,
): Promise<Slice | undefined> {
  const { index, clock } = settings;
  const query = { ...candidatesFor(goal, clock), after, limit: SLICE };
  const candidates = await index.use((database) => database.candidates(query));
  if (candidates === undefined) return undefined;
  const done = await giveUpSome(candidates, shortage, query.keeping, settings);
  const { files, bytes, looked, gone, wrong, isReadOnly } = done;
  if (gone.length > 0) await index.use((database) => (database.gone(gone), true));
  if (wrong.length > 0) await index.mend(wrong);
  const slice = { files, bytes, stayed: looked - files, isReadOnly };
  const last = candidates[looked - 1];
  return last === undefined ? slice : { ...slice, last };
}

/** What came of some candidates, the first `looked` of them. */
type Given = Pick<Slice, 'files' | 'bytes' | 'isReadOnly'> & {
  readonly looked: number;
  /** They are not there any more. */
  readonly gone: readonly KnownFile[];
  /** Another file is there. */
  readonly wrong: readonly StoreKey[];
};

/** Gives up candidates, some at the same time, until so many bytes have gone. */
async function giveUpSome(
  candidates: readonly Candidate[],
  shortage: number,
  keeping: Keeping,
  { index, evict, isSpared }: CollectorSettings,
): Promise<Given> {
  const gone: KnownFile[] = [];
  const wrong: StoreKey[] = [];
  let [files, bytes, underWayBytes, looked, isReadOnly] = [0, 0, 0, 0, false];
  const weigh = ({ sizeBytes }: Candidate): number => weightOf(keeping, { files: 1, bytes: sizeBytes });
  const wanted = function* (): Generator<Candidate> {
    for (const candidate of candidates.slice(looked)) {
      if (bytes + underWayBytes >= shortage || isReadOnly) return;
      looked += 1;
      if (candidate.isNeeded || isSpared(candidate.key)) continue;
      if (index.lastTouchMs(candidate.key) === undefined) yield candidate;
    }
  };
  const giveUp = async (candidate: Candidate): Promise<void> => {
    underWayBytes += weigh(candidate);
    const end = await evict(candidate).catch((error: unknown) => {
      isReadOnly ||= errnoOf(error) === 'EROFS';
      return 'failed' as const;
    });
    underWayBytes -= weigh(candidate);
    if (end === 'evicted') {
      files += 1;
      bytes += weigh(candidate);
    }
    if (end === 'other') wrong.push(candidate.key);
    if (end === 'evicted' || end === 'absent') gone.push(candidate);
  };
  // One is enough to find out that the disk cannot be written; and some may not be removed, so that others have to be.
  let atOnce = 1;
  while (bytes < shortage && !isReadOnly && looked < candidates.length) {
    await runAtOnce(wanted(), atOnce, giveUp);
    atOnce = AT_ONCE;
  }
  return { files, bytes, looked, isReadOnly, gone, wrong };
}

function whyNoLock(error: unknown): 'busy' | 'nothing-left' {
  return error instanceof RondoError ? 'busy' : 'nothing-left';
}
