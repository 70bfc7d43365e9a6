import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ChecksumDatabase } from '../support/checksum-database.ts';
import { filledCopy, keyOf, type FilledCopy } from '../support/filled-copy.ts';
import { fixtureModule, type FixtureModule } from '../support/fixture-modules.ts';
import '../support/loopback-only.ts';
import { reverseCleanup } from '../support/rondo-process.ts';
import { tempFolder, type Cleanup } from '../support/temp-folder.ts';
import { twoFacedZip } from '../support/two-faced-zip.ts';
import { LAUNCHER } from './rondo-command.ts';

const VERSION = '1.26.8';
const PLATFORMS = ['linux-amd64', 'linux-arm64', 'darwin-arm64', 'windows-amd64'];

/** A go that knows its own version and where it lies. */
const GO = `#!/bin/sh\nif [ "$1" = version ]; then echo "go version go${VERSION} fixture"; else echo "GOROOT=$GOROOT"; fi\n`;

function toolchain(platform: string): Promise<FixtureModule> {
  const program = platform.startsWith('windows') ? 'bin/go.exe' : 'bin/go';
  return fixtureModule({
    path: 'golang.org/toolchain',
    version: `v0.0.1-go${VERSION}.${platform}`,
    files: {
      [program]: GO,
      'pkg/tool/x/compile': 'x',
      VERSION: `go${VERSION}\n`,
      'src/_go.mod': 'module std\n',
    },
  });
}

const TOOLCHAINS = await Promise.all(PLATFORMS.map(toolchain));
const DATABASE = ChecksumDatabase.over(TOOLCHAINS);

/** A user on a machine without Go: PATH has a shell's own commands, node and rondo alone. */
async function bareMachine(t: Cleanup): Promise<FilledCopy & { readonly bin: string }> {
  const bin = await tempFolder(t, 'bin');
  for (const name of ['sh', 'bash', 'env', 'cat', 'uname']) {
    const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
    if (found !== '') await symlink(found, join(bin, name));
  }
  await symlink(process.execPath, join(bin, 'node'));
  await writeFile(join(bin, 'rondo'), `#!/bin/sh\nexec node '${LAUNCHER}' "$@"\n`, { mode: 0o755 });
  const copy = await filledCopy(t, [], { modules: TOOLCHAINS, database: DATABASE });
  return { ...copy.withEnv({ PATH: bin, SHELL: '/bin/bash' }), bin };
}

function shell(
  { env, home }: FilledCopy,
  script: string,
): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], {
    env,
    cwd: home,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { code: status, stdout, stderr };
}

// tidy: long because each step stands on the one before it
test('from a machine without Go to one with it: doctor says what to do, and that works', async (context) => {
  const t = reverseCleanup(context);
  const machine = await bareMachine(t);
  const before = await machine.rondo('doctor', '--json');
  assert.equal(before.code, 1, before.stderr);
  const { findings } = JSON.parse(before.stdout) as { findings: { id: string; fix: string }[] };
  assert.deepEqual(
    findings.map(({ id, fix }) => [id, fix]),
    [['go.missing', `rondo toolchain install ${VERSION} && eval "$(rondo env)"`]],
  );

  const noGo = await machine.rondo('exec', '--', 'go', 'version');
  assert.equal(noGo.code, 127);
  assert.equal(
    noGo.stderr,
    `error: there is no go on PATH (E_USAGE)\nhint: rondo toolchain install ${VERSION}\n`,
  );
  const [own] = PLATFORMS.slice(process.arch === 'arm64' ? 1 : 0);
  const absent = await machine.rondo('toolchain', 'install', '1.99.9');
  assert.equal(absent.code, 1, absent.stderr);
  const platform = (own ?? '').replace('-', '/');
  assert.ok(
    absent.stderr.includes(`error: no mirror gives Go 1.99.9 for ${platform} (E_NOT_FOUND)\n`),
    absent.stderr,
  );
  assert.ok(
    absent.stderr.endsWith(
      `hint: the newest for ${platform}: ${VERSION}; which others there are: https://go.dev/dl\n`,
    ),
    absent.stderr,
  );

  // As it was said, in a shell of theirs.
  const done = shell(machine, `${findings[0]?.fix ?? ''} && go version && go env && echo "$PATH"`);
  assert.equal(done.code, 0, done.stderr);
  const [path = '', version, goroot, shellPath = ''] = done.stdout.trim().split('\n');
  assert.equal(version, `go version go${VERSION} fixture`);
  assert.equal(goroot, `GOROOT=${path}`);
  assert.equal(
    path,
    join(
      machine.home,
      '.local',
      'share',
      'rondo',
      'toolchains',
      `go${VERSION}.${PLATFORMS[process.arch === 'arm64' ? 1 : 0]}`,
    ),
  );
  assert.deepEqual(shellPath.split(':'), [`${path}/bin`, `${machine.home}/go/bin`, machine.bin]);
  assert.equal(await readFile(join(path, 'src', 'go.mod'), 'utf8'), 'module std\n');

  const again = await machine.rondo('toolchain', 'install', `go${VERSION}`);
  assert.deepEqual([again.code, again.stdout.trim()], [0, path]);
  assert.match(again.stderr, /is there already/);
  const list = await machine.rondo('toolchain', 'ls');
  assert.match(
    (await machine.rondo('exec', '--', 'go', 'version')).stderr,
    /no go on PATH[^]*hint: rondo has installed a Go; .*eval "\$\(rondo env\)"\n$/,
  );
  assert.match(list.stdout, new RegExp(`^go${VERSION}  linux/\\w+  ${path}\\n$`));
});

test('for other systems, into a folder of their own', async (context) => {
  const t = reverseCleanup(context);
  const machine = await bareMachine(t);
  const dir = join(await tempFolder(t), 'toolchains');
  for (const [os, arch, program] of [
    ['darwin', 'arm64', 'go'],
    ['windows', 'amd64', 'go.exe'],
  ] as const) {
    const run = await machine.rondo(
      'toolchain',
      'install',
      VERSION,
      '--os',
      os,
      '--arch',
      arch,
      '--dir',
      dir,
    );
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual(await readdir(join(dir, `go${VERSION}.${os}-${arch}`, 'bin')), [program]);
  }
  const none = await machine.rondo(
    'toolchain',
    'install',
    VERSION,
    '--os',
    'plan9',
    '--arch',
    'amd64',
    '--dir',
    dir,
  );
  assert.equal(none.code, 1, none.stderr);
  assert.match(none.stderr, /E_NOT_FOUND|E_NOT_IN_CHECKSUM_DB/);
  const pair = await machine.rondo('toolchain', 'install', VERSION, '--os', 'plan9', '--arch', 'arm64');
  assert.equal(pair.code, 2);
  assert.match(
    pair.stderr,
    /there is no Go for plan9\/arm64 \(E_USAGE\)\nhint: --arch, of which Go has for plan9: 386, amd64, arm\n$/,
  );
  assert.deepEqual((await readdir(dir)).length, 2);
  const foreign = await machine.rondo('env', '--dir', dir);
  assert.equal(foreign.code, 2, 'none of them is for this machine');
  assert.match(foreign.stderr, /hint: rondo toolchain install/);
});

test('its lines are written into the start file, and out of it', async (context) => {
  const machine = await bareMachine(reverseCleanup(context));
  assert.equal((await machine.rondo('toolchain', 'install', VERSION)).code, 0);
  // A file that was not there before goes again; one that was there stays, also if it is empty.
  const start = join(machine.home, '.bashrc');
  assert.equal((await machine.rondo('env', '--write')).code, 0);
  assert.match((await machine.rondo('env', '--write')).stderr, /has these lines already/);
  assert.equal((await machine.rondo('env', '--undo', '--yes')).code, 0);
  await assert.rejects(stat(start), { code: 'ENOENT' });
  await writeFile(start, '');
  assert.equal((await machine.rondo('env', '--write')).code, 0);
  assert.equal((await machine.rondo('env', '--undo', '--yes')).code, 0);
  assert.equal(await readFile(start, 'utf8'), '');
  await writeFile(join(machine.home, '.bashrc'), 'alias ll=ls');
  const written = await machine.rondo('env', '--write');
  assert.equal(written.code, 0, written.stderr);
  const text = await readFile(join(machine.home, '.bashrc'), 'utf8');
  assert.match(text, /^alias ll=ls\n\n# >>> rondo env >>>\nexport GOROOT=/);
  const version = shell(machine, '. ~/.bashrc && go version');
  assert.equal(version.stdout, `go version go${VERSION} fixture\n`, version.stderr);
  assert.equal((await machine.rondo('env', '--undo', '--yes')).code, 0);
  assert.equal(await readFile(join(machine.home, '.bashrc'), 'utf8'), 'alias ll=ls\n');
});

test('what is installed is what was hashed, whatever another reader of the zip would see', async (context) => {
  const t = reverseCleanup(context);
  const [os, arch] = ['plan9', 'amd64'];
  const honest = await fixtureModule({
    path: 'golang.org/toolchain',
    version: `v0.0.1-go${VERSION}.${os}-${arch}`,
    files: { 'bin/go': GO },
  });
  // The database knows GO; a reader that follows the other directory finds a program of the mirror's.
  const name = `${honest.path}@${honest.version}/bin/go`;
  const hostile = { ...honest, zip: twoFacedZip(name, { shown: GO, hidden: '#!/bin/sh\necho evil\n' }) };
  const database = ChecksumDatabase.over([honest]);
  const machine = await filledCopy(t, [], { modules: [hostile], database });
  const dir = join(await tempFolder(t), 'toolchains');
  const words = ['toolchain', 'install', VERSION, '--os', os, '--arch', arch, '--dir', dir];
  const run = await machine.rondo(...words);
  assert.equal(run.code, 0, run.stderr);
  const path = join(dir, `go${VERSION}.${os}-${arch}`);
  assert.equal(await readFile(join(path, 'bin', 'go'), 'utf8'), GO);

  // Changed in the copy since, so that nobody sees it: as large, as old, and sound as a zip.
  await rm(path, { recursive: true });
  const kept = machine.pathOf(keyOf(honest, 'zip'));
  const { size } = await stat(kept);
  const time = join(dir, '..', 'time');
  await writeFile(time, '');
  // To the nanosecond, which node cannot set.
  spawnSync('touch', ['-r', kept, time]);
  const other = twoFacedZip(name, {
    shown: GO.replace('fixture', 'changed'),
    hidden: '#!/bin/sh\necho evil\n',
  });
  assert.equal(other.length, size);
  await chmod(kept, 0o600);
  await writeFile(kept, other);
  spawnSync('touch', ['-r', time, kept]);
  const changed = await machine.rondo(...words);
  assert.equal(changed.code, 4, changed.stderr);
  assert.match(changed.stderr, /E_CHECKSUM_MISMATCH[^]*hint: rondo cache verify --repair/);
  assert.deepEqual(await readdir(dir), [], 'nothing of it is left');
  const repaired = await machine.rondo('cache', 'verify', '--repair');
  assert.equal((await machine.rondo(...words)).code, 0, repaired.stderr);
  assert.equal(await readFile(join(path, 'bin', 'go'), 'utf8'), GO);
});

test('a toolchain that nobody vouches for is not installed, and words that name none are told why', async (context) => {
  const t = reverseCleanup(context);
  const machine = await bareMachine(t);
  const off = await machine.withEnv({ GOSUMDB: 'off' }).rondo('toolchain', 'install', VERSION);
  // As for go, there is no way round the database: sum.golang.org is asked, which nobody here passes on.
  assert.equal(off.code, 3, off.stderr);
  assert.match(off.stderr, /E_CHECKSUM_DB_UNREACHABLE/);
  for (const [word, why] of [
    ['1.26', /a toolchain is 1\.26\.0 or later/],
    ['latest', /it is no version of Go/],
    ['1.20.3', /from 1\.21\.0 on/],
  ] as const) {
    const run = await machine.rondo('toolchain', 'install', word);
    assert.equal(run.code, 2);
    assert.match(run.stderr, why);
  }
  await mkdir(join(machine.home, '.config'), { recursive: true });
  const shells = await machine.withEnv({ SHELL: '/bin/tcsh' }).rondo('env');
  assert.equal(shells.code, 2);
  assert.match(shells.stderr, /hint: rondo env --shell bash\|zsh\|fish\|pwsh/);
});
