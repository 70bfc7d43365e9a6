import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../test/support/balance-defaults.ts';
import { ChecksumDatabase } from '../../test/support/checksum-database.ts';
import { scriptedProxy } from '../../test/support/scripted-proxy.ts';
import type { Line } from '../../test/support/scripted-upstream.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { VersionFile } from '../gomod/module-file.ts';
import { hashMod } from '../gomod/h1.ts';
import { storeKey } from '../gomod/store-key.ts';
import { createVerifier } from '../verify/content-verifier.ts';
import type { ReadRecord, Verifier } from '../verify/verifier.ts';
import { systemClock } from '../kit/clock.ts';

const MOD: VersionFile = { kind: 'mod', module: 'example.com/m', version: 'v1.0.0' };
const INFO: VersionFile = { ...MOD, kind: 'info' };
const TEXT = 'module example.com/m\n';
const ZIP_H1 = 'h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
const RECORD = [
  '7',
  `example.com/m v1.0.0 ${ZIP_H1}`,
  `example.com/m v1.0.0/go.mod ${hashMod(Buffer.from(TEXT))}`,
  '',
  'go.sum database tree\n8\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n',
  '\u2014 sum.rondo.test AAAAAAAA\n',
].join('\n');
const UNREACHABLE = { kind: 'unreachable', why: 'all mirrors failed' } as const;

function verifier(readRecord: ReadRecord, mode: 'required' | 'when-possible' = 'required'): Verifier {
  const firstUse = { get: () => Promise.resolve(undefined), set: () => Promise.resolve() };
  return createVerifier({ readRecord, mode, exempt: () => false, firstUse, clock: systemClock });
}

const known = (): Verifier => verifier(() => Promise.resolve({ kind: 'record', text: RECORD }));
const right: Line = { do: 'answer', body: TEXT };

test('content that contradicts the record is never served; its mirror is quarantined', async (t) => {
  const world = scriptedProxy(
    await tempFolder(t),
    { a: { script: { do: 'answer', body: 'module evil.example/m\n' } }, b: { script: right, tier: 1 } },
    { verifier: known() },
  );
  assert.deepEqual(await world.ask(MOD), { said: TEXT, cache: 'miss' });
  await world.proxy.idle();
  assert.deepEqual(await world.ask(MOD), { said: TEXT, cache: 'hit' });
  const provenance = (await world.store.getRecord(`files/${storeKey(MOD)}`)) as Record<string, unknown>;
  assert.deepEqual(
    [provenance['verified'], provenance['mirror'], provenance['h1']],
    ['database', 'b', hashMod(Buffer.from(TEXT))],
  );
});

test('who lied, over what, and both hashes are told, and stand as the reason of the quarantine', async (t) => {
  const evil = 'module evil.example/m\n';
  const world = scriptedProxy(
    await tempFolder(t),
    { a: { script: { do: 'answer', body: evil } }, b: { script: right, tier: 1 } },
    { verifier: known() },
  );
  await world.ask(MOD);
  const expected = hashMod(Buffer.from(TEXT));
  const found = hashMod(Buffer.from(evil));
  const why = 'its hash is not the one in the checksum database';
  const told = world.events.filter(({ type }) => type === 'integrity');
  assert.deepEqual(told, [{ type: 'integrity', ...MOD, mirror: 'a', why, expected, found }]);
  const [liar] = world.views();
  assert.equal(liar?.status, 'QUARANTINED');
  const words = `mod of example.com/m@v1.0.0: expected ${expected}, found ${found}: ${why}`;
  assert.equal(liar.why, words);
  assert.equal(liar.lastFailure?.cause, 'wrong-content');
});

test('a version that the database does not know is 404 with its words, and nobody is charged', async (t) => {
  const absent = verifier(() =>
    Promise.resolve({ kind: 'absent', words: 'not found: unknown revision v1.0.0' }),
  );
  const world = scriptedProxy(await tempFolder(t), { a: { script: right } }, { verifier: absent });
  assert.equal((await world.ask(MOD)).said, 'E_NOT_IN_CHECKSUM_DB');
  assert.equal(world.upstreams['a']?.asked.length, 1);
});

test('no database: required says so, and is not a 404; when-possible goes on', async (t) => {
  const strict = verifier(() => Promise.resolve(UNREACHABLE));
  const first = scriptedProxy(await tempFolder(t), { a: { script: right } }, { verifier: strict });
  assert.equal((await first.ask(MOD)).said, 'E_CHECKSUM_DB_UNREACHABLE');
  const lax = verifier(() => Promise.resolve(UNREACHABLE), 'when-possible');
  const second = scriptedProxy(await tempFolder(t), { a: { script: right } }, { verifier: lax });
  assert.equal((await second.ask(MOD)).said, TEXT);
});

test('an adopted file is judged before it is first served, and fetched again if it is wrong', async (t) => {
  for (const [held, asked] of [
    [TEXT, 0],
    ['module evil.example/m\n', 1],
  ] as const) {
    const world = scriptedProxy(await tempFolder(t), { a: { script: right } }, { verifier: known() });
    await world.store.put(storeKey(MOD), { bytes: Buffer.from(held) });
    assert.equal((await world.ask(MOD)).said, TEXT);
    assert.equal(world.upstreams['a']?.asked.length, asked, held);
    await world.proxy.idle();
    assert.deepEqual(await world.ask(MOD), { said: TEXT, cache: 'hit' });
  }
});

test('an adopted file that cannot be judged is not served, and not lost', async (t) => {
  const strict = verifier(() => Promise.resolve(UNREACHABLE));
  const world = scriptedProxy(await tempFolder(t), {}, { verifier: strict, settings: { offline: true } });
  await world.store.put(storeKey(MOD), { bytes: Buffer.from(TEXT) });
  assert.equal((await world.ask(MOD)).said, 'E_OFFLINE');
  assert.notEqual(await world.store.get(storeKey(MOD)), undefined);
});

test('offline a file that is not right is not served, and what mends it is told', async (t) => {
  const world = scriptedProxy(await tempFolder(t), {}, { verifier: known(), settings: { offline: true } });
  await world.store.put(storeKey(MOD), { bytes: Buffer.from('module evil.example/m\n') });
  const request = { headOnly: false, fetchAllowed: true, via: undefined };
  await assert.rejects(async () => world.proxy.answer(MOD, request), {
    code: 'E_OFFLINE',
    message: /^offline, and .* in the copy is not right: /,
    hint: /rondo cache verify --repair/,
  });
  const [told] = world.events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
  assert.match(told ?? '', / in the copy is not right and is not served: /);
});

test('an .info of another version is a failure of its mirror, and needs no database', async (t) => {
  const strict = verifier(() => Promise.resolve(UNREACHABLE));
  const world = scriptedProxy(
    await tempFolder(t),
    {
      a: { script: { do: 'answer', body: '{"Version":"v1.0.1"}' } },
      b: { script: { do: 'answer', body: '{"Version":"v1.0.0"}' }, tier: 1 },
    },
    { verifier: strict },
  );
  assert.equal((await world.ask(INFO)).said, '{"Version":"v1.0.0"}');
});

test('a remembered 404 of a version is replayed only while mirrors are down', async (t) => {
  const gone: Line = { do: 'other', outcome: OUTCOMES.notFound, words: 'not found: no such version' };
  const world = scriptedProxy(await tempFolder(t), { a: { script: gone } }, { verifier: known() });
  assert.equal((await world.ask(MOD)).said, 'E_NOT_FOUND');
  const upstream = world.upstreams['a'];
  if (upstream === undefined) return assert.fail();
  upstream.script = () => ({ do: 'other', outcome: OUTCOMES.unavailable });
  assert.equal((await world.ask(MOD)).said, 'E_NOT_FOUND');
  upstream.script = () => right;
  await world.clock.advance(60_000);
  assert.equal((await world.ask(MOD)).said, TEXT);
});

test('a mirror that forges a record, with content made to fit it, is found out and deceives nobody', async (t) => {
  const evil = 'module evil.example/m\n';
  const honest = new ChecksumDatabase();
  honest.add('example.com/other', 'v1.0.0', ZIP_H1, ZIP_H1);
  honest.add('example.com/m', 'v1.0.0', ZIP_H1, hashMod(Buffer.from(TEXT)));
  const forged = honest.copy();
  forged.lie({ kind: 'wrong-record', zipH1: ZIP_H1, modH1: hashMod(Buffer.from(evil)) });
  const mirror =
    (database: ChecksumDatabase, mod: string) =>
    ({ path }: { path: string }): Line => {
      if (!path.startsWith('/sumdb/')) return { do: 'answer', body: mod };
      const said = database.answer(path.slice(`/sumdb/${honest.name}`.length));
      return said.status === 200
        ? { do: 'answer', body: said.body }
        : { do: 'other', outcome: OUTCOMES.notFound };
    };
  const world = scriptedProxy(
    await tempFolder(t),
    { liar: { script: mirror(forged, evil) }, a: { script: mirror(honest, TEXT), tier: 1 } },
    { verifier: 'real' },
  );
  assert.equal((await world.ask(MOD)).said, TEXT);
  assert.deepEqual(
    world.views().map(({ status }) => status),
    ['QUARANTINED', 'HEALTHY'],
  );
  const told = world.events.filter((event) => event.type === 'integrity');
  assert.deepEqual(
    told.map(({ mirror: from, kind }) => `${from} ${kind}`),
    ['liar sumdb-lookup', 'liar mod'],
  );
  await world.proxy.idle();
  const kept = await world.store.get('sumdb/sum.rondo.test/lookup/example.com/m@v1.0.0');
  assert.ok(kept?.bytes?.includes(hashMod(Buffer.from(TEXT))));
});

test('when nobody can prove a record nothing is verified, in any mode, and the mirrors are not charged', async (t) => {
  const untrusted: ReadRecord = () =>
    Promise.resolve({ kind: 'untrusted', error: new RondoError('E_CHECKSUM_UNPROVEN', 'nobody gives it') });
  for (const mode of ['required', 'when-possible'] as const) {
    const world = scriptedProxy(
      await tempFolder(t),
      { a: { script: right } },
      { verifier: verifier(untrusted, mode) },
    );
    assert.equal((await world.ask(MOD)).said, 'E_CHECKSUM_UNPROVEN', mode);
    await world.proxy.idle();
    assert.equal(await world.store.get(storeKey(MOD)), undefined);
    assert.deepEqual(
      world.views().map(({ status }) => status),
      ['HEALTHY'],
    );
  }
});

test('what was kept without the database is judged again when the database counts', async (t) => {
  const dir = await tempFolder(t);
  const evil: Line = { do: 'answer', body: 'module evil.example/m\n' };
  const off = verifier(() => Promise.resolve(UNREACHABLE), 'when-possible');
  const lax = scriptedProxy(dir, { a: { script: evil } }, { verifier: off });
  assert.equal((await lax.ask(MOD)).said, 'module evil.example/m\n');
  await lax.proxy.idle();
  const strict = scriptedProxy(dir, { a: { script: right } }, { verifier: known(), before: lax });
  assert.equal((await strict.ask(MOD)).said, TEXT);
});

test('a file that somebody has replaced since it was checked is judged again', async (t) => {
  const world = scriptedProxy(await tempFolder(t), { a: { script: right } }, { verifier: known() });
  await world.ask(MOD);
  await world.proxy.idle();
  await world.clock.advance(1000);
  await world.store.put(storeKey(MOD), { bytes: Buffer.from('module evil.example/m\n') });
  assert.equal((await world.ask(MOD)).said, TEXT);
  assert.equal(world.upstreams['a']?.asked.length, 2);
});

test('when every mirror lies, that is no outage', async (t) => {
  const evil: Line = { do: 'answer', body: 'module evil.example/m\n' };
  const world = scriptedProxy(
    await tempFolder(t),
    { a: { script: evil }, b: { script: evil } },
    { verifier: known() },
  );
  assert.equal((await world.ask(MOD)).said, 'E_CHECKSUM_MISMATCH');
});

test('a stop while the record is still awaited and the transfer has failed leaves nothing unhandled', async (t) => {
  const waiting = verifier(
    (_module, _version, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  );
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  t.after(() => process.off('unhandledRejection', note));
  const world = scriptedProxy(await tempFolder(t), { a: { script: { do: 'hang' } } }, { verifier: waiting });
  const asked = [world.ask(MOD), world.ask(MOD)];
  await world.clock.advance(100);
  await world.proxy.close();
  await Promise.all(asked);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(unhandled, []);
});
