import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { shellWord } from '../../src/kit/shell-word.ts';
import { tempFolder, type Cleanup } from '../support/temp-folder.ts';
import { LAUNCHER, runRondo, stranger } from './rondo-command.ts';

/** A shell of a user who has `rondo` on PATH, in a folder with a file and a folder. */
async function userOf(
  t: Cleanup,
  env: Readonly<Record<string, string>> = {},
): Promise<(shell: string, args: readonly string[]) => string> {
  const { home, env: own } = await stranger(t);
  const bin = await tempFolder(t, 'bin');
  const script = `#!/bin/sh\nexec ${shellWord(process.execPath, 'linux')} ${shellWord(LAUNCHER, 'linux')} "$@"\n`;
  await writeFile(join(bin, 'rondo'), script, { mode: 0o755 });
  const cwd = await tempFolder(t, 'cwd');
  await mkdir(join(cwd, 'a folder'));
  await writeFile(join(cwd, 'a file.txt'), '');
  return (shell, args) => {
    const run = spawnSync(shell, [...args], {
      cwd,
      env: { ...own, HOME: home, PATH: `${bin}:${own['PATH'] ?? ''}`, TERM: 'dumb', ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 120_000,
    });
    assert.equal(run.status, 0, `${run.stdout}${run.stderr}`);
    assert.equal(run.stderr, '', 'the script complains');
    return run.stdout;
  };
}

/** Lines as they are typed, and the words that a shell offers for the last one. */
const LINES: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ['rondo c', ['cache', 'completion', 'config']],
  ['rondo config ', ['check', 'docs', 'help', 'show', 'trust']],
  ['rondo config show --or', ['--origin']],
  ['rondo cache ls --sort ', ['last', 'name', 'size']],
  ['rondo completion z', ['zsh']],
  ['rondo nonsense ', []],
  ['rondo config check ', ['a file.txt', 'a folder']],
  ['rondo cache export ', ['a folder']],
];

await testWith(['bash'], 'bash offers commands, options, values, files and folders', async (t) => {
  const run = await userOf(t);
  const ask = (line: string): string => {
    // As readline hands it over: split at spaces, the last word empty behind one.
    const words = line.split(' ').map((word) => shellWord(word, 'linux'));
    return [
      `COMP_LINE=${shellWord(line, 'linux')} COMP_POINT=${line.length}`,
      `COMP_WORDS=(${words.join(' ')}) COMP_CWORD=${words.length - 1}`,
      '_rondo && printf "%s\\n" "${COMPREPLY[@]}" && echo ---',
    ].join('\n');
  };
  // Twice, as a start file that is read again does.
  const script = `source <(rondo completion bash)\nsource <(rondo completion bash)\n${LINES.map(([line]) => ask(line)).join('\n')}`;
  const answers = run('bash', ['--norc', '-c', script]).split('---\n');
  for (const [index, [line, offered]] of LINES.entries())
    assert.deepEqual(
      (answers[index] ?? '')
        .split('\n')
        .filter((word) => word !== '')
        .sort(),
      offered,
      line,
    );
});

await testWith(
  ['bash'],
  'bash runs nothing of what stands in the line, and mends a word that it took apart',
  async (t) => {
    const run = await userOf(t);
    const script = [
      'source <(rondo completion bash)',
      'COMP_LINE=\'rondo sync "$(touch ran)" --tar\' COMP_POINT=${#COMP_LINE}',
      'COMP_WORDS=(rondo sync \'"$(touch ran)"\' --tar) COMP_CWORD=3',
      '_rondo; printf "%s\\n" "${COMPREPLY[@]}"; ls',
      "touch a=b.txt; COMP_LINE='rondo config check a=b' COMP_POINT=22",
      'COMP_WORDS=(rondo config check a = b) COMP_CWORD=5',
      '_rondo; printf "%s\\n" "${COMPREPLY[@]}"',
    ].join('\n');
    assert.equal(run('bash', ['--norc', '-c', script]), '--target\na file.txt\na folder\nb.txt\n');
  },
);

await testWith(['fish'], 'fish offers the same', async (t) => {
  const run = await userOf(t);
  const script = [
    'rondo completion fish | source',
    ...LINES.map(([line]) => `complete --do-complete ${shellWord(line, 'linux')}; echo ---`),
  ].join('\n');
  const answers = run('fish', ['--no-config', '-c', script]).split('---\n');
  for (const [index, [line, offered]] of LINES.entries()) {
    const words = (answers[index] ?? '')
      .split('\n')
      .map((each) => (each.split('\t')[0] ?? '').replaceAll('\\ ', ' ').replace(/\/$/, ''))
      .filter((word) => word !== '');
    // It has no way to offer folders alone.
    const expected = line === 'rondo cache export ' ? ['a file.txt', 'a folder'] : offered;
    assert.deepEqual(words.sort(), expected, line);
  }
  const chinese = await userOf(t, { LANG: 'zh_CN.UTF-8' });
  const once = 'rondo completion fish | source; complete --do-complete "rondo completio"';
  assert.match(chinese('fish', ['--no-config', '-c', once]), /^completion\t\p{Script=Han}/u);
});

/** A zsh of somebody who sits in front of it: what is typed, and what the line is then. */
function typed(lines: readonly string[], tab = 'expand-or-complete'): string {
  const asked = lines.map((line) =>
    [
      `zpty -n -w z ${shellWord(line, 'linux')}$'\\t\\x18'`,
      // Up to the line that the key shows.
      'zpty -r z seen \'*<<*>>*\'; print -r -- "$seen"',
      "print -r -- '---'",
      "zpty -n -w z $'\\x15'",
    ].join('\n'),
  );
  return [
    'zmodload zsh/zpty',
    'zpty z zsh -f -i',
    "zpty -w z 'PS1= PS2= RPS1=; unsetopt prompt_sp prompt_cr list_ambiguous; stty -echo cols 200 rows 50'",
    "zpty -w z 'autoload -Uz compinit; compinit -D -u; source <(rondo completion zsh)'",
    `zpty -w z 'show() { print -r -- "<<$BUFFER>>"; }; zle -N show; bindkey "^X" show; bindkey "^I" ${tab}; bindkey "^U" kill-whole-line; print re''ady'`,
    "zpty -r z seen '*ready*'",
    ...asked,
    'zpty -d z',
  ].join('\n');
}

await testWith(['zsh'], 'zsh offers the same', async (t) => {
  const run = await userOf(t);
  const answers = run('zsh', ['-f', '-c', typed(LINES.map(([line]) => line))]).split('---\n');
  for (const [index, [line, offered]] of LINES.entries()) {
    const seen = answers[index] ?? '';
    const [only, ...more] = offered;
    const after = /<<(.*)>>/.exec(seen)?.[1];
    if (only !== undefined && more.length === 0) {
      const whole = line.replace(/\S*$/, only.replaceAll(' ', '\\ '));
      assert.equal(after?.replace(/[ /]$/, ''), whole, `${line}: ${seen}`);
    } else if (only === undefined) assert.equal(after, line, seen);
    else
      for (const word of offered)
        assert.ok(seen.replaceAll('\\ ', ' ').includes(word), `${line}: ${word}: ${seen}`);
  }
});

await testWith(['zsh'], 'nor does a Tab in zsh run what stands in the line', async (t) => {
  const run = await userOf(t);
  const lines = [
    'rondo sync --target$(:>ran-a)=',
    'rondo sync --x=$(:>ran-b)=',
    'rondo sync "$(:>ran-c)" --tar',
    'rondo sync `:>ran-d` --target=`:>ran-e`',
  ];
  // expand-or-complete, which is zsh's own Tab, runs it before it asks anybody.
  const list = 'print -r -- ${(j: :)$(print -l -- *)}';
  const seen = run('zsh', [
    '-f',
    '-c',
    `${typed([...lines, 'rondo completion z'], 'complete-word')}\n${list}`,
  ]);
  assert.match(seen, /<<rondo completion zsh ?>>/, 'it completes at all');
  assert.equal(seen.trimEnd().split('\n').at(-1), 'a file.txt a folder');
});

await testWith(['fish'], 'nor in fish', async (t) => {
  const run = await userOf(t);
  const lines = [
    'rondo sync (touch ran-a) --tar',
    'rondo sync --target$(touch ran-b)=',
    'rondo sync "$(touch ran-c)" ',
  ];
  const script = [
    'rondo completion fish | source',
    ...lines.map((line) => `complete --do-complete ${shellWord(line, 'linux')}`),
    'echo ---',
    'string join -- " " *',
  ].join('\n');
  assert.equal(run('fish', ['--no-config', '-c', script]).split('---\n')[1], 'a file.txt a folder\n');
});

test('no script has its shell evaluate a text', async (t) => {
  const { env, home } = await stranger(t);
  for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
    const { stdout } = await runRondo(t, ['completion', shell], { env, cwd: home });
    assert.ok(stdout.includes('rondo complete'), shell);
    assert.ok(!/\beval\b|Invoke-Expression|\biex\b|\(e\)/.test(stdout), shell);
  }
});

test('the script of PowerShell asks rondo at each Tab', async (t) => {
  const { env, home } = await stranger(t);
  const run = await runRondo(t, ['completion', 'powershell'], { env, cwd: home });
  assert.equal(run.code, 0, run.stderr);
  assert.match(run.stdout, /Register-ArgumentCompleter[^\n]*-CommandName ["']?rondo/);
  assert.match(run.stdout, /& rondo complete '--' /);
});
