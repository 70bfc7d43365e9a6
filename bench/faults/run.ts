/**
 * `npm run bench:faults`: Rondo and other proxies in front of mirrors that go bad. Words on stderr, the table (or JSON)
 * on stdout. Exit code 0 whatever came out, 1 where it broke off, 2 for wrong arguments, 130 when interrupted.
 */
import { mkdtempSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import '../../test/support/loopback-only.ts';
import type { Row } from '../../test/faults/rows/row.ts';
import { removeTree } from '../../test/support/temp-folder.ts';
import { CleanUp } from '../frame/clean-up.ts';
import { loadAverages, thisMachine } from '../frame/machine.ts';
import { factsOf } from '../frame/results.ts';
import { scrub } from '../frame/scrub.ts';
import type { SubjectSearch } from '../frame/types.ts';
import { CADDY } from '../subjects/caddy.ts';
import { findPeers } from '../subjects/find-subjects.ts';
import { GOPROXY } from '../subjects/goproxy.ts';
import { HAPROXY } from '../subjects/haproxy.ts';
import { NGINX_BALANCER } from '../subjects/nginx.ts';
import { installRondo } from '../subjects/rondo.ts';
import { FAULTS_HELP, parseFaultArguments, type FaultArguments } from './arguments.ts';
import { chosenRows } from './compared-rows.ts';
import { CONDITIONS } from './conditions.ts';
import type { FaultResults } from './fault-results.ts';
import { laneWorld, measureRow, openLanes, type Lane, type LaneWorld } from './lanes.ts';
import { faultTable } from './table.ts';
import { writeFaultResults } from './write-fault-results.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** By which `--quick` divides all times. */
const QUICK_DIVISOR = 4;
/** In characters: programs say much when they fail. */
const LONGEST_NOTE = 500;

const BESIDE = [NGINX_BALANCER, HAPROXY, CADDY, GOPROXY];

function words(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function findAll({ beside }: FaultArguments): Promise<SubjectSearch[]> {
  const wanted = BESIDE.filter(({ name }) => beside.length === 0 || beside.includes(name));
  const peers = await findPeers(process.env, wanted);
  for (const peer of peers) if (peer.state === 'missing') words(`${peer.label} is missing: ${peer.reason}`);
  words('bundling Rondo');
  const { subject } = await installRondo(ROOT);
  return [{ state: 'found', subject }, ...peers];
}

/** Results are written after every row: a long comparison that is interrupted has not been for nothing. */
async function compare(args: FaultArguments, rows: readonly Row[], signal: AbortSignal): Promise<number> {
  const startedMs = performance.now();
  const before = loadAverages();
  const searches = await findAll(args);
  const subjects = searches.flatMap((search) => (search.state === 'found' ? search.subject : []));
  const folder = mkdtempSync(join(tmpdir(), 'rondo-bench-faults-'));
  const cleanup = new CleanUp();
  cleanup.after(() => removeTree(folder));
  let results: FaultResults = {
    schema: 1,
    kind: 'faults',
    date: new Date().toISOString().slice(0, 10),
    startedAt: new Date().toISOString(),
    tookSeconds: 0,
    runs: args.runs,
    quick: args.quick,
    machine: thisMachine(),
    loadAverages: { before, after: before },
    subjects: searches.map(factsOf),
    rows: [],
    conditions: CONDITIONS,
    notes: [],
    samples: [],
  };
  const note = (text: string): void => {
    const line = text.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_NOTE);
    results = { ...results, notes: [...results.notes, scrub(line, [folder, ROOT, tmpdir(), homedir()])] };
    words(line);
  };
  const keep = (): void => {
    const tookSeconds = Math.round(performance.now() - startedMs) / 1000;
    results = { ...results, tookSeconds, loadAverages: { before, after: loadAverages() } };
    writeFaultResults(args.outFolder, results);
  };
  const measure = async (row: Row, lanes: readonly Lane[], world: LaneWorld) => {
    for (let run = 0; run < args.runs && !signal.aborted; run += 1) {
      words(`${row.name}, run ${run + 1} of ${args.runs}`);
      const divisor = args.quick ? QUICK_DIVISOR : 1;
      const samples = await measureRow(row, lanes, { world, run, divisor, folder, cleanup, note });
      results = { ...results, samples: [...results.samples, ...samples] };
    }
  };
  try {
    words('making modules, starting mirrors');
    const world = await laneWorld();
    const lanes = await openLanes(subjects, world, cleanup);
    for (const row of rows) {
      if (signal.aborted) break;
      const { name, what, sees } = row;
      results = { ...results, rows: [...results.rows, { name, what, sees }] };
      await measure(row, lanes, world);
      keep();
    }
  } finally {
    for (const error of await cleanup.run()) words(`clean-up: ${String(error)}`);
  }
  process.stdout.write(args.json ? `${JSON.stringify(results, undefined, 1)}\n` : faultTable(results));
  return signal.aborted ? 130 : 0;
}

async function main(): Promise<number> {
  let args: FaultArguments;
  let rows: readonly Row[];
  try {
    args = parseFaultArguments(process.argv.slice(2), join(ROOT, 'bench', 'results'));
    rows = chosenRows(args.rows);
    const known: readonly string[] = BESIDE.map(({ name }) => name);
    const unknown = args.beside.find((name) => !known.includes(name));
    if (unknown !== undefined) throw new Error(`nobody is called ${unknown}: there are ${known.join(', ')}`);
  } catch (error) {
    words(
      `error: ${error instanceof Error ? error.message : String(error)}\nhint: npm run bench:faults -- --help`,
    );
    return 2;
  }
  if (args.help) {
    process.stdout.write(FAULTS_HELP);
    return 0;
  }
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => controller.abort(new Error('interrupted')));
  return compare(args, rows, controller.signal);
}

try {
  process.exitCode = await main();
} catch (error) {
  words(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
