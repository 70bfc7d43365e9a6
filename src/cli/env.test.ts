import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandContext } from '../../test/support/cli-context.ts';
import { testWith } from '../../test/support/requirements.ts';
import { tempFolder, type Cleanup } from '../../test/support/temp-folder.ts';
import { env } from './env.ts';

/** A user of bash who has a Go. */
async function user(t: Cleanup): Promise<{ home: string; env: Record<string, string>; file: string }> {
  const home = await tempFolder(t, 'home');
  const goroot = join(home, 'go1');
  await mkdir(join(goroot, 'bin'), { recursive: true });
  const file = join(home, '.bashrc');
  await writeFile(file, 'alias ll=ls\n');
  return { home, env: { HOME: home, SHELL: '/bin/bash', GOROOT: goroot, GOENV: 'off', PATH: '' }, file };
}

test('whoever sits at a terminal is asked before the start file is written', async (t) => {
  const own = await user(t);
  const asked: string[] = [];
  const answering = (answer: boolean): ReturnType<typeof commandContext> =>
    commandContext({
      ...own,
      cwd: own.home,
      answer: (question) => {
        asked.push(question);
        return answer;
      },
    });
  const no = answering(false);
  assert.equal(await env({ write: true }, no.context), 0);
  assert.deepEqual(asked, [`Write these lines to ${own.file}?`]);
  assert.match(no.stderr(), /^ {2}export GOROOT=[^]*rondo: .*\.bashrc is as it was\n$/);
  assert.equal(await readFile(own.file, 'utf8'), 'alias ll=ls\n');

  const yes = answering(true);
  await env({ write: true }, yes.context);
  assert.equal(asked.length, 2);
  assert.match(await readFile(own.file, 'utf8'), /^alias ll=ls\n\n# >>> rondo env >>>\nexport GOROOT=/);
  const again = answering(true);
  await env({ write: true }, again.context);
  assert.equal(asked.length, 2, 'nothing is to be written');
  assert.match(again.stderr(), /has these lines already\n$/);
});

test('--yes answers, and where nobody can be asked the option does', async (t) => {
  for (const [flags, answer] of [
    [{ write: true, yes: true }, () => assert.fail('asked')],
    [{ write: true }, undefined],
  ] as const) {
    const own = await user(t);
    const { context } = commandContext({
      ...own,
      cwd: own.home,
      ...(answer === undefined ? {} : { answer }),
    });
    assert.equal(await env(flags, context), 0);
    assert.match(await readFile(own.file, 'utf8'), /# >>> rondo env >>>/);
  }
});

test('on macOS the file that bash reads is written, and none that is there is hidden', async (t) => {
  for (const [there, written] of [
    [['.profile'], '.profile'],
    [['.profile', '.bash_login'], '.bash_login'],
    [['.profile', '.bash_profile'], '.bash_profile'],
    [[], '.bash_profile'],
  ] as const) {
    const own = await user(t);
    for (const name of there) await writeFile(join(own.home, name), 'export OWN=1\n');
    const { context } = commandContext({ ...own, cwd: own.home });
    const mac = { ...context, platform: 'darwin' as const };
    assert.equal(await env({ write: true, yes: true }, mac), 0);
    assert.match(await readFile(join(own.home, written), 'utf8'), /# >>> rondo env >>>/, written);
    if (written !== '.bash_profile') await assert.rejects(stat(join(own.home, '.bash_profile')));
    assert.equal(await env({ undo: true, yes: true }, mac), 0);
    for (const name of there) assert.equal(await readFile(join(own.home, name), 'utf8'), 'export OWN=1\n');
    if (there.length === 0) await assert.rejects(stat(join(own.home, written)));
  }
});

test('--undo asks as well, takes no for no, and does nothing where nobody can be asked', async (t) => {
  const own = await user(t);
  const at = { ...own, cwd: own.home };
  await env({ write: true, yes: true }, commandContext(at).context);
  const written = await readFile(own.file, 'utf8');
  await assert.rejects(env({ undo: true }, commandContext(at).context), {
    code: 'E_USAGE',
    hint: 'rondo env --undo --yes',
  });
  const asked: string[] = [];
  const no = commandContext({ ...at, answer: (question) => asked.push(question) < 0 });
  assert.equal(await env({ undo: true }, no.context), 0);
  assert.deepEqual(asked, [`Take the lines of Rondo out of ${own.file}?`]);
  assert.equal(await readFile(own.file, 'utf8'), written);
  await env({ undo: true }, commandContext({ ...at, answer: () => true }).context);
  assert.equal(await readFile(own.file, 'utf8'), 'alias ll=ls\n');
});

test('what takes it out again names the shell that was named', async (t) => {
  const own = await user(t);
  const at = { ...own, cwd: own.home };
  const fish = commandContext(at);
  await env({ write: true, shell: 'fish' }, fish.context);
  assert.match(
    fish.stderr(),
    /config\.fish; a new shell reads it; to take it out: rondo env --shell fish --undo\n$/,
  );
  await assert.rejects(env({ undo: true, shell: 'fish' }, commandContext(at).context), {
    hint: 'rondo env --shell fish --undo --yes',
  });
});

/** What a login shell of this user has, and what its user's own files set. */
function login(program: string, home: string): string {
  const run = spawnSync(program, ['-l', '-c', String.raw`printf '%s\n' "$GOROOT" "$OWN" "$PATH"`], {
    cwd: home,
    env: { HOME: home, PATH: '/usr/bin:/bin' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  assert.equal(run.stderr, '');
  return run.stdout;
}

await testWith(
  ['bash'],
  'a login shell has what is written, and what its user had there before',
  async (t) => {
    for (const [shell, there, own] of [
      ['bash', [], ''],
      ['bash', ['.profile'], '.profile'],
      ['bash', ['.profile', '.bash_login'], '.bash_login'],
      ['bash', ['.profile', '.bash_profile'], '.bash_profile'],
      ['sh', [], ''],
      ['sh', ['.profile'], '.profile'],
    ] as const) {
      const its = await user(t);
      for (const name of there) await writeFile(join(its.home, name), `export OWN=${name}\n`);
      const { context } = commandContext({
        ...its,
        env: { ...its.env, SHELL: `/bin/${shell}` },
        cwd: its.home,
      });
      const mac = { ...context, platform: 'darwin' as const };
      await env({ write: true }, mac);
      const goroot = join(its.home, 'go1');
      const [first, second, path = ''] = login(shell, its.home).split('\n');
      assert.deepEqual([first, second], [goroot, own], `${shell}: ${there.join(' ')}`);
      assert.equal(path.split(':')[0], join(goroot, 'bin'));
      if (there.length > 0) continue;
      // What bash reads now would hide what comes later.
      for (const name of ['.profile', ...(shell === 'bash' ? ['.bash_login'] : [])]) {
        const file = join(its.home, name);
        const before = await readFile(file, 'utf8').catch(() => '');
        await writeFile(file, `${before}export OWN=later${name}\n`);
        assert.deepEqual(login(shell, its.home).split('\n').slice(0, 2), [goroot, `later${name}`]);
      }
      await env({ undo: true, yes: true }, mac);
      assert.equal(login(shell, its.home).split('\n')[0], '');
    }
  },
);
