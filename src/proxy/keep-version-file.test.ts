import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixtureModule } from '../../test/support/fixture-modules.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { systemClock } from '../kit/clock.ts';
import { openDiskStore } from '../store/disk-store.ts';
import type { Store } from '../store/store.ts';
import { keepVersionFile } from './keep-version-file.ts';
import { createTrustedFiles } from './trusted-files.ts';

test('a zip is kept before what is written down of it, and its hash comes last', async (t) => {
  const dir = await tempFolder(t, 'keep');
  const disk = await openDiskStore({ dir, memoryBytes: 0, clock: systemClock, emit: () => undefined });
  t.after(() => disk.close());
  const {
    path: module,
    version,
    zip,
    zipH1: h1,
  } = await fixtureModule({ path: 'example.com/m', version: 'v1.0.0' });
  const written: string[] = [];
  const store: Store = {
    ...disk,
    async put(key, source) {
      written.push(key);
      return disk.put(key, source);
    },
    async putRecord(name, value) {
      written.push(name);
      await disk.putRecord(name, value);
    },
  };
  const trusted = createTrustedFiles({ store, emit: () => undefined });
  const right = { kind: 'right', verified: 'database', h1 } as const;
  const file = { kind: 'zip', module, version } as const;
  await keepVersionFile(file, { bytes: zip }, { right, mirror: 'a' }, trusted, { store, clock: systemClock });
  const key = 'example.com/m/@v/v1.0.0.zip';
  assert.deepEqual(written, [key, `files/${key}`, `${key}hash`]);
  assert.equal((await disk.get(`${key}hash`))?.bytes?.toString(), h1);
});
