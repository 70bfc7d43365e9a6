import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { ChecksumDatabase } from '../../test/support/checksum-database.ts';
import { DB } from '../../test/support/database-world.ts';
import { fixtureModule } from '../../test/support/fixture-modules.ts';
import { mirrorContent } from '../../test/support/mirror-content.ts';
import { scriptedProxy, type ScriptedProxy } from '../../test/support/scripted-proxy.ts';
import type { Line, ScriptedUpstream } from '../../test/support/scripted-upstream.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { RemoteFile } from '../gomod/module-file.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import { unprovenInMemory } from './unproven-in-memory.ts';

const MODULE = await fixtureModule({ path: 'example.com/m', version: 'v1.0.0' });
const DATABASE = ChecksumDatabase.over([MODULE], DB);
const at = { module: MODULE.path, version: MODULE.version };
const LIST: RemoteFile = { kind: 'list', module: MODULE.path };
const LATEST: RemoteFile = { kind: 'latest', module: MODULE.path };
const QUERY: RemoteFile = { kind: 'query', module: MODULE.path, query: 'main' };
const INFO: RemoteFile = { kind: 'info', ...at };
const MOD: RemoteFile = { kind: 'mod', ...at };
const ZIP: RemoteFile = { kind: 'zip', ...at };
const SUPPORTED: RemoteFile = { kind: 'sumdb-supported', db: DB };
const ABSENT: RemoteFile = { kind: 'list', module: 'example.com/absent' };
const UNPROVEN = [LIST, LATEST, QUERY, INFO];
const DOWN: Line = { do: 'other', outcome: OUTCOMES.unavailable };
const NOT_FOUND: Line = { do: 'other', outcome: OUTCOMES.notFound, words: 'not found: nothing' };

/** Right in what is proven; what is not is its own invention: `1999`. */
const evil: ScriptedUpstream['script'] = ({ path }) => {
  if (path.endsWith('/list')) return { do: 'answer', body: 'v1.0.0\nv1.9.9\n' };
  if (/@latest$|\.info$/.test(path)) {
    return { do: 'answer', body: '{"Version":"v1.0.0","Time":"1999-01-01T00:00:00Z"}' };
  }
  return honest({ path });
};

function honest({ path }: { readonly path: string }): Line {
  const queries = [{ path: MODULE.path, query: 'main', version: MODULE.version }];
  const { status, body } = mirrorContent([MODULE], queries, DATABASE).answer(path);
  return status === 200 ? { do: 'answer', body } : NOT_FOUND;
}

type Untrusted = { readonly world: ScriptedProxy; readonly written: string[] };

/** The proxy of a checkout's chain, and all that it writes into the copy. */
async function ofCheckout(dir: string, script = evil, before?: ScriptedProxy): Promise<Untrusted> {
  const written: string[] = [];
  const told = (memory: Store): Store => ({
    ...memory,
    put: (key, source) => (written.push(key), memory.put(key, source)),
    putRecord: (name, value) => (written.push(name), memory.putRecord(name, value)),
    swapRecord: (name, old, value) => (written.push(name), memory.swapRecord(name, old, value)),
  });
  const settings = { keepsUnproven: false } as const;
  const more = { settings, verifier: 'real', store: told, ...(before && { before }) } as const;
  return { world: scriptedProxy(dir, { evil: { script } }, more), written };
}

test("of a checkout's mirrors the copy gets what is proven, and nothing else", async (t) => {
  const { world, written } = await ofCheckout(await tempFolder(t));
  for (const file of [SUPPORTED, ...UNPROVEN, MOD, ZIP, ABSENT]) await world.ask(file);
  await world.clock.advance(20_000);
  await world.proxy.close();
  assert.deepEqual(
    [...new Set(written)].filter((name) => !/^databases\/|^sumdb\/|^files\/sumdb\//.test(name)).toSorted(),
    [
      'example.com/m/@v/v1.0.0.mod',
      'example.com/m/@v/v1.0.0.zip',
      'example.com/m/@v/v1.0.0.ziphash',
      'files/example.com/m/@v/v1.0.0.mod',
      'files/example.com/m/@v/v1.0.0.zip',
    ],
  );
});

test('the next one on the copy asks its own mirrors, and finds what is proven', async (t) => {
  const dir = await tempFolder(t);
  const { world } = await ofCheckout(dir);
  for (const file of [SUPPORTED, ...UNPROVEN, MOD, ZIP]) await world.ask(file);
  await world.proxy.close();
  const own = scriptedProxy(dir, { honest: { script: honest } }, { before: world, verifier: 'real' });
  for (const file of UNPROVEN) {
    const { said, cache } = await own.ask(file);
    assert.equal(cache, 'miss', file.kind);
    assert.doesNotMatch(said, /1999|1\.9\.9/, file.kind);
  }
  for (const file of [MOD, ZIP]) assert.equal((await own.ask(file)).cache, 'hit', file.kind);
});

test('offline there is nothing of it either', async (t) => {
  const dir = await tempFolder(t);
  const { world } = await ofCheckout(dir);
  for (const file of [SUPPORTED, ...UNPROVEN, MOD, ZIP]) await world.ask(file);
  await world.proxy.close();
  const settings = { offline: true } as const;
  const own = scriptedProxy(dir, {}, { before: world, verifier: 'real', settings });
  for (const file of UNPROVEN) assert.equal((await own.ask(file)).said, 'E_OFFLINE', file.kind);
});

test('what they do not have is no answer to others in an outage, nor that they serve a database', async (t) => {
  const dir = await tempFolder(t);
  const onlySupported: ScriptedUpstream['script'] = ({ path }) =>
    path.endsWith('/supported') ? { do: 'answer', body: '' } : NOT_FOUND;
  const { world } = await ofCheckout(dir, onlySupported);
  assert.equal((await world.ask(ABSENT)).said, 'E_NOT_FOUND');
  assert.equal((await world.ask(SUPPORTED)).cache, 'miss');
  await world.proxy.close();
  const own = scriptedProxy(dir, { honest: { script: () => DOWN } }, { before: world });
  assert.match((await own.ask(ABSENT)).said, /^E_NO_/);
  assert.equal((await own.ask(SUPPORTED)).said, 'E_NOT_FOUND');
});

test('while it runs such a chain is served as well as any: from memory, and from what others have written', async (t) => {
  const dir = await tempFolder(t);
  const { world } = await ofCheckout(dir);
  for (const file of [LIST, LATEST, QUERY, SUPPORTED]) {
    assert.equal((await world.ask(file)).cache, 'miss', file.kind);
    assert.equal((await world.ask(file)).cache, 'hit', file.kind);
  }
  for (const upstream of Object.values(world.upstreams)) upstream.script = () => DOWN;
  await world.clock.advance(3_600_000);
  for (const file of [LIST, LATEST, QUERY]) assert.equal((await world.ask(file)).cache, 'stale', file.kind);

  const own = scriptedProxy(dir, { honest: { script: honest } }, { verifier: 'real' });
  for (const file of UNPROVEN) await own.ask(file);
  const { world: later } = await ofCheckout(dir, () => DOWN, own);
  for (const file of UNPROVEN) assert.equal((await later.ask(file)).cache, 'hit', file.kind);
});

test('what they gave of a version that the database does not confirm is served and not kept', async (t) => {
  const dir = await tempFolder(t);
  const written: string[] = [];
  const world = scriptedProxy(
    dir,
    { evil: { script: evil } },
    {
      settings: { keepsUnproven: false },
      verifier: {
        expect: () => Promise.resolve({ kind: 'exempt' }),
        judge: () => Promise.resolve({ kind: 'right', verified: 'first-use', h1: MODULE.modH1 }),
        load: () => ({ waiting: 0, running: 0 }),
        close: () => Promise.resolve(),
      },
      store: (memory) => ({
        ...memory,
        put: (key, source) => (written.push(key), memory.put(key, source)),
      }),
    },
  );
  assert.equal((await world.ask(MOD)).said, MODULE.mod.toString());
  assert.equal((await world.ask(ZIP)).said, MODULE.zip.toString());
  await world.proxy.idle();
  assert.deepEqual(written, []);
});

test('that memory is bounded, and what is removed is gone from it', async () => {
  const copy = createMemoryStore(new VirtualClock());
  const store = unprovenInMemory(copy, () => false);
  const name = (n: number): string => `answers/example.com/m${n}/@list`;
  for (let n = 0; n < 100; n += 1) await store.putRecord(name(n), { text: 'x'.repeat(1024 * 1024) });
  const held = Array.from({ length: 100 }, (_, n) => store.recallRecord(name(n))).filter(Boolean).length;
  assert.ok(held > 0 && held <= 16, `${held} MiB`);
  await store.putRecord(name(1), { text: 'own' });
  await copy.putRecord(name(1), { text: "another's" });
  assert.deepEqual(await store.getRecord(name(1)), { text: 'own' });
  await store.removeRecord(name(1));
  assert.deepEqual([await store.getRecord(name(1)), await copy.getRecord(name(1))], [undefined, undefined]);
});
