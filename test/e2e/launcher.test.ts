import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { findOldNode, testWith } from '../support/requirements.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { CHECKOUT_LAUNCHER, runRondo, startRondo, stranger, type RondoOptions } from './rondo-command.ts';

const ROOT = dirname(dirname(CHECKOUT_LAUNCHER));

/** A package of Rondo in a folder of its own, seen by a Node that says it is version 20. */
async function oldNodeIn(t: TestContext) {
  const { env, home } = await stranger(t);
  const root = await tempFolder(t, 'package');
  await mkdir(join(root, 'bin'));
  await cp(CHECKOUT_LAUNCHER, join(root, 'bin', 'rondo.mjs'));
  const pretend = join(root, 'pretend.cjs');
  const versions = "{ ...process.versions, node: '20.1.0' }";
  await writeFile(pretend, `Object.defineProperty(process, 'versions', { value: ${versions} });\n`);
  const launcher = join(root, 'bin', 'rondo.mjs');
  const run = (...args: string[]) =>
    runRondo(t, args, { env: { ...env, NODE_OPTIONS: `--require ${pretend}` }, cwd: home, launcher });
  return { root, run };
}

/** This checkout's launcher, run by a Node that takes itself for an old one, which starts that of the tests. */
async function launchedByOld(t: TestContext) {
  const { root } = await oldNodeIn(t);
  await mkdir(join(root, 'node_modules', '.bin'), { recursive: true });
  const node = join(root, 'node_modules', '.bin', 'node');
  await writeFile(
    node,
    `#!/bin/sh\nunset NODE_OPTIONS\nshift\nexec '${process.execPath}' '${CHECKOUT_LAUNCHER}' "$@"\n`,
    { mode: 0o755 },
  );
  const env = { NODE_OPTIONS: `--require ${join(root, 'pretend.cjs')}` };
  return { root, options: { launcher: join(root, 'bin', 'rondo.mjs'), env } };
}

test('an old Node without another one beside it says in one line what is needed, and ends with 2', async (t) => {
  const { root, run } = await oldNodeIn(t);
  const published = await run('version');
  assert.deepEqual([published.code, published.stdout], [2, '']);
  assert.match(
    published.stderr,
    /^error: Rondo needs Node\.js 24 or newer, and this is v[\d.]+: install one\n$/,
  );
  await mkdir(join(root, 'src'));
  assert.match((await run('version')).stderr, /: install one, or run `npm ci` in .+\n$/);
});

test('an old Node hands everything to the one of the npm package, and passes its exit code on', async (t) => {
  const { root, run } = await oldNodeIn(t);
  await mkdir(join(root, 'node_modules', '.bin'), { recursive: true });
  const node = join(root, 'node_modules', '.bin', 'node');
  await writeFile(node, '#!/bin/sh\nfor word in "$@"; do echo "[$word]"; done\nexit 9\n', { mode: 0o755 });
  const { code, stdout } = await run('exec', '--', 'a b', '*');
  const launcher = await realpath(join(root, 'bin', 'rondo.mjs'));
  assert.deepEqual([code, stdout], [9, `[${launcher}]\n[exec]\n[--]\n[a b]\n[*]\n`]);
  await writeFile(node, '#!/bin/sh\nkill -TERM $$\n');
  assert.equal((await run('version')).code, 143);
});

test('what ends the launcher for good ends what it has started, as SIGTERM does', async (t) => {
  const { env, home } = await stranger(t);
  const { root, options } = await launchedByOld(t);
  const kill = async (ready: RegExp, ...args: string[]): Promise<string> => {
    const launched = startRondo(t, args, { ...options, env: { ...env, ...options.env }, cwd: home });
    await launched.written(ready);
    launched.child.kill('SIGKILL');
    // Its streams end with the last process that has them.
    await launched.ended;
    return `${launched.stdout()}${launched.stderr()}`;
  };
  const settings = ['--config', join(root, 'chain.ini'), '--cache-dir', join(root, 'copy')];
  await writeFile(join(root, 'chain.ini'), 'proxy = http://127.0.0.1:1\n');
  assert.match(
    await kill(/GOPROXY=http/, 'serve', '--port', '0', ...settings),
    /finishing what is under way/,
  );
  const code =
    "process.on('SIGTERM', () => { console.log('told'); process.exit(); }); setInterval(() => {}, 1e3); console.log('ready')";
  const said = await kill(/ready/, 'exec', ...settings, '--', process.execPath, '-e', code);
  assert.match(said, /ready\ntold\n/);
});

test('what is started within sees nothing of it, and whoever has a channel to Rondo may close it', async (t) => {
  const { env, home } = await stranger(t);
  const { root, options } = await launchedByOld(t);
  const code =
    'console.log(process.channel, Object.keys(process.env).filter((name) => /WITHIN|CHANNEL/.test(name)))';
  const words = ['exec', '--cache-dir', join(root, 'copy'), '--', process.execPath, '-e', code];
  const within = { ...options, env: { ...env, ...options.env, GOPROXY: 'direct' }, cwd: home };
  const { code: exit, stdout } = await runRondo(t, words, within);
  assert.deepEqual([exit, stdout], [0, 'undefined []\n']);
  const child = spawn(
    process.execPath,
    [CHECKOUT_LAUNCHER, 'exec', '--cache-dir', join(root, 'copy'), '--', 'cat'],
    {
      env: { ...env, GOPROXY: 'direct' },
      cwd: home,
      stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
    },
  );
  t.after(() => child.kill('SIGKILL'));
  child.disconnect();
  child.stdin?.write('goes on\n');
  const [echo] = (await once(child.stdout ?? assert.fail(), 'data')) as [Buffer];
  assert.equal(String(echo), 'goes on\n');
  child.stdin?.end();
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('a checkout without its dependencies says how to get them', async (t) => {
  const { env, home } = await stranger(t);
  const root = await tempFolder(t, 'checkout');
  await cp(join(ROOT, 'bin'), join(root, 'bin'), { recursive: true });
  await cp(join(ROOT, 'src'), join(root, 'src'), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(root, 'package.json'));
  const { code, stderr } = await runRondo(t, ['version'], {
    env,
    cwd: home,
    launcher: join(root, 'bin', 'rondo.mjs'),
  });
  assert.equal(code, 2);
  assert.match(stderr, /^error: run `npm ci` in .+ first\n$/);
});

test('npm run goes back to where the user is, once', async (t) => {
  const { env, home } = await stranger(t);
  const pwd = ['exec', '--', process.execPath, '-p', 'process.cwd()'];
  const npm = { ...env, GOPROXY: 'direct', npm_lifecycle_event: 'rondo', INIT_CWD: home };
  const here = await realpath(home);
  const where = async (options: RondoOptions) =>
    (await runRondo(t, pwd, { ...options, launcher: CHECKOUT_LAUNCHER })).stdout.trim();
  assert.equal(await where({ env: npm, cwd: ROOT }), here);
  const elsewhere = await realpath(await tempFolder(t));
  assert.equal(
    await where({ env: npm, cwd: elsewhere }),
    elsewhere,
    'a command below npm run has its own folder',
  );
  assert.equal(
    await where({ env: { ...npm, npm_lifecycle_event: 'test' }, cwd: ROOT }),
    await realpath(ROOT),
  );
});

test('the launcher works through a link, as npm installs it', async (t) => {
  const { env, home } = await stranger(t);
  const link = join(home, 'rondo');
  await symlink(CHECKOUT_LAUNCHER, link);
  assert.match((await runRondo(t, ['version'], { env, cwd: home, launcher: link })).stdout, /^rondo \d/);
});

await testWith(
  ['old-node'],
  'with an old Node alone on PATH, codes, output and signals come through',
  async (t) => {
    const { env, home } = await stranger(t);
    const folder = await findOldNode();
    assert.ok(folder !== undefined);
    const options = { env: { ...env, GOPROXY: 'direct' }, cwd: home, node: join(folder, 'node') };
    const usage = await runRondo(t, ['serve', '--prot', '1'], options);
    assert.equal(usage.code, 2);
    assert.match(usage.stderr, /hint: did you mean --port\?/);
    const code =
      "process.on('SIGTERM', () => process.exit(6)); setInterval(() => {}, 1e3); console.log('ready')";
    const rondo = startRondo(t, ['exec', '--', process.execPath, '-e', code], options);
    await rondo.written(/ready/);
    rondo.child.kill('SIGTERM');
    assert.equal(await rondo.ended, 6);
  },
);

test('--version loads nothing of the program, and starts no other Node for it', async (t) => {
  const { env, home } = await stranger(t);
  const { stdout: expected } = await runRondo(t, ['version'], { env, cwd: home });
  const root = await tempFolder(t, 'package');
  // No dist/, no src/, no node_modules/: whoever looks for any of them fails.
  await cp(join(ROOT, 'package.json'), join(root, 'package.json'));
  await mkdir(join(root, 'bin'));
  const launcher = join(root, 'bin', 'rondo.mjs');
  await cp(CHECKOUT_LAUNCHER, launcher);
  const loaded = join(root, 'loaded.cjs');
  const heavy = "['child_process', 'http', 'sqlite', 'worker_threads', 'vm', 'stream/web']";
  await writeFile(
    loaded,
    `process.on('exit', () => {
  const names = ${heavy}.filter((name) => process.moduleLoadList.includes('NativeModule ' + name));
  process.stderr.write(names.join() + '\\n');
});
`,
  );
  const options = { cwd: home, launcher, env: { ...env, NODE_OPTIONS: `--require ${loaded}` } };
  const bare = await runRondo(t, ['-e', '0'], { ...options, launcher: loaded });
  for (const flag of ['--version', '-V']) {
    const { code, stdout, stderr } = await runRondo(t, [flag], options);
    assert.deepEqual([code, stdout, stderr], [0, expected, bare.stderr], flag);
  }
  // With anything behind it, it is the program that says what it makes of it.
  assert.notEqual((await runRondo(t, ['--version', '--offline'], { ...options, env })).code, 0);
  const old = await oldNodeIn(t);
  await cp(join(ROOT, 'package.json'), join(old.root, 'package.json'));
  assert.deepEqual((await old.run('--version')).stdout, expected);
});
