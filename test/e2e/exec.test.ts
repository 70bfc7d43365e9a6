import assert from 'node:assert/strict';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { manyModules, type FixtureModule } from '../support/fixture-modules.ts';
import { goEnvironment, goWorkspace } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import type { MirrorProcess } from '../support/mirror-process.ts';
import { testWith } from '../support/requirements.ts';
import { execRondo, parseMetrics, reverseCleanup, type ExecOptions } from '../support/rondo-process.ts';
import { tempFolder, tempProject, type Cleanup } from '../support/temp-folder.ts';
import {
  askedOf,
  assertCopyIsRight,
  assertWorks,
  chainOf,
  DATABASE,
  goSum,
  nameOf,
  PROJECT,
  startMirrors,
} from './bench.ts';

/** So many that each of four mirrors gets its share of them. */
const MODULES = await manyModules(24);
const MODULES_DATABASE = ChecksumDatabase.over(MODULES);

/** A project that needs all of `modules`, with a complete go.sum. */
function projectOf(modules: readonly FixtureModule[]): Record<string, string> {
  const requires = modules.map(({ path, version }) => `\t${path} ${version}\n`).join('');
  const imports = modules.map(({ path }) => `\t_ "${path}"\n`).join('');
  return {
    'go.mod': `module example.com/project\n\ngo 1.21\n\nrequire (\n${requires})\n`,
    'go.sum': goSum(modules),
    'main.go': `package main\n\nimport (\n${imports})\n\nfunc main() {}\n`,
  };
}

/** A fresh user with an empty GOMODCACHE in a project, and an empty copy. */
async function user(
  t: Cleanup,
  goproxy: string,
  {
    gosumdb = DATABASE.key,
    files = PROJECT,
    env = {},
  }: Partial<{
    gosumdb: string;
    files: Readonly<Record<string, string>>;
    env: Readonly<Record<string, string>>;
  }> = {},
): Promise<ExecOptions> {
  const workspace = await goWorkspace(t);
  return {
    env: goEnvironment({ workspace, goproxy, gosumdb, env }),
    cwd: await tempProject(t, files),
    cacheDir: await tempFolder(t, 'copy'),
  };
}

/** How often the summary says that `what` happened. */
function counted(stderr: string, what: 'failed over' | 'resumed'): number {
  return Number(new RegExp(`^rondo: .*?(\\d+) ${what}`, 'm').exec(stderr)?.[1] ?? 0);
}

/** A refused mirror, one that hangs, one that cuts every zip, and a good one. */
async function badChain(
  t: Cleanup,
): Promise<readonly [MirrorProcess, MirrorProcess, MirrorProcess, MirrorProcess]> {
  const served = { modules: MODULES, database: MODULES_DATABASE };
  const chain = await startMirrors(t, ['refuses', 'hangs', 'cuts', 'good'], served);
  await chain[0].setFault({ kind: 'refused' });
  await chain[1].setFault({ kind: 'hang' });
  await chain[2].setFault({ kind: 'short' }, { kinds: ['zip'] });
  return chain;
}

await testWith(
  ['go'],
  'a build through a refused, a hanging, a cutting and a good mirror',
  async (context) => {
    const t = reverseCleanup(context);
    const chain = await badChain(t);
    const options = await user(t, chainOf(chain), {
      gosumdb: MODULES_DATABASE.key,
      files: projectOf(MODULES),
    });
    const run = await execRondo(t, ['go', 'build', './...'], options);
    assertWorks(run);
    context.diagnostic(run.stderr.trim());
    const [, hangs, cuts] = chain;
    assert.ok((await askedOf(hangs)).length >= 1, 'the hanging one was asked');
    const cutZips = (await askedOf(cuts)).filter(({ faults }) => faults.includes('short'));
    assert.ok(cutZips.length >= 1, 'the cutting one was asked for a zip');
    assert.ok(counted(run.stderr, 'failed over') >= 1, run.stderr);
    assert.ok(counted(run.stderr, 'resumed') >= 1, run.stderr);
    // go needed no .info, so three files of each module.
    assert.ok((await assertCopyIsRight(options.cacheDir, MODULES)) >= MODULES.length * 3);
  },
);

await testWith(
  ['go'],
  'the one that refuses was asked too: the metrics of the private proxy say so',
  async (context) => {
    const t = reverseCleanup(context);
    const chain = await badChain(t);
    const options = await user(t, chainOf(chain), {
      gosumdb: MODULES_DATABASE.key,
      files: projectOf(MODULES),
      env: { NODE: process.execPath },
    });
    const script =
      'await fetch(process.env.GOPROXY + "/metrics").then(async (a) => console.log(await a.text()))';
    const shell = `go build ./... && exec "$NODE" --input-type=module -e '${script}'`;
    const run = await execRondo(t, ['sh', '-c', shell], options);
    assertWorks(run);
    const metrics = parseMetrics(run.stdout);
    const refused = { mirror: nameOf(chain[0]), cause: 'connect-refused', probe: 'false' };
    assert.ok(metrics('rondo_visits_total', refused) >= 1, run.stdout);
    assert.ok(metrics('rondo_failovers_total', { from: nameOf(chain[0]) }) >= 1, run.stdout);
  },
);

await testWith(['go'], "go's own failure is passed on, and its words with it", async (context) => {
  const t = reverseCleanup(context);
  const [mirror] = await startMirrors(t, ['a']);
  const broken = { ...PROJECT, 'main.go': 'package main\n\nfunc main() { undefined() }\n' };
  const run = await execRondo(t, ['go', 'build', './...'], await user(t, mirror.url, { files: broken }));
  assert.equal(run.code, 1);
  assert.match(run.stderr, /undefined: undefined/);
  assert.match(run.stderr, /^rondo: \d+ requests?/m);
});

await testWith(['go'], 'two at once on one copy are right', async (context) => {
  const t = reverseCleanup(context);
  const served = { modules: MODULES, database: MODULES_DATABASE };
  const mirrors = await startMirrors(t, ['a', 'b'], served);
  for (const mirror of mirrors) await mirror.setFault({ kind: 'paced', overMs: 200 }, { kinds: ['zip'] });
  const cacheDir = await tempFolder(t, 'copy');
  const settings = { gosumdb: MODULES_DATABASE.key, files: projectOf(MODULES) };
  const runs = await Promise.all(
    [0, 1].map(async () => {
      const options = { ...(await user(t, chainOf(mirrors), settings)), cacheDir };
      return execRondo(t, ['sh', '-c', 'go mod download && go build ./... && go mod verify'], options);
    }),
  );
  for (const run of runs) {
    assertWorks(run);
    assert.match(run.stdout, /all modules verified/);
  }
  assert.equal(await assertCopyIsRight(cacheDir, MODULES), MODULES.length * 4);
  const offline = { ...(await user(t, chainOf(mirrors), settings)), cacheDir, offline: true };
  assertWorks(await execRondo(t, ['go', 'build', './...'], offline));
});

/** What CMD sees of GOPROXY and GOSUMDB where Rondo itself is told these. */
async function seen(
  t: Cleanup,
  goproxy: string,
  gosumdb: string,
): Promise<{ stdout: string; stderr: string }> {
  const run = await execRondo(
    t,
    ['sh', '-c', 'echo "$GOPROXY $GOSUMDB"'],
    await user(t, goproxy, { gosumdb }),
  );
  assertWorks(run);
  return run;
}

await testWith(
  ['go'],
  'CMD gets the end of the chain, and a GOSUMDB that stays on the proxy',
  async (context) => {
    const t = reverseCleanup(context);
    const [mirror] = await startMirrors(t, ['a']);
    const { key } = DATABASE;
    for (const end of ['', ',direct', '|direct', ',off']) {
      const { stdout } = await seen(t, `${mirror.url}${end}`, key);
      const [proxy = '', sumdb] = stdout.trim().split(' ');
      assert.match(proxy, /^http:\/\/127\.0\.0\.1:\d+(?:[,|]\w+)?$/);
      assert.ok(proxy.endsWith(end) && !proxy.includes(mirror.url), proxy);
      assert.equal(sumdb, key);
    }
    const withUrl = await seen(t, mirror.url, `${key} ${mirror.url}/sumdb`);
    assert.ok(withUrl.stdout.endsWith(` ${key}\n`), withUrl.stdout);
    // A chain of nothing but direct or off is handed on as it is: there is nothing to stand in front of.
    for (const chain of ['direct', 'off']) {
      const { stdout, stderr } = await seen(t, chain, key);
      assert.equal(stdout, `${chain} ${key}\n`);
      const only = `environment GOPROXY names no mirror (only ${chain}): sh runs without Rondo`;
      assert.equal(stderr, `warning: ${only}\n`);
    }
  },
);
