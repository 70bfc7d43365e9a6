import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { makePipe } from '../../test/support/named-pipe.ts';
import { executableCandidates, findExecutable } from './find-executable.ts';
import { goEnvFile, parseEnvFile, readGoEnvironment } from './go-env.ts';
import { userFolders } from './user-folders.ts';

test('of an environment file only lines that start with A-Z count, the last wins, nothing is quoted', () => {
  const content =
    '# GOPROXY=no\n GOPROXY=no\nGOPROXY=first\nlower=no\nGOPROXY="second" \nGOFLAGS=-x=y\nGOSUMDB=\nBARE\n=x\nCR=1\r\n';
  assert.deepEqual(Object.fromEntries(parseEnvFile(content)), {
    GOPROXY: '"second" ',
    GOFLAGS: '-x=y',
    GOSUMDB: '',
    CR: '1\r',
  });
});

test('no environment file makes the parser throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (content) => assert.ok(parseEnvFile(content) instanceof Map)),
  );
});

test('GOENV names the file or switches it off, and an empty one is unset', () => {
  assert.equal(goEnvFile({}, '/c/go'), join('/c/go', 'env'));
  assert.equal(goEnvFile({ GOENV: '' }, '/c/go'), join('/c/go', 'env'));
  assert.equal(goEnvFile({ GOENV: 'off' }, '/c/go'), undefined);
  assert.equal(goEnvFile({ GOENV: '/x/env' }, '/c/go'), '/x/env');
  assert.equal(goEnvFile({}, undefined), undefined);
});

test('commands are looked for where a shell would, on Windows never in the working folder', () => {
  const table: [string, NodeJS.Platform, Record<string, string>, string[]][] = [
    ['go', 'linux', { PATH: '/a:/b::rel' }, ['/a/go', '/b/go', '/w/go', '/w/rel/go']],
    ['./go', 'linux', { PATH: '/a' }, ['/w/go']],
    ['go', 'linux', {}, []],
    ['', 'linux', { PATH: '/a' }, []],
    [
      'go',
      'win32',
      { Path: 'C:\\a;;.;rel;D:\\b', PATHEXT: '.EXE;.CMD' },
      ['C:\\a\\go.exe', 'C:\\a\\go.cmd', 'D:\\b\\go.exe', 'D:\\b\\go.cmd'],
    ],
    ['go.exe', 'win32', { PATH: 'C:\\a' }, ['C:\\a\\go.exe']],
    ['go', 'win32', {}, []],
    ['./go.exe', 'win32', { PATH: 'C:\\a' }, ['C:\\w\\go.exe']],
    ['bin\\go', 'win32', { PATH: 'C:\\a', PATHEXT: '.EXE' }, ['C:\\w\\bin\\go.exe']],
  ];
  for (const [command, platform, env, expected] of table) {
    assert.deepEqual(
      executableCandidates(command, platform, env, platform === 'win32' ? 'C:\\w' : '/w'),
      expected,
    );
  }
});

/** A temporary folder with a Go in `sdk` and a link to its command in `bin`. */
async function machine(t: TestContext) {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'rondo-host-')));
  t.after(() => rm(root, { recursive: true, force: true }));
  const sdk = join(root, 'sdk');
  await mkdir(join(sdk, 'bin'), { recursive: true });
  await mkdir(join(sdk, 'pkg', 'tool'), { recursive: true });
  await mkdir(join(root, 'bin'));
  await mkdir(join(root, '.config', 'go'), { recursive: true });
  await writeFile(join(sdk, 'bin', 'go'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  await writeFile(join(sdk, 'go.env'), 'GOPROXY=https://default.example,direct\n');
  await symlink(join(sdk, 'bin', 'go'), join(root, 'bin', 'go'));
  const read = (env: Record<string, string>) =>
    readGoEnvironment('linux', env, userFolders('linux', env, root), root);
  return { root, sdk, read };
}

test('Go is found through links, without running it', async (t) => {
  const { root, sdk, read } = await machine(t);
  await writeFile(join(root, '.config', 'go', 'env'), 'GOPROXY=https://user.example\n');
  const go = await read({ HOME: root, PATH: join(root, 'bin') });
  assert.deepEqual([go.command, go.goroot], [join(root, 'bin', 'go'), sdk]);
  assert.equal(go.files.user.get('GOPROXY'), 'https://user.example');
  assert.equal(go.files.goroot.get('GOPROXY'), 'https://default.example,direct');
});

test('GOROOT of the user’s file goes before that of the environment, and both before PATH', async (t) => {
  const { root, read } = await machine(t);
  for (const name of ['one', 'two']) {
    await mkdir(join(root, name));
    await writeFile(join(root, name, 'go.env'), `GOSUMDB=${name}\n`);
  }
  const env = { HOME: root, PATH: join(root, 'bin'), GOROOT: join(root, 'one') };
  assert.equal((await read(env)).files.goroot.get('GOSUMDB'), 'one');
  await writeFile(join(root, '.config', 'go', 'env'), `GOROOT=${join(root, 'two')}\n`);
  assert.equal((await read(env)).files.goroot.get('GOSUMDB'), 'two');
  assert.equal((await read({ ...env, GOENV: 'off' })).files.goroot.get('GOSUMDB'), 'one');
});

test('a machine without Go has no settings, and that is no error', async (t) => {
  const { root, read } = await machine(t);
  const go = await read({ HOME: root, PATH: join(root, 'nothing') });
  assert.deepEqual(
    [go.command, go.goroot, go.files.user.size, go.files.goroot.size],
    [undefined, undefined, 0, 0],
  );
});

test('what is there but cannot be run is told apart from what is not there', async (t) => {
  const { root } = await machine(t);
  const path = join(root, 'bin', 'plain');
  await writeFile(path, 'x');
  await chmod(path, 0o644);
  const find = (command: string) => findExecutable(command, 'linux', { PATH: join(root, 'bin') }, root);
  assert.deepEqual(await find('plain'), { kind: 'not-executable', path });
  assert.deepEqual(await find('./bin'), { kind: 'not-executable', path: join(root, 'bin') });
  assert.deepEqual(await find('sdk'), { kind: 'not-found' });
  assert.deepEqual(await find('go'), { kind: 'found', path: join(root, 'bin', 'go') });
});

test('a pipe is no environment file', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'rondo-test-go-env-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  makePipe(join(folder, 'env'));
  makePipe(join(folder, 'go.env'));
  const env = { GOENV: join(folder, 'env'), GOROOT: folder };
  const go = await readGoEnvironment('linux', env, userFolders('linux', env, folder), folder);
  assert.deepEqual([go.files.user.size, go.files.goroot.size], [0, 0]);
});
