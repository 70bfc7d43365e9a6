/**
 * Bodies that stall or drip, over real sockets: another mirror is asked for the rest beside them, once a file, and the
 * first that is whole and right wins. Every client gets all bytes, mirrors send little more than that, nothing is left.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedOf, chainOf, startMirrors } from '../e2e/bench.ts';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { bigModule, type FixtureModule } from '../support/fixture-modules.ts';
import { goEnvironment, goWorkspace } from '../support/go-command.ts';
import { heavyMirror } from '../support/heavy-mirror.ts';
import { fetchRaw, type RawAnswer } from '../support/http-client.ts';
import '../support/loopback-only.ts';
import type { Fault, FaultScope } from '../support/mirror-fault.ts';
import type { MirrorProcess } from '../support/mirror-process.ts';
import { reverseCleanup, serveRondo, type MetricLines, type ServedRondo } from '../support/rondo-process.ts';
import type { Cleanup } from '../support/temp-folder.ts';
import { assertQuiet, mirrorsOf, openFiles } from './invariants.ts';
import { wanted } from './liar-world.ts';

const [BEFORE, FILE] = (await Promise.all(
  ['before', 'file'].map((name) => bigModule(`example.com/${name}`, 'v1.0.0', 3)),
)) as [FixtureModule, FixtureModule];
const MODULES = [BEFORE, FILE];
const DATABASE = ChecksumDatabase.over(MODULES);
const CONTENT_BYTES = FILE.zip.length;

/** What goes wrong, by the name of the mirror; only for FILE's zip. */
type Row = {
  readonly how: string;
  readonly faults: Readonly<Partial<Record<'slow' | 'second', Fault>>>;
  readonly config?: string;
  /** What the slow one's visit and the race come to. */
  readonly slowCause: string;
  readonly won: boolean;
  readonly tried: RegExp;
  /** Bytes that mirrors sent for each byte of the file, at the most. */
  readonly ratio: number;
  readonly quarantined?: string;
};

const SCOPE: FaultScope = { kinds: ['zip'], match: /^\/example\.com\/file\// };

const ROWS: readonly Row[] = [
  {
    how: 'stalls in the middle',
    faults: { slow: { kind: 'stall' } },
    slowCause: 'body-idle',
    won: true,
    tried: /^slow: 200, no byte for \d\.\d s after \d+ bytes \(\d+ ms\); second: 200 \(/,
    ratio: 1.1,
  },
  {
    how: 'drips at 20 KB/s',
    faults: { slow: { kind: 'drip', part: 'body', bytesPerSecond: 20_000 } },
    slowCause: 'superseded',
    won: true,
    tried: /^slow: 200, \d+ kB\/s after \d+ bytes \(\d+ ms\); second: 200 \(/,
    ratio: 1.1,
  },
  {
    how: 'stalls, and so does the one that races it',
    faults: { slow: { kind: 'stall', afterFraction: 0.25 }, second: { kind: 'stall' } },
    config: '[timeouts]\nbody_idle = 3s\n',
    slowCause: 'body-idle',
    won: true,
    tried: /third: 200 \(/,
    ratio: 1.2,
  },
  {
    how: 'stalls, and the one that races it breaks off',
    faults: { slow: { kind: 'stall', afterFraction: 0.25 }, second: { kind: 'short' } },
    slowCause: 'body-idle',
    won: true,
    tried: /third: 200 \(/,
    ratio: 1.2,
  },
  {
    how: 'stalls, and the one that races it refuses',
    faults: { slow: { kind: 'stall' }, second: { kind: 'status', status: 503 } },
    slowCause: 'body-idle',
    won: true,
    tried: /second: 503 .*third: 200 \(/,
    ratio: 1.1,
  },
  {
    how: 'stalls, and the one that races it lies',
    faults: { slow: { kind: 'stall', afterFraction: 0.1 }, second: { kind: 'corrupt', at: 'tail' } },
    slowCause: 'body-idle',
    won: true,
    tried: /(?:third|slow): 200 \(/,
    // Joined, then whole of the liar, then whole of another.
    ratio: 3.3,
    quarantined: 'second',
  },
];

type World = {
  readonly rondo: ServedRondo;
  readonly mirrors: readonly MirrorProcess[];
  /** Sockets that it has when nobody asks for anything. */
  readonly sockets: number;
};

/** The slow one is asked first, the second one races it, the third one is for when neither will do. */
async function start(t: Cleanup, { faults, config = '' }: Pick<Row, 'faults' | 'config'>): Promise<World> {
  const mirrors = await startMirrors(t, ['slow', 'second', 'third'], {
    modules: MODULES,
    database: DATABASE,
  });
  for (const mirror of mirrors) {
    const fault = (faults as Readonly<Record<string, Fault | undefined>>)[mirror.name];
    if (fault !== undefined) await mirror.setFault(fault, SCOPE);
  }
  const workspace = await goWorkspace(t);
  const env = goEnvironment({ workspace, goproxy: '', gosumdb: DATABASE.key });
  const [slow, second, third] = mirrors;
  const named =
    heavyMirror('slow', slow.url) +
    `[mirror "second"]\nurl = ${second.url}\nweight = 100\n[mirror "third"]\nurl = ${third.url}\nweight = 1\n`;
  const text = `proxy = ${chainOf(mirrors)}\n[cache]\nhold = whole\n${config}${named}`;
  const rondo = await serveRondo(t, { env, config: text });
  await mirrorsOf(rondo);
  return { rondo, mirrors, sockets: (await openFiles(rondo.pid)).sockets };
}

/** Asks for another zip before: what is usual is known then. */
async function download({ rondo }: World, signal?: AbortSignal): Promise<RawAnswer> {
  const before = wanted(BEFORE, 'zip');
  const known = await fetchRaw(rondo.url + before.path);
  assert.ok(known.status === 200 && known.body.equals(before.bytes));
  return fetchRaw(rondo.url + wanted(FILE, 'zip').path, signal === undefined ? {} : { signal });
}

async function sentBytes(mirrors: readonly MirrorProcess[]): Promise<number> {
  const asked = (await Promise.all(mirrors.map(askedOf))).flat();
  return asked
    .filter(({ path }) => path === wanted(FILE, 'zip').path)
    .reduce((sum, { bytes }) => sum + bytes, 0);
}

function races(metrics: MetricLines, won: boolean): number {
  return metrics('rondo_races_total', { from: 'slow', won: String(won) });
}

for (const row of ROWS) {
  await test(`a zip whose mirror ${row.how}`, async (context) => {
    const t = reverseCleanup(context);
    const world = await start(t, row);
    const { rondo, mirrors } = world;
    const startMs = performance.now();
    const answer = await download(world);
    const tookMs = performance.now() - startMs;
    assert.equal(answer.status, 200, answer.body.toString().slice(0, 500));
    assert.ok(answer.complete && answer.body.equals(FILE.zip));
    assert.match(String(answer.headers['x-rondo-tried']), row.tried);

    const metrics = await rondo.metrics();
    assert.deepEqual([races(metrics, row.won), races(metrics, !row.won)], [1, 0]);
    assert.equal(metrics('rondo_visits_total', { mirror: 'slow', cause: row.slowCause }), 1);
    const ratio = (await sentBytes(mirrors)) / CONTENT_BYTES;
    context.diagnostic(
      `reached: ${row.how}: ${(tookMs / 1000).toFixed(2)} s, ${ratio.toFixed(2)} bytes sent a byte of content`,
    );
    assert.ok(ratio <= row.ratio, `${ratio}x`);
    const quarantined = (await mirrorsOf(rondo)).flatMap(({ name, status }) =>
      status === 'QUARANTINED' ? [name] : [],
    );
    assert.deepEqual(quarantined, row.quarantined === undefined ? [] : [row.quarantined]);
    assert.equal(await assertQuiet(rondo, world.sockets, MODULES), 4, 'two zips with their hashes');
    assert.equal(await rondo.stop(), 0);
  });
}

test('a client that leaves in the middle of a race: the file comes all the same, and nothing is left', async (context) => {
  const t = reverseCleanup(context);
  const world = await start(t, {
    faults: { slow: { kind: 'stall' }, second: { kind: 'slow', delayMs: 500 } },
  });
  const { rondo } = world;
  const leave = new AbortController();
  const gone = download(world, leave.signal);
  // It is asked only when the first has been silent for a second.
  const [, second] = world.mirrors;
  while (second !== undefined && (await sentTo(second)) === 0) await new Promise(setImmediate);
  leave.abort();
  assert.equal((await gone).complete, false);
  assert.equal(await assertQuiet(rondo, world.sockets, MODULES), 4);
  assert.equal(races(await rondo.metrics(), true), 1);
  assert.equal(await rondo.stop(), 0);
});

async function sentTo(mirror: MirrorProcess): Promise<number> {
  const asked = await askedOf(mirror);
  return asked.filter(({ path }) => path === wanted(FILE, 'zip').path).length;
}
