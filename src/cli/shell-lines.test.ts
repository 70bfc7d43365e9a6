import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { shellLines, shellOf, startFileOf, withBlock, withoutBlock } from './shell-lines.ts';

const PLACES = { goroot: "/opt/it's/go", gopath: '/home/a b/go' };

test('a real shell has what the lines set, once, however often it reads them', (context) => {
  for (const shell of ['bash', 'zsh', 'dash'] as const) {
    if (spawnSync(shell, ['-c', 'true']).error !== undefined) {
      context.diagnostic(`no ${shell} here`);
      continue;
    }
    const lines = shellLines(shell === 'zsh' ? 'zsh' : 'bash', PLACES).join('\n');
    const script = `${lines}\n${lines}\nprintf '%s\\n' "$GOROOT" "$GOPATH" "$PATH"`;
    // With a pipe for stdin bash takes itself for a remote shell and reads .bashrc.
    const run = spawnSync(shell, ['-c', script], {
      env: { PATH: '/usr/bin:/bin' },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    assert.deepEqual(
      run.stdout.trim().split('\n'),
      [PLACES.goroot, PLACES.gopath, `${PLACES.goroot}/bin:${PLACES.gopath}/bin:/usr/bin:/bin`],
      `${shell}: ${run.stderr}`,
    );
  }
});

test('fish and PowerShell quote as they do', () => {
  assert.equal(shellLines('fish', PLACES)[0], "set -gx GOROOT '/opt/it\\'s/go'");
  assert.equal(shellLines('pwsh', PLACES)[0], "$env:GOROOT = '/opt/it''s/go'");
});

test('the shell of the user and its start file', () => {
  const table: [NodeJS.Platform, Record<string, string>, string | undefined, string | undefined][] = [
    ['linux', { SHELL: '/bin/bash' }, 'bash', '/h/.bashrc'],
    ['darwin', { SHELL: '/bin/bash' }, 'bash', '/h/.bash_profile'],
    ['darwin', { SHELL: '/bin/zsh' }, 'zsh', '/h/.zshrc'],
    ['linux', { SHELL: '/bin/zsh', ZDOTDIR: '/z' }, 'zsh', '/z/.zshrc'],
    ['linux', { SHELL: '/usr/bin/fish', XDG_CONFIG_HOME: '/c' }, 'fish', '/c/fish/config.fish'],
    ['linux', { SHELL: '/bin/dash' }, 'bash', '/h/.bashrc'],
    ['linux', { SHELL: '/bin/tcsh' }, undefined, undefined],
    ['linux', {}, undefined, undefined],
    ['win32', {}, 'pwsh', '\\h\\Documents\\PowerShell\\profile.ps1'],
    ['win32', { SHELL: 'C:\\Git\\bin\\bash.exe' }, 'bash', '/h/.bashrc'],
  ];
  for (const [platform, env, shell, file] of table) {
    const found = shellOf(platform, env);
    assert.equal(found, shell, JSON.stringify(env));
    if (found !== undefined) assert.equal(startFileOf(found, platform, env, '/h'), file);
  }
});

test('the block is there once, and taking it out leaves the file as it was', () => {
  for (const text of ['', 'alias x=y\n', 'no newline', 'two\n\n']) {
    const once = withBlock(text, ['export A=1']);
    assert.equal(withBlock(once, ['export A=1']), once);
    assert.match(withBlock(once, ['export A=2']), /^[^1]*A=2[^1]*$/);
    const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
    assert.equal(withoutBlock(once), before, JSON.stringify(text));
    assert.equal(withoutBlock(`${once}later\n`), `${before}later\n`);
  }
  const half = '# >>> rondo env >>>\nexport A=1\n';
  assert.equal(withoutBlock(half), half, 'a block without an end is not ours to cut');
});
