import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { testWith } from '../../test/support/requirements.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { firstLinesOf, shellLines, shellOf, startFilesOf, withBlock, withoutBlock } from './shell-lines.ts';

const PLACES = { goroot: "/opt/it's/go", gopath: '/home/a b/go' };

/** Names that a folder may have, and a shell may read as something else. */
const HOSTILE = [
  "it's",
  'a b',
  '$HOME',
  '$(touch ran)',
  '`touch ran`',
  'a"b',
  'back\\slash',
  "end\\'",
  'a\nb',
  '!!',
  '*',
  '~',
  '#c',
  '%d',
  '-n',
  'a;b&c|d',
  '{a,b}',
  '模块',
];

const SHOW = String.raw`printf '%s\0' "$GOROOT" "$GOPATH" "$PATH"`;
/** fish has PATH as a list. */
const SHOW_IN_FISH = String.raw`printf '%s\0' $GOROOT $GOPATH (string join : $PATH | string collect)`;

const REAL: readonly (readonly [part: 'bash' | 'zsh' | 'fish', program: string, args: readonly string[]])[] =
  [
    ['bash', 'bash', ['--norc']],
    ['bash', 'sh', []],
    ['zsh', 'zsh', ['-f']],
    ['fish', 'fish', ['--no-config']],
  ];

for (const [part, program, args] of REAL) {
  await testWith(
    [part],
    `${program} has what the lines set, once, however often it reads them and whatever folders are called`,
    async (t) => {
      const cwd = await tempFolder(t);
      for (const name of HOSTILE) {
        const places = { goroot: `/opt/${name}/go`, gopath: `/home/${name}` };
        const lines = shellLines(part, places, 'linux').join('\n');
        const script = `${lines}\n${lines}\n${part === 'fish' ? SHOW_IN_FISH : SHOW}`;
        // With a pipe for stdin bash takes itself for a remote shell and reads .bashrc.
        const run = spawnSync(program, [...args, '-c', script], {
          cwd,
          env: { PATH: '/usr/bin:/bin', HOME: cwd },
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        assert.deepEqual(
          run.stdout.split('\0'),
          [places.goroot, places.gopath, `${places.goroot}/bin:${places.gopath}/bin:/usr/bin:/bin`, ''],
          `${name}: ${run.stderr}`,
        );
      }
      assert.ok(!(await readdir(cwd)).includes('ran'), 'a name was run');
    },
  );
}

test('fish and PowerShell quote as they do', () => {
  assert.equal(shellLines('fish', PLACES)[0], "set -gx GOROOT '/opt/it\\'s/go'");
  assert.equal(shellLines('pwsh', PLACES)[0], "$env:GOROOT = '/opt/it''s/go'");
  const odd = { ...PLACES, goroot: 'C:\\a b\\$HOME`n\u2019s' };
  assert.equal(shellLines('pwsh', odd)[0], "$env:GOROOT = 'C:\\a b\\$HOME`n\u2019\u2019s'");
});

test('on Windows a POSIX shell gets paths as Git has them, and the others as Windows has them', () => {
  const table: [string, string][] = [
    ['C:\\Program Files\\Go', "'/c/Program Files/Go'"],
    ['d:\\', '/d/'],
    ['C:/Go', '/c/Go'],
    ['\\\\server\\share\\go', '//server/share/go'],
  ];
  for (const [goroot, word] of table)
    for (const shell of ['bash', 'zsh'] as const)
      assert.equal(
        shellLines(shell, { goroot, gopath: 'C:\\g' }, 'win32')[0],
        `export GOROOT=${word}`,
        goroot,
      );
  const pwsh = shellLines('pwsh', { goroot: 'C:\\Go', gopath: 'C:\\g' }, 'win32');
  assert.deepEqual(pwsh.slice(0, 2), ["$env:GOROOT = 'C:\\Go'", "$env:GOPATH = 'C:\\g'"]);
  const here = shellLines('bash', { goroot: '/opt/C:\\Go', gopath: '/g' }, 'linux');
  assert.equal(here[0], "export GOROOT='/opt/C:\\Go'");
});

test('the shell of the user and its start file', () => {
  const table: [NodeJS.Platform, Record<string, string>, string | undefined, string | undefined][] = [
    ['linux', { SHELL: '/bin/bash' }, 'bash', '/h/.bashrc'],
    ['darwin', { SHELL: '/bin/bash' }, 'bash', '/h/.bash_profile /h/.bash_login /h/.profile'],
    ['darwin', { SHELL: '/bin/zsh' }, 'zsh', '/h/.zshrc'],
    ['linux', { SHELL: '/bin/zsh', ZDOTDIR: '/z' }, 'zsh', '/z/.zshrc'],
    ['linux', { SHELL: '/usr/bin/fish', XDG_CONFIG_HOME: '/c' }, 'fish', '/c/fish/config.fish'],
    ['linux', { SHELL: '/bin/dash' }, 'sh', '/h/.profile'],
    ['linux', { SHELL: '/bin/ksh' }, 'sh', '/h/.profile'],
    ['linux', { SHELL: '/bin/sh' }, 'sh', '/h/.profile'],
    ['linux', { SHELL: '/bin/tcsh' }, undefined, undefined],
    ['linux', {}, undefined, undefined],
    ['win32', {}, 'pwsh', '\\h\\Documents\\PowerShell\\profile.ps1'],
    ['win32', { SHELL: 'C:\\Git\\bin\\bash.exe' }, 'bash', '/h/.bashrc'],
  ];
  for (const [platform, env, shell, file] of table) {
    const found = shellOf(platform, env);
    assert.equal(found, shell, JSON.stringify(env));
    if (found !== undefined) assert.equal(startFilesOf(found, platform, env, '/h').join(' '), file);
  }
});

test('a made .bash_profile reads what bash would not read beside it, and another file needs no more', () => {
  assert.match(
    firstLinesOf('/h/.bash_profile').join('\n'),
    /"\$HOME\/\.bash_login"[^]*"\$HOME\/\.profile"; fi$/,
  );
  assert.equal(firstLinesOf('/h/.profile').length, 1);
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
