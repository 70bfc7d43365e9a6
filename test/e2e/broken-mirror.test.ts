import assert from 'node:assert/strict';
import { goCommand, goEnvironment, goWorkspace } from '../support/go-command.ts';
import { heavyMirror } from '../support/heavy-mirror.ts';
import '../support/loopback-only.ts';
import type { Fault, FaultScope } from '../support/mirror-fault.ts';
import { testWith } from '../support/requirements.ts';
import { reverseCleanup, serveRondo, type ServedRondo } from '../support/rondo-process.ts';
import { tempProject, type Cleanup } from '../support/temp-folder.ts';
import type { MirrorProcess } from '../support/mirror-process.ts';
import {
  askedOf,
  assertCopyIsRight,
  assertWorks,
  chainOf,
  DATABASE,
  NEEDED,
  PROJECT,
  startMirrors,
} from './bench.ts';

/** One way in which the first mirror is broken. */
type Row = {
  readonly how: string;
  readonly fault: Fault;
  readonly scope?: FaultScope;
  /** Without the limits of FAST. */
  readonly defaults?: true;
  /** A complete file with wrong content: the mirror lied. Anything less is an ordinary failure. */
  readonly wrong?: true;
  /** What go does besides `go mod download`. */
  readonly also?: readonly string[];
};

const SMALL: FaultScope = { kinds: ['info', 'mod', 'zip'] };
const ZIPS: FaultScope = { kinds: ['zip'] };

const ROWS: readonly Row[] = [
  { how: '503', fault: { kind: 'status', status: 503 } },
  { how: '500', fault: { kind: 'status', status: 500 } },
  { how: '429', fault: { kind: 'status', status: 429 } },
  { how: '429 with Retry-After', fault: { kind: 'status', status: 429, retryAfter: '120' } },
  { how: '403', fault: { kind: 'status', status: 403 } },
  { how: 'hard 404', fault: { kind: 'hard-404' } },
  { how: 'soft 404', fault: { kind: 'soft-404' } },
  { how: 'soft 410', fault: { kind: 'soft-404', status: 410 } },
  { how: 'slow', fault: { kind: 'slow', delayMs: 700 } },
  { how: 'hanging', fault: { kind: 'hang' } },
  { how: 'hanging, with the default limits', fault: { kind: 'hang' }, defaults: true },
  { how: 'refused', fault: { kind: 'refused' } },
  { how: 'headers dripping', fault: { kind: 'drip', part: 'headers', bytesPerSecond: 40 } },
  { how: 'bodies dripping', fault: { kind: 'drip', part: 'body', bytesPerSecond: 40 }, scope: SMALL },
  { how: 'reset before the first byte of a body', fault: { kind: 'reset', afterBytes: 0 } },
  { how: 'reset in the body', fault: { kind: 'reset' } },
  { how: 'short bodies', fault: { kind: 'short' } },
  { how: 'short bodies, by one byte', fault: { kind: 'short', afterFraction: 0.99 }, scope: ZIPS },
  { how: 'bodies cut, without a length', fault: { kind: 'cut' }, scope: SMALL },
  { how: 'stalling bodies', fault: { kind: 'stall' } },
  { how: 'excess bytes', fault: { kind: 'excess' } },
  { how: '200 with a web page', fault: { kind: 'html' } },
  { how: '200 without a byte', fault: { kind: 'empty' } },
  { how: 'corrupt zips, at the start', fault: { kind: 'corrupt', at: 'first' }, scope: ZIPS, wrong: true },
  { how: 'corrupt zips, in the middle', fault: { kind: 'corrupt', at: 'middle' }, scope: ZIPS, wrong: true },
  {
    how: 'corrupt go.mod files',
    fault: { kind: 'corrupt', at: 'middle' },
    scope: { kinds: ['mod'] },
    wrong: true,
  },
  { how: "another module's zips", fault: { kind: 'other-zip' }, scope: ZIPS, wrong: true },
  { how: '.info of another version', fault: { kind: 'other-version' }, scope: { kinds: ['info'] } },
  {
    how: 'stale lists',
    fault: { kind: 'stale-list', drop: 2 },
    scope: { kinds: ['list'] },
    also: ['list', '-m', '-versions', 'example.com/leaf'],
  },
  { how: 'reused connections closed before the answer', fault: { kind: 'keep-alive-closed' } },
  { how: 'redirects without end', fault: { kind: 'redirect', location: '{path}' } },
  { how: 'redirects to nowhere', fault: { kind: 'redirect', location: 'http://127.0.0.1:1{path}' } },
];

/** Small enough that the table is quick; the defaults have a row of their own. */
const FAST = `
[timeouts]
header_soft = 300ms
header = 1s
body_idle = 400ms
min_rate_window = 1s
agreement = 2s
[retry]
delay = 20ms
`;

/** The first mirror is the one that is picked, as long as its gate lets it. */
function configOf(mirrors: readonly MirrorProcess[], row: Row): string {
  const url = mirrors[0]?.url;
  const first = row.defaults
    ? `[mirror "broken"]\nurl = ${url}\nweight = 1000\n`
    : heavyMirror('broken', url);
  return `proxy = ${chainOf(mirrors)}\n${row.defaults ? '' : FAST}\n${first}`;
}

async function breakFirst(mirrors: readonly MirrorProcess[], { fault, scope }: Row): Promise<void> {
  for (const mirror of mirrors) {
    await mirror.clearFaults();
    await mirror.resetLog();
  }
  await mirrors[0]?.setFault(fault, scope);
}

/** That the broken mirror was asked, by its own log; one that refuses can only be seen from the other side. */
async function assertWasMet(broken: MirrorProcess, { fault }: Row, rondo: ServedRondo): Promise<void> {
  if (fault.kind === 'refused') {
    const metrics = await rondo.metrics();
    assert.ok(
      metrics('rondo_visits_total', { mirror: 'broken', cause: 'connect-refused', probe: 'false' }) >= 1,
    );
    return;
  }
  const asked = await askedOf(broken);
  const met = asked.filter(({ faults }) => faults.includes(fault.kind));
  assert.ok(met.length >= 1, `asked ${asked.length} times, never with ${fault.kind}`);
}

async function checkRow(t: Cleanup, mirrors: readonly MirrorProcess[], row: Row): Promise<void> {
  const [broken] = mirrors;
  assert.ok(broken !== undefined);
  await breakFirst(mirrors, row);
  const workspace = await goWorkspace(t);
  const cwd = await tempProject(t, PROJECT);
  const gosumdb = DATABASE.key;
  const env = goEnvironment({ workspace, goproxy: '', gosumdb });
  const rondo = await serveRondo(t, { env, config: configOf(mirrors, row) });
  const go = (...args: string[]) => goCommand(args, { workspace, cwd, goproxy: rondo.url, gosumdb });
  assertWorks(await go('mod', 'download'), rondo.stderr());
  const verified = await go('mod', 'verify');
  assert.match(verified.stdout, /all modules verified/, verified.stderr);
  if (row.also !== undefined) assertWorks(await go(...row.also), rondo.stderr());
  await assertWasMet(broken, row, rondo);
  const wrong = (await rondo.metrics())('rondo_integrity_failures_total', { mirror: 'broken' });
  assert.equal(wrong > 0, row.wrong === true, `${wrong} files with wrong content`);
  assert.equal(await rondo.stop(), 0, rondo.stderr());
  assert.ok((await assertCopyIsRight(rondo.cacheDir)) >= NEEDED.length * 4);
}

let shared: Promise<readonly MirrorProcess[]> | undefined;

/** Started once and ended with this process: only their faults differ from row to row. */
function sharedMirrors(): Promise<readonly MirrorProcess[]> {
  shared ??= startMirrors({ after: () => {} }, ['broken', 'good', 'better']);
  return shared;
}

for (const row of ROWS) {
  await testWith(['go'], `go mod download beside a first mirror with ${row.how}`, async (t) => {
    await checkRow(reverseCleanup(t), await sharedMirrors(), row);
  });
}
