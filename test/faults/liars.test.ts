/**
 * One mirror of three lies. A thousand requests for zips (and some for the other files) over real sockets, cold and
 * warm: every one is answered, completely and with the right bytes; the liar is found out, named, and nothing is left.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { chainOf, startMirrors } from '../e2e/bench.ts';
import { goEnvironment, goWorkspace } from '../support/go-command.ts';
import { heavyMirror } from '../support/heavy-mirror.ts';
import '../support/loopback-only.ts';
import type { Fault, FaultScope } from '../support/mirror-fault.ts';
import type { MirrorProcess } from '../support/mirror-process.ts';
import { reverseCleanup, serveRondo, type ServedRondo } from '../support/rondo-process.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { countEnds, createClients } from './clients.ts';
import { assertQuiet, mirrorsOf, openFiles, tableOf } from './invariants.ts';
import { MODULES, RESERVED, wanted, WORLD, type Wanted } from './liar-world.ts';

/** What the first mirror tells instead of the truth, and what becomes of it. */
type Row = {
  readonly lie: string;
  readonly fault: Fault;
  readonly scope: FaultScope;
  readonly statuses: readonly string[];
  /** How it is named, in the reason of its state or as its last failure. */
  readonly named: RegExp;
  readonly cause: string;
};

const ZIPS: FaultScope = { kinds: ['zip'] };
const FAILING = ['UNHEALTHY', 'TRIAL'];
/** What every quarantine names: the file, the module, and the hash that it should have. */
const NAMED = String.raw`zip of example\.com/(?:noise|reserved)/\w+@v1\.0\.0: expected h1:\S{44}`;

const ROWS: readonly Row[] = [
  {
    lie: 'a bit of the first byte',
    fault: { kind: 'corrupt', at: 'first' },
    scope: ZIPS,
    statuses: ['QUARANTINED'],
    // A zip whose first entry cannot be found has no hash.
    named: new RegExp(`${NAMED}: the entry \\S+ has no local header`),
    cause: 'wrong-content',
  },
  {
    lie: 'a bit in the middle',
    fault: { kind: 'corrupt', at: 'middle' },
    scope: ZIPS,
    statuses: ['QUARANTINED'],
    named: new RegExp(`${NAMED}: the entry \\S+ has a wrong CRC`),
    cause: 'wrong-content',
  },
  {
    lie: 'a bit in the last 64 KiB',
    fault: { kind: 'corrupt', at: 'tail' },
    scope: ZIPS,
    statuses: ['QUARANTINED'],
    named: new RegExp(`${NAMED}: the entry \\S+ has a wrong CRC`),
    cause: 'wrong-content',
  },
  {
    lie: "another module's zip",
    fault: { kind: 'other-zip' },
    scope: ZIPS,
    statuses: ['QUARANTINED'],
    named: new RegExp(`${NAMED}, found h1:\\S{44}: it belongs to another module`),
    cause: 'wrong-content',
  },
  {
    lie: "another version's .info",
    fault: { kind: 'other-version' },
    scope: { kinds: ['info'] },
    statuses: FAILING,
    named: /it is of another version: v9\.9\.9/,
    cause: 'bad-content',
  },
  {
    lie: 'a web page',
    fault: { kind: 'html' },
    scope: { kinds: ['info', 'mod', 'zip'] },
    statuses: FAILING,
    named: /200 OK, but a web page/,
    cause: 'captive-portal',
  },
];

const REQUESTS = { zip: 1000, info: 150, mod: 150 } as const;
const CLIENTS = 48;

/** The same for every row: each file at least twice, small zips more often than large ones, in any order. */
function requests(): Wanted[] {
  const random = seededRandom(20_260_101);
  const small = MODULES.slice(0, 64);
  const asked = Object.entries(REQUESTS).flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, n) => {
      const module =
        n < 2 * MODULES.length ? MODULES[n % MODULES.length] : small[Math.floor(random() * small.length)];
      assert.ok(module !== undefined);
      return wanted(module, kind as keyof typeof REQUESTS);
    }),
  );
  return asked
    .map((each) => ({ each, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ each }) => each);
}

async function serve(
  t: ReturnType<typeof reverseCleanup>,
  mirrors: readonly MirrorProcess[],
): Promise<{ rondo: ServedRondo; home: string }> {
  const workspace = await goWorkspace(t);
  const env = goEnvironment({ workspace, goproxy: '', gosumdb: WORLD.database.key });
  const liar = heavyMirror('liar', mirrors[0]?.url);
  // Nothing leaves before it is judged, however busy the machine: streamed-liars.test.ts has what streams.
  const whole = '[cache]\nhold = whole\n[breaker]\nopen_min = 30s\n';
  const config = `proxy = ${chainOf(mirrors)}\n${whole}${liar}`;
  return { rondo: await serveRondo(t, { env, config }), home: workspace.home };
}

async function checkRow(context: TestContext, mirrors: readonly MirrorProcess[], row: Row): Promise<void> {
  const t = reverseCleanup(context);
  const [liar] = mirrors;
  assert.ok(liar !== undefined);
  await liar.clearFaults();
  await liar.resetLog();
  await liar.setFault(row.fault, row.scope);
  const { rondo, home } = await serve(t, mirrors);
  await mirrorsOf(rondo);
  const before = await openFiles(rondo.pid);
  const clients = createClients(t, rondo.url);

  const startMs = performance.now();
  const downloads = await clients.downloadAll(requests(), CLIENTS);
  // What nobody has asked for yet, all at once: the last that the liar is asked, if it is asked at all.
  const late = RESERVED.flatMap((module) => [wanted(module, 'info'), wanted(module, 'zip')]);
  downloads.push(...(await clients.downloadAll(late, late.length)));
  const seconds = (performance.now() - startMs) / 1000;

  const counts = countEnds(downloads);
  const bad = downloads.filter(({ end }) => end !== 'equal');
  assert.deepEqual(
    bad.map(({ wanted: { path }, end, said }) => `${path}: ${end}: ${said}`),
    [],
  );
  const lies = (await liar.requests()).filter(({ faults }) => faults.includes(row.fault.kind)).length;
  const [seen] = await mirrorsOf(rondo);
  const mib = downloads.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / 2 ** 20;
  context.diagnostic(
    `figures: ${row.lie}: ${downloads.length} requests, ${counts.equal} equal; ${lies} lies told; ${seen?.status}; ` +
      `${mib.toFixed(0)} MiB in ${seconds.toFixed(1)} s`,
  );
  assert.ok(lies > 0);
  await checkLiar(t, rondo, row, home);
  clients.leave();
  await assertQuiet(rondo, before.sockets, WORLD.modules);
  assert.equal(await rondo.stop(), 0, rondo.stderr());
}

/** That the state of the liar, and of nobody else, explains itself wherever people look. */
async function checkLiar(
  t: ReturnType<typeof reverseCleanup>,
  rondo: ServedRondo,
  row: Row,
  home: string,
): Promise<void> {
  const [liar, ...others] = await mirrorsOf(rondo);
  assert.ok(liar !== undefined && row.statuses.includes(liar.status), JSON.stringify(liar));
  assert.match(`${liar.why}\n${liar.lastFailure?.detail}`, row.named);
  assert.equal(liar.lastFailure?.cause, row.cause);
  assert.deepEqual(
    others.map(({ status, lastFailure }) => [status, lastFailure]),
    [
      ['HEALTHY', undefined],
      ['HEALTHY', undefined],
    ],
  );
  const table = await tableOf(t, rondo, 'liar', home);
  assert.match(table, new RegExp(row.statuses.join('|')));
  assert.match(table, row.named);
  const metrics = await rondo.metrics();
  assert.ok(metrics('rondo_visits_total', { mirror: 'liar', cause: row.cause, probe: 'false' }) > 0);
  const wrong = row.cause === 'wrong-content';
  assert.equal(metrics('rondo_integrity_failures_total', { mirror: 'liar' }) > 0, wrong);
  assert.equal(
    metrics('rondo_integrity_failures_total'),
    metrics('rondo_integrity_failures_total', { mirror: 'liar' }),
  );
  if (wrong) assert.equal(metrics('rondo_mirror_gate', { mirror: 'liar', state: 'QUARANTINED' }), 1);
}

let shared: Promise<readonly MirrorProcess[]> | undefined;

for (const row of ROWS) {
  test(`one mirror of three tells ${row.lie}`, async (context) => {
    shared ??= startMirrors({ after: () => {} }, ['liar', 'good', 'better'], WORLD);
    await checkRow(context, await shared, row);
  });
}
