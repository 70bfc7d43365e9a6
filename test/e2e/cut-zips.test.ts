import assert from 'node:assert/strict';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { bigModule, manyModules, type FixtureModule } from '../support/fixture-modules.ts';
import { goCommand, goEnvironment, goWorkspace } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import type { Fault, FaultScope } from '../support/mirror-fault.ts';
import { startMirror, type MirrorProcess } from '../support/mirror-process.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup, serveRondo } from '../support/rondo-process.ts';
import { tempProject, type Cleanup } from '../support/temp-folder.ts';
import { askedOf, assertCopyIsRight, assertWorks, chainOf, goSum } from './bench.ts';

/** The way in which the first mirror cuts every zip. */
type Row = {
  readonly how: string;
  readonly scope: FaultScope;
  /** Whether it has validators and ranges. */
  readonly ranges: boolean;
  /** How many good mirrors stand beside it. */
  readonly beside: number;
  /** Its gate never opens, so that every zip is cut once at least. */
  readonly tolerated?: true;
};

/** By FIN: of what an RST cuts, nobody can say how much has arrived. */
const CUT: Fault = { kind: 'short', afterFraction: 0.9 };

const ROWS: readonly Row[] = [
  {
    how: 'the only mirror, which sends the rest when it is asked for',
    scope: { kinds: ['zip'], whole: true },
    ranges: true,
    beside: 0,
  },
  {
    how: 'one of three, which cuts the rest as well, and the rest of that',
    scope: { kinds: ['zip'] },
    ranges: true,
    beside: 2,
    tolerated: true,
  },
  {
    how: 'one of three, without validators and without ranges',
    scope: { kinds: ['zip'] },
    ranges: false,
    beside: 2,
    tolerated: true,
  },
];

const MODULES: readonly FixtureModule[] = [
  ...(await manyModules(4)),
  ...(await Promise.all(
    [0.0625, 0.5, 2, 4].map((mib, n) => bigModule(`example.com/big${n}`, 'v1.0.0', mib)),
  )),
];
const DATABASE = ChecksumDatabase.over(MODULES);
const CONTENT_BYTES = MODULES.reduce((sum, { zip }) => sum + zip.length, 0);
const REQUIRES = MODULES.map(({ path, version }) => `\t${path} ${version}\n`).join('');
const PROJECT = {
  'go.mod': `module example.com/project\n\ngo 1.21\n\nrequire (\n${REQUIRES})\n`,
  'go.sum': goSum(MODULES),
};

/** The first is picked whenever it may be. */
function configOf(mirrors: readonly MirrorProcess[], row: Row): string {
  const first = `[mirror "cutter"]\nurl = ${mirrors[0]?.url}\nweight = 1000\n`;
  const breaker = row.tolerated === true ? '[breaker]\nfailures = 1000\n' : '';
  return `proxy = ${chainOf(mirrors)}\n${breaker}${first}`;
}

async function startRow(t: Cleanup, row: Row): Promise<MirrorProcess[]> {
  const names = ['cutter', 'good', 'better'].slice(0, row.beside + 1);
  const mirrors = await Promise.all(
    names.map((name, n) =>
      startMirror({ modules: MODULES, database: DATABASE, name, ranges: n > 0 || row.ranges }, t),
    ),
  );
  await mirrors[0]?.setFault(CUT, row.scope);
  return mirrors;
}

async function zipBytes(mirrors: readonly MirrorProcess[]): Promise<number> {
  const asked = (await Promise.all(mirrors.map(askedOf))).flat();
  return asked.filter(({ path }) => path.endsWith('.zip')).reduce((sum, { bytes }) => sum + bytes, 0);
}

for (const row of ROWS) {
  await testWith(['go'], `every zip is cut at 90% by ${row.how}`, async (context) => {
    const t = reverseCleanup(context);
    const mirrors = await startRow(t, row);
    const workspace = await goWorkspace(t);
    const gosumdb = DATABASE.key;
    const env = goEnvironment({ workspace, goproxy: '', gosumdb });
    const rondo = await serveRondo(t, { env, config: configOf(mirrors, row) });
    const cwd = await tempProject(t, PROJECT);
    // As many at a time as on a large machine.
    const go = { workspace, cwd, goproxy: rondo.url, gosumdb, env: { GOMAXPROCS: '16' } };
    const run = await goCommand(['mod', 'download'], go);
    assertWorks(run, rondo.stderr());

    const metrics = await rondo.metrics();
    assert.ok(metrics('rondo_resumed_transfers_total') >= MODULES.length, 'every zip broke');
    const received = metrics('rondo_upstream_bytes_total', { kind: 'zip' });
    const sent = await zipBytes(mirrors);
    const ratio = sent / CONTENT_BYTES;
    context.diagnostic(
      `figures: by ${row.how}: ${sent} bytes sent for ${CONTENT_BYTES} of content: ${ratio.toFixed(3)}x`,
    );
    assert.ok(ratio <= 1.3, `${ratio.toFixed(3)}x the content`);
    assert.ok(received >= CONTENT_BYTES && received <= sent);
    assert.equal(metrics('rondo_integrity_failures_total'), 0);
    assert.equal(await rondo.stop(), 0);
    assert.equal(await assertCopyIsRight(rondo.cacheDir, MODULES), MODULES.length * 4);
  });
}
