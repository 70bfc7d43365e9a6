import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { ChecksumDatabase } from '../../test/support/checksum-database.ts';
import { DB, grow, truth } from '../../test/support/database-world.ts';
import { PROXY_DEFAULTS } from '../../test/support/scripted-proxy.ts';
import { scriptedMirrors } from '../../test/support/scripted-mirrors.ts';
import type { ScriptedUpstream } from '../../test/support/scripted-upstream.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { createSpool } from '../store/spool.ts';
import type { Store } from '../store/store.ts';
import { seal, type SealReport } from './seal.ts';

const DATABASE = grow(new ChecksumDatabase(DB), 300);

const serving: ScriptedUpstream['script'] = ({ path }) => {
  const { status, body } = DATABASE.answer(path.slice(`/sumdb/${DB}`.length));
  return status === 200 ? { do: 'answer', body } : { do: 'other', outcome: OUTCOMES.notFound };
};

async function sealed(
  store: Store,
  clock: VirtualClock,
  dir: string,
  offline: boolean,
): Promise<SealReport[]> {
  const { mirrors } = scriptedMirrors(clock, { a: { script: serving } });
  let reports: SealReport[] | undefined;
  const running = seal({
    store,
    newSpool: () => createSpool({ dir }),
    mirrors,
    itself: new Map(),
    settings: { ...PROXY_DEFAULTS, offline },
    clock,
    emit: () => undefined,
    signal: new AbortController().signal,
  }).then((value) => (reports = value));
  for (let n = 0; n < 200 && reports === undefined; n += 1) await clock.advance(10);
  return running;
}

/** As a GOMODCACHE that was imported has them: records with the trees that they came with, and no tiles. */
async function imported(clock: VirtualClock): Promise<Store> {
  const store = createMemoryStore(clock);
  for (const [n, size] of [
    [5, 120],
    [250, 280],
  ] as const) {
    const bytes = Buffer.from(`${n}\n${truth(n)}\n${DATABASE.treeHead(size)}`);
    await store.put(`sumdb/${DB}/lookup/example.com/m${n}@v1.0.0`, { bytes });
  }
  return store;
}

test('a copy that was imported is sealed: one tree, exact tiles, supported beside them', async (t) => {
  const clock = new VirtualClock();
  const store = await imported(clock);
  const [report, ...more] = await sealed(store, clock, await tempFolder(t), false);
  assert.deepEqual(more, []);
  assert.deepEqual(report, { database: DB, treeSize: 280, sealed: 2, trees: 2, unsealed: [] });
  const keys = await Array.fromAsync(store.keys(`sumdb/${DB}`));
  assert.deepEqual(keys.toSorted(), [
    `sumdb/${DB}/lookup/example.com/m250@v1.0.0`,
    `sumdb/${DB}/lookup/example.com/m5@v1.0.0`,
    `sumdb/${DB}/supported`,
    `sumdb/${DB}/tile/8/0/000`,
    // Of the tree that the older record came with.
    `sumdb/${DB}/tile/8/0/000.p/120`,
    `sumdb/${DB}/tile/8/0/001.p/24`,
    `sumdb/${DB}/tile/8/1/000.p/1`,
  ]);
  for (const n of [5, 250]) {
    const file = await store.get(`sumdb/${DB}/lookup/example.com/m${n}@v1.0.0`);
    assert.equal(file?.bytes?.toString(), `${n}\n${truth(n)}\n${DATABASE.treeHead(280)}`);
  }
  // Sealed once, nobody is needed.
  assert.deepEqual((await sealed(store, clock, await tempFolder(t), true))[0], report);
});

test('without anybody to ask the report says what is missing, and nothing is changed', async (t) => {
  const clock = new VirtualClock();
  const store = await imported(clock);
  const before = await Array.fromAsync(store.keys(''));
  const [report] = await sealed(store, clock, await tempFolder(t), true);
  assert.equal(report?.sealed, 0);
  assert.deepEqual(
    report?.unsealed.map(({ what }) => what),
    ['example.com/m5@v1.0.0', 'example.com/m250@v1.0.0'],
  );
  assert.deepEqual(await Array.fromAsync(store.keys('')), before);
});

test('a copy without records has nothing to seal', async (t) => {
  const clock = new VirtualClock();
  assert.deepEqual(await sealed(createMemoryStore(clock), clock, await tempFolder(t), false), []);
});
