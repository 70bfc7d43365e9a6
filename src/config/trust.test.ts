import { render } from '../words/render.ts';
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { RondoError } from '../errors/rondo-error.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { loadTrust, rememberTrust, trustHash } from './trust.ts';

test('what was trusted stays trusted, and nothing else is', async (t) => {
  const stateDir = join(await tempFolder(t), 'state', 'rondo');
  assert.equal((await loadTrust(stateDir)).isTrusted(trustHash('/f', 'one')), false);
  await rememberTrust(stateDir, { path: '/a/.goproxy', hash: trustHash('/f', 'one') });
  await rememberTrust(stateDir, { path: '/b/.goproxy', hash: trustHash('/f', 'two') });
  await rememberTrust(stateDir, { path: '/a/.goproxy', hash: trustHash('/f', 'three') });
  const { isTrusted } = await loadTrust(stateDir);
  assert.deepEqual(
    ['one', 'two', 'three', 'four'].map((content) => isTrusted(trustHash('/f', content))),
    [true, true, true, false],
  );
  assert.deepEqual(await readdir(stateDir), ['lock', 'trusted.json'], 'nothing unfinished is left there');
  if (process.platform === 'win32') return;
  assert.equal((await stat(stateDir)).mode & 0o777, 0o700);
  assert.equal((await stat(join(stateDir, 'trusted.json'))).mode & 0o777, 0o600);
});

test('a list that is not ours trusts nothing and is not overwritten', async (t) => {
  for (const content of ['', '{"version": 2, "files": {}}', '{"version": 1}', '{"files": {}}', '[']) {
    const stateDir = await tempFolder(t);
    const file = join(stateDir, 'trusted.json');
    await writeFile(file, content);
    await assert.rejects(
      rememberTrust(stateDir, { path: '/a', hash: trustHash('/f', 'one') }),
      (error) =>
        error instanceof RondoError &&
        error.code === 'E_CONFIG' &&
        error.hint?.startsWith('move it ') === true,
    );
    assert.equal(await readFile(file, 'utf8'), content);
    const { isTrusted, warning } = await loadTrust(stateDir);
    assert.equal(isTrusted(trustHash('/f', 'one')), false);
    assert.match(
      render(warning ?? ''),
      /trusted\.json is not a list of trusted files that this Rondo can read \(.*\): it is not used$/,
    );
  }
});

test('an entry that says nothing takes no other with it', async (t) => {
  const stateDir = await tempFolder(t);
  const files = { [trustHash('/f', 'one')]: '/a', [trustHash('/f', 'two')]: 2, x: '/b' };
  await writeFile(join(stateDir, 'trusted.json'), JSON.stringify({ version: 1, files }));
  const { isTrusted, warning } = await loadTrust(stateDir);
  assert.deepEqual(
    [isTrusted(trustHash('/f', 'one')), isTrusted(trustHash('/f', 'two')), warning],
    [true, false, undefined],
  );
});

test('trust that cannot be written down is an error that names the folder', async (t) => {
  const stateDir = join(await tempFolder(t), 'state');
  await writeFile(stateDir, 'a file where the folder should be');
  await assert.rejects(
    rememberTrust(stateDir, { path: '/a', hash: trustHash('/f', 'one') }),
    (error) =>
      error instanceof RondoError && error.code === 'E_CONFIG' && error.hint?.includes(stateDir) === true,
  );
  const taken = await tempFolder(t);
  await mkdir(join(taken, 'trusted.json'));
  await assert.rejects(rememberTrust(taken, { path: '/a', hash: trustHash('/f', 'one') }), RondoError);
});
