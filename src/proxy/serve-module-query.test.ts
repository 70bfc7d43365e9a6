import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scriptedProxy, type ScriptedProxy } from '../../test/support/scripted-proxy.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import { tempFolder, type Cleanup } from '../../test/support/temp-folder.ts';
import type { ModuleFile } from '../gomod/module-file.ts';
import type { Reply } from './reply.ts';
import type { ClientRequest } from './request.ts';

const LIST: ModuleFile = { kind: 'list', module: 'example.com/m' };
const LATEST: ModuleFile = { kind: 'latest', module: 'example.com/m' };
const CLIENT: ClientRequest = { headOnly: false, fetchAllowed: true, via: undefined };
const PSEUDO = 'v0.0.0-20250101000000-0123456789ab';

function script(request: { path: string }): Line {
  const isList = request.path.endsWith('/list');
  return { do: 'answer', body: isList ? `${PSEUDO}\nv1.0.0\n` : '{"Version":"v1.0.0"}', afterMs: 40 };
}

/** The answer if it is there before `answer` returns. */
function atOnce(
  { proxy }: ScriptedProxy,
  file: ModuleFile,
  request: Partial<ClientRequest> = {},
): Reply | undefined {
  const reply = proxy.answer(file, { ...CLIENT, ...request });
  if ('kind' in reply) return reply;
  reply.catch(() => undefined);
  return undefined;
}

/** A proxy whose reads of records are counted. */
async function counting(t: Cleanup): Promise<{ world: ScriptedProxy; reads: () => number }> {
  const world = scriptedProxy(await tempFolder(t), { a: { script } });
  const { store } = world;
  const read = store.getRecord;
  let reads = 0;
  store.getRecord = (name) => {
    reads += 1;
    return read(name);
  };
  return { world, reads: () => reads };
}

test('a fresh list or @latest is answered from memory: no record is read, and the same bytes are sent', async (t) => {
  const { world, reads } = await counting(t);
  for (const file of [LIST, LATEST]) await world.ask(file);
  const before = reads();
  await world.clock.advance(20_000);
  const [list, latest] = [atOnce(world, LIST), atOnce(world, LATEST)];
  const common = { kind: 'bytes', cache: 'hit', maxAgeS: 39, mirror: 'a' };
  assert.deepEqual(list, {
    ...common,
    bytes: Buffer.from('v1.0.0\n'),
    contentType: 'text/plain; charset=utf-8',
  });
  assert.deepEqual(latest, {
    ...common,
    bytes: Buffer.from('{"Version":"v1.0.0"}'),
    contentType: 'application/json',
  });
  const again = atOnce(world, LIST);
  assert.ok(list?.kind === 'bytes' && again?.kind === 'bytes' && again.bytes === list.bytes);
  assert.equal(reads(), before);
});

test('what memory holds is not given once it is stale, of the future, or not to be given at all', async (t) => {
  const { world } = await counting(t);
  await world.ask(LIST);
  assert.notEqual(atOnce(world, LIST), undefined);
  assert.equal(atOnce(world, LIST, { fetchAllowed: false }), undefined);
  world.clock.wallJump(-3_600_000);
  assert.equal(atOnce(world, LIST), undefined, 'the wall clock was set back');
  await world.clock.advance(100);
  assert.notEqual(atOnce(world, LIST), undefined, 'and the mirrors were asked again');
  await world.clock.advance(60_000);
  assert.equal(atOnce(world, LIST), undefined, 'a minute is over');
});

test('a restart does not make an answer older', async (t) => {
  const dir = await tempFolder(t);
  const before = scriptedProxy(dir, { a: { script } });
  await before.ask(LIST);
  const world = scriptedProxy(dir, { a: { script } }, { before });
  assert.equal((await world.ask(LIST)).cache, 'hit');
  assert.notEqual(atOnce(world, LIST), undefined);
  assert.equal(world.upstreams['a']?.asked.length, 0);
});

test('offline, memory is no short cut: the copy says what it holds', async (t) => {
  const dir = await tempFolder(t);
  const before = scriptedProxy(dir, { a: { script } });
  await before.ask(LIST);
  const world = scriptedProxy(dir, { a: { script } }, { before, settings: { offline: true } });
  for (let n = 0; n < 2; n += 1) assert.equal((await world.ask(LIST)).cache, 'offline');
  assert.equal(atOnce(world, LIST), undefined);
});
