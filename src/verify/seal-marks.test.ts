import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HONEST, REACH, saidOf, world } from '../../test/support/database-world.ts';
import { emptyMemory } from '../../test/support/memory-database-ops.ts';
import { settle } from '../../test/support/virtual-clock.ts';

test('a walk does not answer for what another process has kept since it began', async () => {
  const memory = emptyMemory();
  const first = world({ a: HONEST }, memory);
  const walker = world({ a: HONEST }, memory);
  await saidOf(walker.client, 5);
  await walker.client.sealer.seal(REACH);
  const { cachedRecords } = walker.ops;
  walker.ops.cachedRecords = async function* () {
    yield* cachedRecords();
    await saidOf(first.client, 300);
    await settle();
  };
  const { unsealed } = await walker.client.sealAll(REACH, { rewrite: false });
  assert.deepEqual(unsealed, []);
  assert.equal(
    await world({ a: HONEST }, memory).client.sealer.needsWalk(),
    true,
    'and ends before it seals',
  );
  await world({ a: HONEST }, memory).client.sealAll(REACH, { rewrite: false });
  assert.equal(await world({ a: HONEST }, memory).client.sealer.needsWalk(), false);
});

test('what is kept while it seals keeps its mark', async () => {
  const memory = emptyMemory();
  const online = world({ a: HONEST }, memory);
  await saidOf(online.client, 5);
  await settle();
  const { writeConfig, readCache } = online.ops;
  online.ops.readCache = (file) => {
    // While its tiles are looked for.
    online.client.sealer.recordKept(300);
    return readCache(file);
  };
  let isMarked: boolean | undefined;
  online.ops.writeConfig = async (name, old, text) => {
    const written = await writeConfig(name, old, text);
    // This process could end here.
    if (name === 'seal') isMarked ??= await world({ a: HONEST }, memory).client.sealer.needsWalk();
    return written;
  };
  await online.client.sealer.seal(REACH);
  assert.equal(isMarked, true);
});

test('a seal that could not be read once is read the next time', async () => {
  const memory = emptyMemory();
  const before = world({ a: HONEST }, memory);
  await saidOf(before.client, 5);
  await before.client.sealer.seal(REACH);
  const next = world({}, memory);
  const { readConfig } = next.ops;
  next.ops.readConfig = () => Promise.reject(new Error('EMFILE'));
  assert.equal(await next.client.sealer.head(), undefined);
  next.ops.readConfig = readConfig;
  assert.equal((await next.client.sealer.head())?.head.size, 600);
});
