/**
 * A process of another user, to whom permissions mean something, on a copy that is root's;
 * store-other-user.test.ts starts it as root. Arguments: the cache folder, and a folder that it may not write.
 * It tells what it finds as a line of JSON, waits for a line, and tells what has become of it.
 */
import { once } from 'node:events';
import { join } from 'node:path';
import { argv, stdin, stdout } from 'node:process';
import { buffer } from 'node:stream/consumers';
import { RondoError } from '../../src/errors/rondo-error.ts';
import { openDiskStore, type DiskStore } from '../../src/store/disk-store.ts';
import { render } from '../../src/words/render.ts';
import { fastClock } from './bounded-writer.ts';

/** `nobody`, on most systems. */
export const OTHER_USER = 65_534;

const MOD = 'example.com/m/@v/v1.0.0.mod';
const SECRET = 'secret.example/m/@v/v1.0.0.mod';

async function outcome(task: Promise<unknown>): Promise<string> {
  return task.then(
    () => 'fine',
    (error: unknown) => (error instanceof RondoError ? `${error.code}: ${error.message}` : String(error)),
  );
}

async function contentOf(store: DiskStore, key: string): Promise<string> {
  const file = await store.get(key);
  return file === undefined ? 'absent' : (await buffer(file.open())).toString();
}

async function whyNotWritable(store: DiskStore): Promise<string | undefined> {
  const why = await store.whyNotWritable();
  return why === undefined ? undefined : render(why);
}

async function live(dir: string, forbidden: string): Promise<void> {
  const clock = fastClock(Date.now());
  const told: string[] = [];
  const store = await openDiskStore({
    dir,
    memoryBytes: 0,
    budget: { maxBytes: 1_000_000, minFreeBytes: 1 },
    clock,
    emit: (event) => {
      if (event.type === 'notice' && event.level !== 'debug') told.push(`${event.level}: ${event.message}`);
    },
  });
  const put = (): Promise<unknown> =>
    store.put('example.com/new/@v/v1.0.0.mod', { bytes: Buffer.from('new') });
  const before = {
    mod: await contentOf(store, MOD),
    secret: await outcome(store.get(SECRET)),
    puts: [await outcome(put()), await outcome(put())],
    writable: await whyNotWritable(store),
    elsewhere: await outcome(
      openDiskStore({ dir: join(forbidden, 'new'), memoryBytes: 0, clock, emit: () => undefined }),
    ),
    told: [...told],
  };
  stdout.write(`${JSON.stringify(before)}\n`);
  await once(stdin, 'data');
  // Time passes until a disk that works counts as well again, and until the index is tried again.
  while (!store.isKeeping() || !(await store.index.compare('now'))) await put();
  const after = {
    writable: await whyNotWritable(store),
    keys: (await store.index.list()).map(({ key }) => key),
    told: told.slice(before.told.length),
  };
  await store.close();
  stdin.destroy();
  stdout.write(`${JSON.stringify(after)}\n`);
}

const [, , dir = '', forbidden = ''] = argv;
if (import.meta.main) {
  // After everything is loaded: the other user need not be able to read the checkout.
  process.setgid?.(OTHER_USER);
  process.setuid?.(OTHER_USER);
  await live(dir, forbidden);
}
