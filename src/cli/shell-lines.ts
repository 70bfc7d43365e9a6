import { posix, win32 } from 'node:path';
import { shellWord } from '../kit/shell-word.ts';
import type { Environment } from '../host/user-folders.ts';

/** Shells whose lines Rondo knows, as `--shell` takes them. */
export const SHELLS = ['bash', 'zsh', 'fish', 'pwsh', 'sh'] as const;

/** One of them. */
export type Shell = (typeof SHELLS)[number];

/** What the lines set. */
export type GoPlaces = { readonly goroot: string; readonly gopath: string };

/** Lines for a shell that set GOROOT and GOPATH and put their `bin` folders in front of PATH, once. Pure. */
export function shellLines(
  shell: Shell,
  { goroot, gopath }: GoPlaces,
  platform: NodeJS.Platform = process.platform,
): string[] {
  switch (shell) {
    case 'bash':
    case 'zsh':
    case 'sh':
      return [
        `export GOROOT=${shellWord(unixPath(goroot, platform), 'linux')}`,
        `export GOPATH=${shellWord(unixPath(gopath, platform), 'linux')}`,
        'case ":$PATH:" in *":$GOPATH/bin:"*) ;; *) export PATH="$GOPATH/bin:$PATH" ;; esac',
        'case ":$PATH:" in *":$GOROOT/bin:"*) ;; *) export PATH="$GOROOT/bin:$PATH" ;; esac',
      ];
    case 'fish':
      return [
        `set -gx GOROOT ${fishWord(goroot)}`,
        `set -gx GOPATH ${fishWord(gopath)}`,
        // fish_add_path would leave out a folder that is not there yet.
        'contains -- $GOPATH/bin $PATH; or set -gx PATH $GOPATH/bin $PATH',
        'contains -- $GOROOT/bin $PATH; or set -gx PATH $GOROOT/bin $PATH',
      ];
    case 'pwsh':
      return [
        `$env:GOROOT = ${pwshWord(goroot)}`,
        `$env:GOPATH = ${pwshWord(gopath)}`,
        "foreach ($folder in (Join-Path $env:GOPATH 'bin'), (Join-Path $env:GOROOT 'bin')) {",
        '  if ($env:PATH.Split([IO.Path]::PathSeparator) -notcontains $folder) {',
        '    $env:PATH = $folder + [IO.Path]::PathSeparator + $env:PATH',
        '  }',
        '}',
      ];
  }
}

/**
 * A path as a shell of Windows writes it that is none of Windows' own, as Git has it: `/c/Go` for `C:\\Go`. A colon would
 * take PATH apart there; programs of Windows are handed the path back as they know it.
 */
function unixPath(path: string, platform: NodeJS.Platform): string {
  if (platform !== 'win32') return path;
  const slashes = path.replaceAll('\\', '/');
  return slashes.replace(/^([A-Za-z]):(?=\/|$)/, (_, drive: string) => `/${drive.toLowerCase()}`);
}

function fishWord(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** Curly quotes end a text in PowerShell as straight ones do (about_Quoting_Rules); nothing else in it means anything. */
function pwshWord(text: string): string {
  return `'${text.replaceAll(/['\u2018-\u201B]/g, '$&$&')}'`;
}

/** Shells that read what POSIX has a login shell read, and no file of their own: `sh` stands for them. */
export const LIKE_SH: readonly string[] = ['dash', 'ash', 'ksh', 'ksh93', 'mksh'];

/** The shell of the user: SHELL, or PowerShell on Windows; undefined for one whose lines are not known. */
export function shellOf(platform: NodeJS.Platform, env: Environment): Shell | undefined {
  const name = posix.basename((env['SHELL'] ?? '').replaceAll('\\', '/')).replace(/\.exe$/i, '');
  const known = SHELLS.find((shell) => shell === name);
  if (known !== undefined) return known;
  if (LIKE_SH.includes(name)) return 'sh';
  return name === '' && platform === 'win32' ? 'pwsh' : undefined;
}

/** The only file that a login shell of bash reads is the first of these that is there (bash(1), INVOCATION). */
const OF_LOGIN = ['.bash_profile', '.bash_login', '.profile'] as const;

/**
 * The file that a shell reads when it starts, absolute; or several, of which it reads the first that is there. Where none
 * is, the first one is to be made.
 */
export function startFilesOf(
  shell: Shell,
  platform: NodeJS.Platform,
  env: Environment,
  home: string,
): readonly [string, ...string[]] {
  const config = env['XDG_CONFIG_HOME'] || posix.join(home, '.config');
  const [first, ...others] = OF_LOGIN;
  switch (shell) {
    case 'bash':
      // A terminal of macOS starts login shells, which read no .bashrc.
      return platform === 'darwin'
        ? [posix.join(home, first), ...others.map((name) => posix.join(home, name))]
        : [posix.join(home, '.bashrc')];
    case 'sh':
      return [posix.join(home, '.profile')];
    case 'zsh':
      return [posix.join(env['ZDOTDIR'] || home, '.zshrc')];
    case 'fish':
      return [posix.join(config, 'fish', 'config.fish')];
    case 'pwsh':
      return [
        platform === 'win32'
          ? win32.join(home, 'Documents', 'PowerShell', 'profile.ps1')
          : posix.join(config, 'powershell', 'profile.ps1'),
      ];
  }
}

const BEGIN = '# >>> rondo env >>>';
const END = '# <<< rondo env <<<';

/** Stands among the lines where the file was not there before: `--undo` then takes all of it away. */
export const MADE = '# rondo env made this file';

/** What stands before the lines in a file that was not there: one of bash hides others, which may come later, too. */
export function firstLinesOf(file: string): readonly string[] {
  const name = posix.basename(file);
  const hidden = name === OF_LOGIN[0] ? OF_LOGIN.slice(1) : [];
  const reads = hidden.map((other, index) => {
    const path = `"$HOME/${other}"`;
    return `${index === 0 ? 'if' : 'elif'} [ -r ${path} ]; then . ${path};`;
  });
  return [
    MADE,
    ...(reads.length === 0 ? [] : ['# bash would read it instead of these', `${reads.join(' ')} fi`]),
  ];
}

/** The text of a start file without the lines that Rondo has written there. Pure. */
export function withoutBlock(text: string): string {
  const start = text.indexOf(BEGIN);
  const end = start < 0 ? -1 : text.indexOf(END, start);
  if (end < 0) return text;
  const before = text.slice(0, start);
  const after = text.slice(end + END.length).replace(/^\r?\n/, '');
  // The line that was left empty before the block.
  return `${before.replace(/(\r?\n)\r?\n$/, '$1')}${after}`;
}

/** The text with these lines between markers, once, at its end. Pure. */
export function withBlock(text: string, lines: readonly string[]): string {
  const rest = withoutBlock(text);
  const gap = rest === '' ? '' : rest.endsWith('\n') ? '\n' : '\n\n';
  return `${rest}${gap}${[BEGIN, ...lines, END].join('\n')}\n`;
}
