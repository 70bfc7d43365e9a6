/**
 * `npm run faults`: the table of faults, each row injected with real mirrors and a real client, with the figure that it
 * reached. `--real-time`: no time is divided (some 20 minutes; 50 builds each); `--row NAME`, as often as one likes: only
 * these; `--builds N`: so many of each kind, 0 for none. Exit code 1 if an invariant did not hold.
 */
import '../support/loopback-only.ts';
import { parseArgs } from 'node:util';
import { requirement } from '../support/requirements.ts';
import { BUILD_ROWS, rowOf } from './rows/rows.ts';
import { buildBeside, getBesideHang, openBuildBench, timesOfBuilds } from './suite/builds.ts';
import { describeLine } from './suite/line.ts';
import { runElsewhere } from './suite/run-elsewhere.ts';
import { sceneOf } from './suite/scenes/scenes.ts';
import { DIVISOR, openSuite } from './suite/suite.ts';
import { withCleanup } from '../support/scoped-cleanup.ts';
import { TABLE, type Case } from './table.ts';

const { values } = parseArgs({
  options: {
    'real-time': { type: 'boolean', default: false },
    row: { type: 'string', multiple: true, default: [] },
    builds: { type: 'string' },
  },
});
const divisor = values['real-time'] ? 1 : DIVISOR;
const builds = Number(values.builds ?? (values['real-time'] ? 50 : 5));
const chosen = new Set(values.row);
let failures = 0;

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs one thing and prints what came of it. */
async function tell(what: () => Promise<string>): Promise<void> {
  try {
    print(`  ok   ${(await what()).replace(/^figures: /, '')}`);
  } catch (error) {
    failures += 1;
    print(`  FAIL ${error instanceof Error ? error.message.replaceAll('\n', '\n       ') : String(error)}`);
  }
}

function isChosen(each: Case): boolean {
  if (chosen.size === 0) return true;
  return (each.kind === 'row' || each.kind === 'scene') && chosen.has(each.name);
}

async function runTable(): Promise<void> {
  const suite = await openSuite(divisor);
  for (const { fault, sees, cases } of TABLE) {
    const some = cases.filter(isChosen);
    if (some.length > 0) print(`\n${fault}: ${sees}`);
    for (const each of some) {
      if (each.kind === 'row') await tell(async () => describeLine(await suite.row(rowOf(each.name))));
      else if (each.kind === 'scene')
        await tell(async () => describeLine(await suite.scene(sceneOf(each.name))));
      else await tell(() => runElsewhere(each.file, each.title));
    }
  }
}

async function runBuilds(): Promise<void> {
  if ((await requirement('go')).state !== 'present') return print('\nno builds: there is no go');
  const rows = BUILD_ROWS.filter(({ name }) => chosen.size === 0 || chosen.has(name));
  await withCleanup(async (t) => {
    const bench = await openBuildBench(t, divisor);
    print(`\nbuilds of 20 modules beside one bad mirror of three, copy and GOMODCACHE empty, ${builds} each`);
    await buildBeside(undefined, 1, bench);
    const good = await buildBeside(undefined, builds, bench);
    print(`  ok   good mirrors: ${timesOfBuilds(good)}`);
    for (const row of rows) {
      await tell(async () => {
        const beside = await buildBeside(row, builds, bench);
        return `${row.name}: ${timesOfBuilds(beside)}, ${(beside.medianMs / good.medianMs).toFixed(2)}x good mirrors`;
      });
    }
  });
  await tell(async () => `go get M/sub beside a hanging mirror: ${Math.round(await getBesideHang())} ms`);
}

const startedMs = performance.now();
print(divisor === 1 ? 'in real time' : `all times divided by ${divisor}`);
await runTable();
if (builds > 0) await runBuilds();
const seconds = Math.round((performance.now() - startedMs) / 1000);
print(`\n${failures === 0 ? 'everything held' : `${failures} did not hold`}, ${seconds} s`);
process.exit(failures === 0 ? 0 : 1);
