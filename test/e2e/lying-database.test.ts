import assert from 'node:assert/strict';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import type { DatabaseLie } from '../support/database-lies.ts';
import { goCommand, goEnvironment, goWorkspace } from '../support/go-command.ts';
import '../support/loopback-only.ts';
import { startMirror, type MirrorProcess } from '../support/mirror-process.ts';
import { testWith } from '../support/requirements.ts';
import { execRondo, reverseCleanup, serveRondo } from '../support/rondo-process.ts';
import { tempFolder, tempProject, type Cleanup } from '../support/temp-folder.ts';
import {
  askedOf,
  assertCopyIsRight,
  assertWorks,
  chainOf,
  copyFiles,
  DATABASE,
  nameOf,
  startMirrors,
  UNSUMMED_PROJECT,
  WORLD,
} from './bench.ts';

const FORGED = 'h1:AAAAQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

function lying(...lies: readonly DatabaseLie[]): ChecksumDatabase {
  const liar = DATABASE.copy();
  liar.lie(...lies);
  return liar;
}

/** What one mirror of two does with the database; it is asked first for all of it. */
const LIES: readonly {
  readonly how: string;
  readonly lies: readonly DatabaseLie[];
  readonly charged: boolean;
}[] = [
  { how: 'wrong records', lies: [{ kind: 'wrong-record', zipH1: FORGED, modH1: FORGED }], charged: true },
  { how: 'wrong signatures', lies: [{ kind: 'bad-signature' }], charged: true },
  { how: 'signatures of another key', lies: [{ kind: 'unknown-key' }], charged: true },
  { how: 'wrong tiles', lies: [{ kind: 'wrong-tile' }], charged: true },
  { how: 'tiles of another width', lies: [{ kind: 'tile-width', by: -1 }], charged: false },
  {
    how: "other modules' records",
    lies: [{ kind: 'other-record', of: 'example.com/double@v1.5.0' }],
    charged: false,
  },
  { how: 'stale trees', lies: [{ kind: 'stale-head', size: DATABASE.size - 1 }], charged: false },
];

for (const { how, lies, charged } of LIES) {
  await testWith(['go'], `go build with an empty go.sum beside a mirror with ${how}`, async (context) => {
    const t = reverseCleanup(context);
    const [liar, honest] = await Promise.all([
      startMirror({ ...WORLD, database: lying(...lies), name: 'liar' }, t),
      startMirror({ ...WORLD, database: DATABASE, name: 'honest' }, t),
    ]);
    const workspace = await goWorkspace(t);
    const cwd = await tempProject(t, UNSUMMED_PROJECT);
    const gosumdb = DATABASE.key;
    const env = goEnvironment({ workspace, goproxy: '', gosumdb });
    const config = `proxy = ${chainOf([liar, honest])}\n[mirror "liar"]\nurl = ${liar.url}\nweight = 1000\n`;
    const rondo = await serveRondo(t, { env, config });
    const go = { workspace, cwd, goproxy: rondo.url, gosumdb, env: { GOFLAGS: '-mod=mod' } };
    assertWorks(await goCommand(['build', './...'], go), rondo.stderr());
    assertWorks(await goCommand(['mod', 'verify'], go), rondo.stderr());
    const asked = (await askedOf(liar)).filter(({ path }) => path.startsWith('/sumdb/'));
    assert.ok(
      asked.some(({ path }) => /\/(?:lookup|tile)\//.test(path)),
      'the liar was asked',
    );
    const metrics = await rondo.metrics();
    assert.equal(metrics('rondo_integrity_failures_total', { mirror: 'liar' }) > 0, charged);
    assert.equal(metrics('rondo_mirror_gate', { mirror: 'liar', state: 'QUARANTINED' }), charged ? 1 : 0);
    assert.equal(metrics('rondo_integrity_failures_total', { mirror: nameOf(honest) }), 0);
    assert.equal(metrics('rondo_security_errors_total'), 0);
    assert.equal(await rondo.stop(), 0, rondo.stderr());
    assert.ok((await assertCopyIsRight(rondo.cacheDir)) > 0);
  });
}

/** `exec go mod download PACKAGE@VERSION` by a user whose copy is `cacheDir`. */
async function download(
  t: Cleanup,
  what: string,
  mirrors: readonly MirrorProcess[],
  cacheDir: string,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const workspace = await goWorkspace(t);
  const cwd = await tempProject(t, { 'go.mod': 'module example.com/project\n\ngo 1.21\n' });
  const env = goEnvironment({ workspace, goproxy: chainOf(mirrors), gosumdb: DATABASE.key });
  return execRondo(t, ['go', 'mod', 'download', what], { env, cwd, cacheDir });
}

async function filesOf(cacheDir: string, module: string): Promise<string[]> {
  const names = await copyFiles(cacheDir);
  return names.filter((name) => name.startsWith(`${module}/@v/`) && /\.(?:mod|zip|ziphash)$/.test(name));
}

await testWith(
  ['go'],
  'a database that forks: exec exits with 4, tells both trees, keeps nothing',
  async (context) => {
    const t = reverseCleanup(context);
    const cacheDir = await tempFolder(t, 'copy');
    const mirrors = await startMirrors(t, ['a', 'b']);
    assertWorks(await download(t, 'example.com/leaf@v1.0.0', mirrors, cacheDir));
    const fork = new ChecksumDatabase(DATABASE.name);
    fork.add('example.com/evil', 'v1.0.0', FORGED, FORGED);
    for (const { path, version, zipH1, modH1 } of WORLD.modules) fork.add(path, version, zipH1, modH1);
    for (const mirror of mirrors) await mirror.publish({ ...WORLD, database: fork });
    const run = await download(t, 'example.com/m@v1.3.0', mirrors, cacheDir);
    assert.equal(run.code, 4, run.stderr);
    assert.match(run.stderr, /^rondo: SECURITY ERROR: sum\.rondo\.test has signed two trees/m);
    for (const head of [DATABASE.treeHead(), fork.treeHead()]) {
      assert.ok(run.stderr.includes(head.split('\n')[2] ?? 'no hash'), 'both trees are told');
    }
    assert.deepEqual(await filesOf(cacheDir, 'example.com/m'), []);
    // A new process, the true database again: a person has to act first.
    for (const mirror of mirrors) await mirror.publish({ ...WORLD, database: DATABASE });
    const again = await download(t, 'example.com/m@v1.3.0', mirrors, cacheDir);
    assert.notEqual(again.code, 0);
    assert.match(again.stderr, /two trees that contradict each other/);
    assert.deepEqual(await filesOf(cacheDir, 'example.com/m'), []);
  },
);

await testWith(
  ['go'],
  'a database that serves a wrong record: exec exits with 4, keeps nothing',
  async (context) => {
    const t = reverseCleanup(context);
    const cacheDir = await tempFolder(t, 'copy');
    const liar = lying({ kind: 'wrong-record', zipH1: FORGED, modH1: FORGED, match: '/example.com/m@' });
    const mirrors = await startMirrors(t, ['a', 'b'], { ...WORLD, database: liar });
    assertWorks(await download(t, 'example.com/leaf@v1.0.0', mirrors, cacheDir));
    const run = await download(t, 'example.com/m@v1.3.0', mirrors, cacheDir);
    assert.equal(run.code, 4, run.stderr);
    assert.match(run.stderr, /^rondo: SECURITY ERROR: nobody gives a record of example\.com\/m@v1\.3\.0/m);
    assert.deepEqual(await filesOf(cacheDir, 'example.com/m'), []);
    const other = await download(t, 'example.com/double@v1.5.0', mirrors, cacheDir);
    assertWorks(other);
  },
);

await testWith(
  ['go'],
  'no mirror has the database: it is asked itself, at the URL of GOSUMDB, whose name may have slashes',
  async (context) => {
    const t = reverseCleanup(context);
    const database = ChecksumDatabase.over(WORLD.modules, 'sum.rondo.test/some/path');
    const [mirror, itself] = await Promise.all([
      startMirror({ ...WORLD, name: 'mirror' }, t),
      startMirror({ modules: [], database, name: 'itself' }, t),
    ]);
    const workspace = await goWorkspace(t);
    const cwd = await tempProject(t, UNSUMMED_PROJECT);
    const gosumdb = `${database.key} ${itself.url}/sumdb/${database.name}`;
    const env = goEnvironment({
      workspace,
      goproxy: mirror.url,
      gosumdb,
      env: { GOFLAGS: '-mod=mod', RONDO_VERIFY_DIRECT: 'true' },
    });
    const cacheDir = await tempFolder(t, 'copy');
    const run = await execRondo(t, ['go', 'build', './...'], { env, cwd, cacheDir });
    assertWorks(run);
    assert.ok((await assertCopyIsRight(cacheDir)) > 0);
    const kept = (await copyFiles(cacheDir)).filter((name) => name.startsWith(`sumdb/${database.name}/`));
    assert.ok(
      kept.some((name) => name.includes('/lookup/')) && kept.some((name) => name.includes('/tile/8/')),
    );
  },
);
