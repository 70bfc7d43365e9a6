/**
 * Zips that differ in bytes and are right all the same: packed in another way, or dated otherwise. Mirrors that have
 * different ones must not be mixed up into a wrong file, nor be blamed for it.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { chainOf } from '../e2e/bench.ts';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { fixtureModule, noiseFiles, type FixtureModule } from '../support/fixture-modules.ts';
import { goEnvironment, goWorkspace } from '../support/go-command.ts';
import { fetchRaw } from '../support/http-client.ts';
import '../support/loopback-only.ts';
import type { Fault } from '../support/mirror-fault.ts';
import { startMirror, type MirrorProcess } from '../support/mirror-process.ts';
import { reverseCleanup, serveRondo, type ServedRondo } from '../support/rondo-process.ts';
import { countEnds, createClients, type Clients } from './clients.ts';
import { assertQuiet, mirrorsOf, openFiles } from './invariants.ts';
import { wanted } from './liar-world.ts';

const PATH = 'example.com/differs';
const VERSION = 'v1.0.0';
const FILES = noiseFiles(PATH, VERSION, 2);

const [stored, packed, dated] = await Promise.all([
  fixtureModule({ path: PATH, version: VERSION, files: FILES, compress: false }),
  fixtureModule({ path: PATH, version: VERSION, files: FILES }),
  fixtureModule({ path: PATH, version: VERSION, files: FILES, compress: false, zipYear: 2020 }),
]);
const database = ChecksumDatabase.over([stored]);

test('the fixtures are what this file says of them', () => {
  assert.deepEqual([packed.zipH1, dated.zipH1], [stored.zipH1, stored.zipH1]);
  assert.notEqual(packed.zip.length, stored.zip.length);
  assert.equal(dated.zip.length, stored.zip.length);
  assert.notDeepEqual(dated.zip, stored.zip);
});

type Bench = {
  readonly rondo: ServedRondo;
  readonly clients: Clients;
  done(right: FixtureModule): Promise<void>;
};

/** Two mirrors; the first has `first`, breaks it as `fault` says and never sends parts. */
async function bench(
  context: TestContext,
  [first, second]: readonly [FixtureModule, FixtureModule],
  fault: Fault,
  hold: string,
): Promise<Bench> {
  const t = reverseCleanup(context);
  const start = (module: FixtureModule, name: string): Promise<MirrorProcess> =>
    startMirror({ modules: [module], database, name, ranges: name === 'second' }, t);
  const mirrors = await Promise.all([start(first, 'first'), start(second, 'second')]);
  await mirrors[0].setFault(fault, { kinds: ['zip'] });
  // So long do clients have what the first has sent, before anything else comes.
  await mirrors[1].setFault({ kind: 'slow', delayMs: 300 }, { kinds: ['zip'] });
  const env = goEnvironment({ workspace: await goWorkspace(t), goproxy: '', gosumdb: database.key });
  const heavy = `[mirror "first"]\nurl = ${mirrors[0].url}\nweight = 1000\n`;
  const config = `proxy = ${chainOf(mirrors)}\n[cache]\nhold = ${hold}\n${heavy}`;
  const rondo = await serveRondo(t, { env, config });
  const before = (await mirrorsOf(rondo), await openFiles(rondo.pid));
  const clients = createClients(t, rondo.url);
  return {
    rondo,
    clients,
    async done(right) {
      const statuses = (await mirrorsOf(rondo)).map(({ status }) => status);
      assert.deepEqual(statuses, ['HEALTHY', 'HEALTHY']);
      clients.leave();
      assert.equal(await assertQuiet(rondo, before.sockets, [right]), 2, 'the zip and its hash');
      assert.equal(await rondo.stop(), 0, rondo.stderr());
    },
  };
}

const CUT: Fault = { kind: 'short', afterFraction: 0.5 };

test('a mirror with another zip is asked for all of it while nothing has left', async (context) => {
  const { clients, done } = await bench(context, [stored, packed], CUT, 'whole');
  const ends = countEnds(
    await clients.downloadAll(
      Array.from({ length: 20 }, () => wanted(packed, 'zip')),
      20,
    ),
  );
  assert.deepEqual(ends, { equal: 20, wrong: 0, cut: 0, failed: 0 });
  await done(packed);
});

test('clients that have bytes of the one are not given the end of the other; later ones get it whole', async (context) => {
  const { clients, done } = await bench(context, [stored, packed], CUT, '0s');
  const twenty = Array.from({ length: 20 }, () => wanted(packed, 'zip'));
  const early = countEnds(await clients.downloadAll(twenty, 20));
  context.diagnostic(`figures: another zip after bytes had left: ${early.cut} of 20 clients cut, 0 wrong`);
  assert.ok(early.cut > 0);
  assert.deepEqual([early.wrong, early.failed], [0, 0]);
  assert.equal(countEnds(await clients.downloadAll(twenty, 20)).equal, 20);
  await done(packed);
});

test('a zip of the same length is continued, and what comes of it has the hash of both', async (context) => {
  const { rondo, done } = await bench(context, [stored, dated], CUT, '0s');
  const half = Math.floor(stored.zip.length / 2);
  const joined = Buffer.concat([stored.zip.subarray(0, half), dated.zip.subarray(half)]);
  const { body, complete } = await fetchRaw(rondo.url + wanted(stored, 'zip').path);
  assert.deepEqual([complete, body.equals(joined)], [true, true]);
  const metrics = await rondo.metrics();
  assert.equal(metrics('rondo_upstream_bytes_total', { kind: 'zip' }), joined.length);
  await done({ ...stored, zip: joined });
});

test('a local header that says something else than the directory is nothing to go, and no lie', async (context) => {
  const zip = Buffer.from(stored.zip);
  // The last letter of the first entry's name, and the time before it: go reads neither (archive/zip.File.Open).
  zip[30 + zip.readUInt16LE(26) - 1] = 0x78;
  zip[10] = 0xff;
  const odd = { ...stored, zip };
  const { clients, rondo, done } = await bench(context, [odd, stored], { kind: 'slow', delayMs: 0 }, '5s');
  assert.equal((await clients.download(wanted(odd, 'zip'))).end, 'equal');
  assert.equal((await rondo.metrics())('rondo_integrity_failures_total'), 0);
  await done(odd);
});
