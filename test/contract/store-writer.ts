/**
 * A process of its own that writes into a copy until it is killed or told to stop; store-crash.test.ts
 * and store-full.test.ts start it. Arguments: what to do, and the cache folder.
 */
import { createHash } from 'node:crypto';
import { argv, stdout } from 'node:process';
import { messageOf, RondoError } from '../../src/errors/rondo-error.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { diskStoreFolders, openDiskStore } from '../../src/store/disk-store.ts';
import { createSpool } from '../../src/store/spool.ts';

/** The only right content of `key`: its size and every byte follow from the key. */
export function contentFor(key: string): Buffer {
  const digest = createHash('sha256').update(key).digest();
  const sizeBytes = 1000 + (digest.readUInt32LE(0) % 600_000);
  return Buffer.alloc(sizeBytes, digest);
}

/** Puts one file after another, alternating between bytes and spools, and never ends by itself. */
async function writeForEver(dir: string): Promise<void> {
  const store = await openDiskStore({ dir, memoryBytes: 0, clock: systemClock, emit: () => undefined });
  for (let count = 0; ; count += 1) {
    // Keys come round again, so that files are replaced too.
    const version = `v1.0.${count % 50}`;
    for (const kind of ['mod', 'zip']) {
      const key = `example.com/m/@v/${version}.${kind}`;
      const content = contentFor(key);
      if (count % 2 === 0) await store.put(key, { bytes: content });
      else {
        const spool = createSpool({ dir: diskStoreFolders(dir).spool, spillBytes: 0 });
        await spool.append(content);
        await store.put(key, spool.source());
        await spool.discard();
      }
      await store.putRecord(key, { key, padding: 'x'.repeat(5000) });
    }
    if (count === 0) stdout.write('ready\n');
  }
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
  const put = await store.put('example.com/m/@v/v1.0.0.zip', { bytes: large }).then(
    () => 'stored',
    (error: unknown) => (error instanceof RondoError ? error.code : messageOf(error)),
  );
  const spool = createSpool({ dir: diskStoreFolders(dir).spool, spillBytes: 1000 });
  for (let done = 0; done < large.length; done += 10_000)
    await spool.append(large.subarray(done, done + 10_000));
  const candidate = spool.candidate();
  const kept = await store.get('example.com/m/@v/v1.0.0.mod');
  const report = {
    put,
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

const [, , task, dir = ''] = argv;
if (task === 'write-for-ever') await writeForEver(dir);
else if (task === 'meet-limit') await meetLimit(dir);
