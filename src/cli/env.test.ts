import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandContext } from '../../test/support/cli-context.ts';
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
