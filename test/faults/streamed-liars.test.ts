/**
 * The same liars where answers had to start before the end: nothing is held back but the last 64 KiB, and the liar takes
 * its time. Only clients that were being served when the lie was found may be cut; whoever asks later, or again, gets the
 * right file, and nobody ever has a wrong one that looks complete.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { chainOf, startMirrors } from '../e2e/bench.ts';
import { goEnvironment, goWorkspace } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import type { ContentFault } from '../support/mirror-fault.ts';
import type { MirrorProcess } from '../support/mirror-process.ts';
import { reverseCleanup, serveRondo } from '../support/rondo-process.ts';
import { countEnds, createClients, type Clients, type Download } from './clients.ts';
import { assertQuiet, mirrorsOf, openFiles } from './invariants.ts';
import { MODULES, RESERVED, wanted, WORLD, type Wanted } from './liar-world.ts';

type Row = {
  readonly lie: string;
  readonly fault: ContentFault;
  /** What a client may already have is right: the lie is in what is held back. */
  readonly hidden?: true;
};

const ROWS: readonly Row[] = [
  { lie: 'a bit of the first byte', fault: { kind: 'corrupt', at: 'first' } },
  { lie: 'a bit in the middle', fault: { kind: 'corrupt', at: 'middle' } },
  { lie: 'a bit in the last 64 KiB', fault: { kind: 'corrupt', at: 'tail' }, hidden: true },
  { lie: "another module's zip", fault: { kind: 'other-zip' } },
];

/** Of 2 MiB; the first two have begun before the liar is known, in several flights at once. */
const STREAMED: readonly Wanted[] = MODULES.slice(64, 70).map((module) => wanted(module, 'zip'));
const CLIENTS_EACH = 10;
/** All that the liar sends is spread over this; whoever comes in the meantime is served from its bytes. */
const PACED_MS = 800;

/** A client that comes, and if it is cut comes again. */
async function persistent(clients: Clients, file: Wanted): Promise<readonly Download[]> {
  const first = await clients.download(file);
  return first.end === 'cut' ? [first, await clients.download(file)] : [first];
}

async function checkRow(context: TestContext, mirrors: readonly MirrorProcess[], row: Row): Promise<void> {
  const t = reverseCleanup(context);
  const [liar] = mirrors;
  assert.ok(liar !== undefined);
  await liar.clearFaults();
  await liar.setFault(row.fault, { kinds: ['zip'] });
  await liar.setFault({ kind: 'paced', overMs: PACED_MS }, { kinds: ['zip'] });
  const env = goEnvironment({ workspace: await goWorkspace(t), goproxy: '', gosumdb: WORLD.database.key });
  const first = `[mirror "liar"]\nurl = ${liar.url}\nweight = 1000\n`;
  const rondo = await serveRondo(t, {
    env,
    config: `proxy = ${chainOf(mirrors)}\n[cache]\nhold = 0s\n${first}`,
  });
  await mirrorsOf(rondo);
  const before = await openFiles(rondo.pid);
  const clients = createClients(t, rondo.url);

  const early = STREAMED.flatMap((file) => Array.from({ length: CLIENTS_EACH }, () => file));
  const visits = await Promise.all(early.map((file) => persistent(clients, file)));
  const firsts = countEnds(visits.map(([visit]) => visit).filter((visit) => visit !== undefined));
  const again = countEnds(visits.flatMap(([, visit]) => visit ?? []));
  const late = [
    ...STREAMED,
    ...[...MODULES.slice(0, 64), ...RESERVED].map((module) => wanted(module, 'zip')),
  ];
  const later = countEnds(await clients.downloadAll([...late, ...late], 24));
  const [seen] = await mirrorsOf(rondo);
  context.diagnostic(
    `figures: ${row.lie}: of ${early.length} streamed ${firsts.equal} equal, ${firsts.cut} cut, ${firsts.wrong} wrong; ` +
      `${again.equal} of them asked again, all equal; ${later.equal} later, all equal; ${seen?.status}`,
  );
  assert.deepEqual(firsts, { equal: early.length - firsts.cut, cut: firsts.cut, wrong: 0, failed: 0 });
  assert.equal(firsts.cut > 0, row.hidden !== true, `${firsts.cut} were cut`);
  assert.deepEqual(again, { equal: firsts.cut, wrong: 0, cut: 0, failed: 0 });
  assert.deepEqual(later, { equal: late.length * 2, wrong: 0, cut: 0, failed: 0 });
  assert.equal(seen?.status, 'QUARANTINED');
  clients.leave();
  await assertQuiet(rondo, before.sockets, WORLD.modules);
  assert.equal(await rondo.stop(), 0, rondo.stderr());
}

let shared: Promise<readonly MirrorProcess[]> | undefined;

for (const row of ROWS) {
  test(`streams of a mirror that tells ${row.lie}`, async (context) => {
    shared ??= startMirrors({ after: () => {} }, ['liar', 'good', 'better'], WORLD);
    await checkRow(context, await shared, row);
  });
}
