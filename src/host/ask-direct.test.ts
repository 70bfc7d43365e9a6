import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { findExecutable } from './find-executable.ts';
import { testWith } from '../../test/support/requirements.ts';
import { tempFolder, type Cleanup } from '../../test/support/temp-folder.ts';
import { systemClock } from '../kit/clock.ts';
import { askDirect, fetchDirect, listDirect, readFailure, type DirectQuestion } from './ask-direct.ts';

test('what go says when it fails', () => {
  const table: [string, string][] = [
    ['go: github.com/a/b@v9.9.9: invalid version: unknown revision v9.9.9\n', 'not-there'],
    ['fatal: could not read Username for https://github.com: terminal prompts disabled\n', 'login'],
    ['git@github.com: Permission denied (publickey).\n', 'login'],
    ['go: github.com/a/b@v1.0.0: exec: "git": executable file not found in $PATH\n', 'failed'],
    ['dial tcp: lookup example.com: no such host\n', 'failed'],
    [
      'go: example.com/a@latest: unrecognized import path "example.com/a": https fetch: Get "https://example.com/a?go-get=1": dial tcp: lookup example.com: no such host\n',
      'failed',
    ],
    [
      'go: example.com/a@latest: unrecognized import path "example.com/a": reading https://example.com/a?go-get=1: 404 Not Found\n',
      'not-there',
    ],
    ["fatal: unable to access 'https://github.com/a/b/': Could not resolve host: github.com\n", 'failed'],
    ['', 'failed'],
  ];
  for (const [stderr, kind] of table) assert.equal(readFailure(stderr).kind, kind, stderr);
});

/** A repository that git finds where github.com is asked for. */
async function repository(
  t: Cleanup,
): Promise<{ env: Record<string, string>; commit: () => string; tag: (name: string) => void }> {
  const folder = await tempFolder(t, 'repository');
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'init.defaultBranch=main'];
  const git = (...args: string[]): string =>
    execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' }).trim();
  git('init', '-q');
  let count = 0;
  await writeFile(join(folder, 'go.mod'), 'module github.com/rondo-fixture/moved\n\ngo 1.21\n');
  const { PATH = '' } = process.env;
  const home = await tempFolder(t, 'home');
  return {
    env: {
      PATH,
      HOME: home,
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `url.${pathToFileURL(folder).href}.insteadOf`,
      GIT_CONFIG_VALUE_0: 'https://github.com/rondo-fixture/moved',
      GIT_ALLOW_PROTOCOL: 'file:https',
    },
    commit() {
      count += 1;
      execFileSync('sh', ['-c', `echo "package moved // ${count}" > moved.go`], { cwd: folder });
      git('add', '-A');
      git('commit', '-q', '-m', `change ${count}`);
      return git('rev-parse', 'HEAD');
    },
    tag: (name) => void git('tag', '-f', name),
  };
}

await testWith(
  ['go'],
  'a tag that was moved is seen where it is now, whatever go has in its cache',
  async (t) => {
    const { env, commit, tag } = await repository(t);
    const go = await findExecutable('go', process.platform, env, '/');
    assert.ok(go.kind === 'found');
    const question = (version: string): DirectQuestion => ({
      go: go.path,
      module: 'github.com/rondo-fixture/moved',
      version,
      env,
      timeoutMs: 30_000,
      clock: systemClock,
      signal: new AbortController().signal,
    });
    const ask = (version: string): ReturnType<typeof askDirect> => askDirect(question(version));
    const first = commit();
    tag('v1.0.0');
    assert.deepEqual(await ask('v1.0.0'), { kind: 'has', commit: first });
    const second = commit();
    tag('v1.0.0');
    assert.deepEqual(await ask('v1.0.0'), { kind: 'has', commit: second });
    assert.equal((await ask('v1.1.0')).kind, 'not-there');

    // What it lists, and what go makes of it.
    assert.deepEqual(await listDirect(question('')), { kind: 'has', versions: ['v1.0.0'], latest: 'v1.0.0' });
    const zip = await fetchDirect(question('v1.0.0'));
    assert.equal(zip.kind, 'has');
    const again = await fetchDirect(question('v1.0.0'));
    assert.deepEqual(again, zip);
    assert.equal((await fetchDirect(question('v1.1.0'))).kind, 'not-there');
  },
);

test('ssh asks nobody for a password, unless the user has said how git calls it', async (t) => {
  const bin = await tempFolder(t, 'bin');
  const go = join(bin, 'go');
  // As if that were what went wrong.
  await writeFile(go, '#!/bin/sh\necho "not found: ${GIT_SSH_COMMAND-none}" >&2; exit 1\n', { mode: 0o755 });
  const said = async (env: Record<string, string>): Promise<string> => {
    const limits = { timeoutMs: 30_000, clock: systemClock, signal: new AbortController().signal };
    const answer = await askDirect({ go, module: 'example.com/m', version: 'v1.0.0', env, ...limits });
    return answer.kind === 'not-there' ? answer.words : answer.kind;
  };
  assert.match(await said({}), /^not found: ssh -o BatchMode=yes /);
  assert.equal(await said({ GIT_SSH_COMMAND: 'ssh -i key' }), 'not found: ssh -i key');
  assert.equal(await said({ GIT_SSH: '/usr/bin/own-ssh' }), 'not found: none');
});
