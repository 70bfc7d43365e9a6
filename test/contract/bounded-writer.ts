/**
 * A process of its own that puts and reads files of a copy within a budget, round by round, until it is killed
 * or has done its rounds; store-bounds.test.ts starts it. Arguments: the cache folder, the budget in bytes, a seed,
 * when time began, and how many rounds. Its time passes 100 times as fast as ours, so that files are old after a
 * tenth of a second.
 */
import { argv, stdout } from 'node:process';
import { buffer } from 'node:stream/consumers';
import { RondoError } from '../../src/errors/rondo-error.ts';
import { sleep, systemClock, type Clock } from '../../src/kit/clock.ts';
import { openDiskStore, type DiskStore } from '../../src/store/disk-store.ts';
import { provenanceName } from '../../src/store/provenance.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { contentFor } from './bounded-content.ts';

const FASTER = 100;
/** Half of what makes a file old. */
const ROUND_MS = 5000;
const KEYS = 60;

/** The clock of such a process. */
export function fastClock(beganMs: number): Clock {
  return {
    now: () => systemClock.now() * FASTER,
    wallMs: () => beganMs + (systemClock.wallMs() - beganMs) * FASTER,
    after: (delayMs, fn, options) => systemClock.after(delayMs / FASTER, fn, options),
  };
}

const keyOf = (n: number): string => `example.com/m${n}/@v/v1.0.0.zip`;

async function put(store: DiskStore, clock: Clock, key: string): Promise<'put' | 'refused'> {
  try {
    const { etag } = await store.put(key, { bytes: contentFor(key) });
    const record = { verified: 'database', h1: 'h1:x', mirror: 'a', written: true, at: clock.wallMs(), etag };
    await store.putRecord(provenanceName(key), record);
    return 'put';
  } catch (error) {
    if (error instanceof RondoError && error.kind === 'storage') return 'refused';
    throw error;
  }
}

/** What is there is whole; between finding and reading it may be given up. */
async function read(store: DiskStore, key: string): Promise<'hit' | 'miss'> {
  const file = await store.get(key);
  if (file === undefined) return 'miss';
  try {
    const content = await buffer(file.open());
    if (!content.equals(contentFor(key))) throw new Error(`${key} is not whole`);
    return 'hit';
  } catch (error) {
    if (error instanceof RondoError && error.kind === 'storage') return 'miss';
    throw error;
  }
}

async function work(
  dir: string,
  maxBytes: number,
  seed: number,
  beganMs: number,
  rounds: number,
): Promise<void> {
  const random = seededRandom(seed);
  const clock = fastClock(beganMs);
  const store = await openDiskStore({
    dir,
    memoryBytes: 0,
    budget: { maxBytes },
    clock,
    emit: () => undefined,
  });
  const counts = { put: 0, refused: 0, hit: 0, miss: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const key = keyOf(Math.floor(random() * KEYS));
    store.index.touch(key, clock.wallMs());
    counts[await read(store, key)] += 1;
    counts[await put(store, clock, keyOf(Math.floor(random() * KEYS)))] += 1;
    if (round === 0) stdout.write('ready\n');
    // Files grow old at the pace of the rounds, however fast the machine: what is young may not be given up.
    await sleep(clock, ROUND_MS);
  }
  await store.close();
  stdout.write(`${JSON.stringify(counts)}\n`);
}

if (import.meta.main) {
  const [, , dir = '', ...numbers] = argv;
  const [maxBytes = 0, seed = 0, beganMs = 0, rounds = 0] = numbers.map(Number);
  await work(dir, maxBytes, seed, beganMs, rounds);
}
