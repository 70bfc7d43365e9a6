import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { tempFolder } from '../support/temp-folder.ts';
import { stranger } from './rondo-command.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..', '..');
const NEEDED_TO_PACK = [
  'package.json',
  '.npmrc',
  'README.md',
  'LICENSE',
  'bin',
  'src',
  'scripts',
  'dashboard',
  'tsconfig.json',
];

/** The page's names without their hashes. */
const PACKED = [
  'LICENSE',
  'README.md',
  'bin/rondo.mjs',
  'dist/THIRD-PARTY.txt',
  'dist/dashboard/THIRD-PARTY.txt',
  'dist/dashboard/icon.svg',
  'dist/dashboard/icon.svg.br',
  'dist/dashboard/icon.svg.gz',
  'dist/dashboard/index.css',
  'dist/dashboard/index.css.br',
  'dist/dashboard/index.css.gz',
  'dist/dashboard/index.html',
  'dist/dashboard/index.html.br',
  'dist/dashboard/index.html.gz',
  'dist/dashboard/index.js',
  'dist/dashboard/index.js.br',
  'dist/dashboard/index.js.gz',
  'dist/hash-worker.js',
  'dist/otlp-export.js',
  'dist/rondo.js',
  'package.json',
];

test('what npm packs installs without a registry, and runs commands as `rondo exec`', async (t) => {
  const { env, home } = await stranger(t);
  const options = { env: { ...env, PATH: [dirname(process.execPath), env['PATH']].join(delimiter) } };
  // A copy, since packing builds: whoever uses the checkout's dist/ now is not to lose it.
  const checkout = await tempFolder(t, 'checkout');
  for (const name of NEEDED_TO_PACK) await cp(join(ROOT, name), join(checkout, name), { recursive: true });
  await mkdir(join(checkout, 'dist'));
  await writeFile(join(checkout, 'dist', 'of-an-old-build.js'), '');
  await symlink(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
  const packed = await run('npm', ['pack', '--json'], { ...options, cwd: checkout });
  const [, listing = '[]'] = /(?:^|\n)(\[\n[\s\S]*\]|\{\n[\s\S]*\})\s*$/.exec(packed.stdout) ?? [];
  const [tarball] = Object.values(JSON.parse(listing) as { filename: string; files: { path: string }[] }[]);
  assert.ok(tarball !== undefined);
  const paths = tarball.files.map(({ path }) => path.replace(/(dashboard\/\w+)-[\w-]{8}\./, '$1.'));
  assert.deepEqual(paths.sort(), PACKED);

  const folder = await tempFolder(t, 'installed');
  const quiet = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', ...quiet, join(checkout, tarball.filename)], { ...options, cwd: folder });
  const installed = await readdir(join(folder, 'node_modules'));
  assert.deepEqual(
    installed.filter((name) => !name.startsWith('.')),
    ['rondo'],
    'and nothing else',
  );

  const rondo = join(folder, 'node_modules', '.bin', 'rondo');
  // The program keeps what is compiled in a place of its own.
  const userEnv = { ...options.env, NODE_COMPILE_CACHE: '', GOPROXY: 'http://127.0.0.1:9' };
  const version = await run(rondo, ['--version'], { cwd: home, env: userEnv });
  assert.match(version.stdout, /^rondo \d+\.\d+\.\d+\n$/);
  const code = 'console.log(process.env.GOPROXY); process.exit(7)';
  const args = ['exec', '--', process.execPath, '-e', code];
  const failed = await run(rondo, args, { cwd: home, env: userEnv }).then(
    () => assert.fail('the exit code was lost'),
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  );
  assert.deepEqual([failed.code, failed.stderr], [7, 'rondo: 0 requests; 0 B\n']);
  assert.match(failed.stdout, /^http:\/\/127\.0\.0\.1:\d+\n$/);
  const compiled = await readdir(join(home, '.cache', 'rondo', 'compiled'), { recursive: true });
  assert.ok(compiled.length > 1, 'the compiled program is kept for the next start');
});
