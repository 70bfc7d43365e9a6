/**
 * A process of its own that writes into a copy until it is killed or told to stop; store-crash.test.ts
 * and store-full.test.ts start it. Arguments: what to do, the cache folder, a seed, and the number of the
 * writer among those of the folder.
 */
import { writeSync } from 'node:fs';
import { argv, stdout } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, RondoError } from '../../src/errors/rondo-error.ts';
import { systemClock } from '../../src/kit/clock.ts';
import type { Random } from '../../src/kit/random.ts';
import { parseVersionKey } from '../../src/gomod/parse-store-key.ts';
import { keepVersionFile } from '../../src/proxy/keep-version-file.ts';
import { type DiskStore, diskStoreFolders, openDiskStore } from '../../src/store/disk-store.ts';
import { createSpool } from '../../src/store/spool.ts';
import type { Store } from '../../src/store/store.ts';
import { errnoOf } from '../../src/store/store-error.ts';
import { removeVersions } from '../../src/upkeep/remove-versions.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { CHANGING, contentFor, HEAD, KEPT, NEW, recordFor, sumOf } from './crash-content.ts';

/** Tells what has happened: at once, so that a kill cannot take it back. */
function tell(line: string): void {
  for (;;) {
    try {
      writeSync(1, `${line}\n`);
      return;
    } catch (error) {
      // Nobody has read for a while, and the pipe is full.
      if (errnoOf(error) !== 'EAGAIN') throw error;
    }
  }
}

/** Keeps, removes and swaps at random and never ends by itself. A full disk is told and borne. */
async function writeForEver(dir: string, seed: number, writer: number): Promise<void> {
  const random = seededRandom(seed);
  // What one process evicts while another keeps it is no matter of crashes.
  const changing = CHANGING.filter((_, index) => index % 2 === writer);
  const fresh = NEW[Math.floor(random() * NEW.length)] ?? '';
  tell('ready');
  const store = await borne(() => openDiskStore({ dir, ...quiet }), true);
  const held = new Set<string>();
  for (let count = 0; ; count += 1) {
    const stems = count % 3 === 0 ? [fresh] : count % 3 === 1 ? changing : KEPT;
    const stem = stems[Math.floor(random() * stems.length)] ?? '';
    await borne(() => act(store, stem, held, random));
    if (random() < 0.3) await borne(() => swap(store));
  }
}

const quiet = { memoryBytes: 0, clock: systemClock, emit: () => undefined };

async function act(store: DiskStore, stem: string, held: Set<string>, random: Random): Promise<void> {
  if (CHANGING.includes(stem) && held.delete(stem)) return remove(store, stem);
  held.add(stem);
  await keep(store, stem, random);
}

/** As a flight keeps a version, its files in any order. */
async function keep(store: DiskStore, stem: string, random: Random): Promise<void> {
  const telling: Store = {
    ...store,
    async put(key, source) {
      const file = await store.put(key, source);
      tell(`put ${key}`);
      return file;
    },
  };
  const kinds = random() < 0.5 ? ['info', 'mod', 'zip'] : ['zip', 'info', 'mod'];
  for (const kind of kinds) await keepFile(telling, `${stem}.${kind}`, random() < 0.5);
}

async function keepFile(store: Store, key: string, throughSpool: boolean): Promise<void> {
  const file = parseVersionKey(key);
  if (file === undefined || file.kind === 'ziphash') throw new Error(`${key} is no file of a version`);
  const bytes = contentFor(key);
  const spillBytes = throughSpool ? 0 : bytes.length;
  const spool = createSpool({ dir: diskStoreFolders(argv[3] ?? '').spool, spillBytes });
  const right = { kind: 'right', verified: 'database', h1: `h1:${sumOf(key)}` } as const;
  // Its records are larger than those of a flight, so that they need more than one write.
  const trusted = {
    async prove() {
      await store.putRecord(`files/${key}`, recordFor(key));
      tell(`record ${key}`);
    },
  };
  try {
    for (let at = 0; at < bytes.length; at += 50_000) await spool.append(bytes.subarray(at, at + 50_000));
    await keepVersionFile({ ...file, kind: file.kind }, spool.source(), { right, mirror: 'a' }, trusted, {
      store,
      clock: systemClock,
    });
  } finally {
    await spool.discard();
  }
}

/** As `rondo cache rm` does. */
async function remove(store: DiskStore, stem: string): Promise<void> {
  const [module = '', version = ''] = stem.split('/@v/');
  await removeVersions([{ module, version }], { store, signal: new AbortController().signal });
}

/** Counts to `times` more than the record says, by swaps that others may come before. */
async function count(dir: string, times: number): Promise<void> {
  const store = await openDiskStore({ dir, ...quiet });
  for (let done = 0; done < times;) {
    const head = (await store.getRecord(HEAD)) as { n: number } | undefined;
    if (await store.swapRecord(HEAD, head, { n: (head?.n ?? 0) + 1 })) done += 1;
  }
  await store.close();
}

async function swap(store: DiskStore): Promise<void> {
  const head = (await store.getRecord(HEAD)) as { n: number } | undefined;
  const next = (head?.n ?? 0) + 1;
  if (await store.swapRecord(HEAD, head, { n: next })) tell(`head ${next}`);
}

async function borne<T>(task: () => Promise<T>, again: true): Promise<T>;
async function borne(task: () => Promise<void>): Promise<void>;
/** What a full disk may refuse. Everything else ends this process, and with it the test. */
async function borne<T>(task: () => Promise<T>, again = false): Promise<T | undefined> {
  for (;;) {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof RondoError) || !/disk is full/.test(error.message)) throw error;
      tell('full');
      if (!again) return undefined;
      await sleep(5);
    }
  }
}

/** Keeps everything once, but for most of the many new modules, and ends. */
async function writeAll(dir: string): Promise<void> {
  const store = await openDiskStore({ dir, ...quiet });
  for (const stem of [...KEPT, ...CHANGING, ...NEW.slice(0, 4)]) await keep(store, stem, seededRandom(1));
  await swap(store);
  await store.close();
}

/** Meets a limit of file size, which stands for a full disk, and tells what happened as JSON. */
async function meetLimit(dir: string): Promise<void> {
  const notices: string[] = [];
  const store = await openDiskStore({
    dir,
    memoryBytes: 0,
    clock: systemClock,
    emit: (event) => {
      if (event.type === 'notice') notices.push(event.message);
    },
  });
  const small = Buffer.from('module example.com/m\n');
  const large = Buffer.alloc(1024 * 1024, 7);
  await store.put('example.com/m/@v/v1.0.0.mod', { bytes: small });
  const stored = await store.put('example.com/m/@v/v1.0.0.zip', { bytes: large }).then(
    () => 'stored',
    (error: unknown) => (error instanceof RondoError ? error.code : messageOf(error)),
  );
  const spool = createSpool({ dir: diskStoreFolders(dir).spool, spillBytes: 1000 });
  for (let done = 0; done < large.length; done += 10_000)
    await spool.append(large.subarray(done, done + 10_000));
  const candidate = spool.candidate();
  const kept = await store.get('example.com/m/@v/v1.0.0.mod');
  const report = {
    put: stored,
    zipVisible: (await store.get('example.com/m/@v/v1.0.0.zip')) !== undefined,
    modReadable: kept?.bytes?.equals(small) === true,
    spoolWhole: 'bytes' in candidate && candidate.bytes.equals(large),
    diskFailed: spool.diskFailed,
    notices,
  };
  await spool.discard();
  await store.close();
  stdout.write(JSON.stringify(report));
}

const [, , task, dir = '', seed = '0', writer = '0'] = argv;
if (task === 'write-for-ever') await writeForEver(dir, Number(seed), Number(writer));
else if (task === 'write-all') await writeAll(dir);
else if (task === 'count') await count(dir, Number(seed));
else if (task === 'meet-limit') await meetLimit(dir);
