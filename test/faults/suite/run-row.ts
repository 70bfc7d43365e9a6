import assert from 'node:assert/strict';
import { nameOf } from '../../e2e/bench.ts';
import type { ServedRondo } from '../../support/rondo-process.ts';
import type { Cleanup } from '../../support/temp-folder.ts';
import { assertExplained, mirrorsOf, quietWatch, type SeenMirror } from '../invariants.ts';
import { attemptsAt, driveRow } from '../rows/drive-row.ts';
import type { Answered, Figures } from '../rows/figures.ts';
import { MACHINE_TIMES } from '../rows/loads.ts';
import type { Row, RondoRow } from '../rows/row.ts';
import type { Line } from './line.ts';
import type { SuiteBench } from './suite-bench.ts';

/** So many attempts may a request take, and this part of them a mirror get that is to be avoided, and a few more. */
const ATTEMPTS = 2;
const BAD_PART = 0.25;
const A_FEW = 10;

/**
 * Runs one row against a Rondo of its own and asserts what holds for all of them; `healthy`: the same load undisturbed, with
 * which its times are compared for the reader. No time is asserted: how often the bad mirror was asked says the same.
 */
export async function runRow(t: Cleanup, bench: SuiteBench, row: Row, healthy?: Figures): Promise<Line> {
  const limits = row.rondo?.timed === true ? {} : MACHINE_TIMES;
  const rondo = await bench.serve(t, { keys: { ...limits, ...row.rondo?.config } });
  const quiet = await quietWatch(rondo);
  const { answers, figures } = await driveRow(row, { ...bench, url: rondo.url }, bench.divisor);
  const seen = await mirrorsOf(rondo);
  const bad = seen.find(({ name }) => name === nameOf(bench.mirrors[0]));
  assert.ok(bad !== undefined);
  assertAnswers(row, answers, figures);
  await assertAttempts(bench, row, figures);
  assertExplained(seen);
  await assertCharged(rondo, row.rondo, bad);
  if (row.turns.every(({ mirrors }) => mirrors === 'bad')) await assertNobodyElse(rondo, seen, bad);
  for (const mirror of bench.mirrors) await mirror.clearFaults();
  await quiet(bench.world.modules, bench.divisor);
  assert.equal(await rondo.stop(), 0, rondo.stderr());
  return {
    name: row.name,
    what: row.what,
    figures,
    ...(healthy === undefined ? {} : { p99Ratio: figures.p99Ms / healthy.p99Ms }),
    state: `${bad.status}: ${bad.why}`,
  };
}

function assertAnswers(row: Row, answers: readonly Answered[], { recovery }: Figures): void {
  const told = (unwanted: readonly Answered['ending'][]): string[] =>
    answers.filter(({ ending }) => unwanted.includes(ending)).map(({ ending, said }) => `${ending}: ${said}`);
  assert.deepEqual(told(['wrong', 'unanswered']), []);
  switch (row.sees) {
    case 'right':
      return assert.deepEqual(told(['cut', 'not-found', 'failed']), []);
    case 'not-found':
      return assert.deepEqual(told(['right', 'cut', 'failed']), []);
    case 'failure':
      return assert.deepEqual(told(['right', 'cut', 'not-found']), []);
    case 'right-or-failure': {
      // An outage is never a 404, and it is over when the mirrors are back.
      assert.deepEqual(told(['cut', 'not-found']), []);
      const last = answers.at(-1);
      assert.ok(last?.ending === 'right', last?.said ?? 'nothing was asked');
      assert.ok(recovery !== undefined && recovery.firstRightMs < Infinity, 'never right again');
      const { rightShare } = recovery;
      return assert.ok(rightShare >= (row.rondo?.rightOnReturn ?? 0), `${rightShare} right on the return`);
    }
  }
}

async function assertAttempts(
  bench: SuiteBench,
  { rondo, sees, turns }: Row,
  figures: Figures,
): Promise<void> {
  if (sees === 'right-or-failure') return;
  const { requests, attemptsPerRequest } = figures;
  const attempts = Math.round(attemptsPerRequest * requests);
  const most =
    rondo?.mostAttempts === undefined ? ATTEMPTS * requests + A_FEW : rondo.mostAttempts * requests;
  assert.ok(attempts <= Math.round(most), `${attempts} attempts for ${requests} requests`);
  if (turns.length === 0 || rondo?.shares === true) return;
  const bad = (await attemptsAt(bench.mirrors.slice(0, 1))) / (rondo?.asksEach ?? 1);
  assert.ok(bad <= BAD_PART * requests + A_FEW, `${bad} of ${attempts} attempts went to the bad mirror`);
}

/**
 * That the bad mirror is in the state in which it should be, for what it did. Slowness is no end of a visit, and a later
 * failure may have taken the place of another: so either will do.
 */
async function assertCharged(rondo: ServedRondo, expected: RondoRow = {}, bad: SeenMirror): Promise<void> {
  const said = JSON.stringify(bad);
  const { states, causes } = expected;
  if (states !== undefined) assert.ok(states.includes(bad.status), said);
  if (causes?.length === 0) assert.equal(bad.lastFailure, undefined, said);
  if (causes === undefined || causes.length === 0) return;
  const metrics = await rondo.metrics();
  const visits = causes.map((cause) =>
    metrics('rondo_visits_total', { mirror: bad.name, cause, probe: 'false' }),
  );
  assert.ok(
    visits.some((count) => count > 0) || causes.some((cause) => cause === bad.lastFailure?.cause),
    `no visit came to ${causes.join(' or ')}: ${said}`,
  );
}

/** That no good mirror pays for the bad one, and that only liars are called liars. */
async function assertNobodyElse(
  rondo: ServedRondo,
  seen: readonly SeenMirror[],
  bad: SeenMirror,
): Promise<void> {
  for (const { name, status } of seen)
    assert.ok(name === bad.name || status === 'HEALTHY', JSON.stringify(seen));
  const wrong = (await rondo.metrics())('rondo_integrity_failures_total');
  assert.equal(wrong > 0, bad.status === 'QUARANTINED', `${wrong} wrong files, ${bad.status}`);
}
