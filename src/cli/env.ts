import { access, constants, mkdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { printable } from '../config/quote.ts';
import { writeWhole } from '../host/write-whole.ts';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { EXAMPLE_VERSION } from '../gomod/toolchain.ts';
import { readGoEnvironment } from '../host/go-env.ts';
import { goFolders } from '../host/go-folders.ts';
import { userFolders } from '../host/user-folders.ts';
import { shellWord } from '../kit/shell-word.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import {
  firstLinesOf,
  MADE,
  shellLines,
  shellOf,
  SHELLS,
  startFilesOf,
  withBlock,
  withoutBlock,
  type GoPlaces,
  type Shell,
} from './shell-lines.ts';
import { installedIn, ownPlatform, toolchainsDir } from './toolchain-folder.ts';
import { render } from '../words/render.ts';
import { say, type Text } from '../words/text.ts';

/**
 * `rondo env`: the lines with which a shell finds Go, on stdout; with `--write` into the shell's own start file, between
 * markers, and with `--undo` out of it again. Whoever sits at a terminal is asked before anything is written or removed,
 * unless `--yes` says so. Resolves with 0. Rejects with E_INTERRUPTED on Ctrl-C at the question.
 * @throws RondoError E_USAGE where the shell is not known or there is no Go, and where `--undo` finds lines and nobody can
 * be asked; E_CONFIG where the file cannot be written
 */
export async function env(flags: Flags, context: CliContext): Promise<number> {
  const shell = flags.shell ?? shellOf(context.platform, context.env);
  if (shell === undefined) {
    const named = context.env['SHELL'] ?? say('no shell');
    throw new RondoError('E_USAGE', say('SHELL names {named}, whose lines are not known', { named }), {
      hint: say('rondo env --shell {list}', { list: SHELLS.join('|') }),
    });
  }
  const { home } = userFolders(context.platform, context.env, context.systemHome);
  const files = startFilesOf(shell, context.platform, context.env, home);
  if (flags.undo === true) return undo(files, flags, context);
  const lines = shellLines(shell, await placesOf(flags, context), context.platform);
  if (flags.write !== true) {
    context.data(`${lines.join('\n')}\n`);
    if (context.screen('stdout').isTerminal) context.tell(hintFor(shell));
    return EXIT.ok;
  }
  const file = (await firstReadable(files)) ?? files[0];
  const found = await textOf(file);
  const before = found ?? '';
  const isOwn = found === undefined || before.includes(MADE);
  const after = withBlock(before, isOwn ? [...firstLinesOf(file), ...lines] : lines);
  if (after === before) context.tell(say('{file} has these lines already', { file }));
  else if (await mayWrite(file, lines, flags, context)) {
    await rewrite(file, after);
    const takeOut = undoOf(flags);
    context.tell(
      shell === 'sh'
        ? say('written to {file}; a login shell reads it; to take it out: {takeOut}', { file, takeOut })
        : say('written to {file}; a new shell reads it; to take it out: {takeOut}', { file, takeOut }),
    );
  } else context.tell(say('{file} is as it was', { file }));
  return EXIT.ok;
}

/** Where nobody can be asked, the option itself is the answer: what is added can be taken out again. */
async function mayWrite(
  file: string,
  lines: readonly string[],
  { yes }: Flags,
  { confirm, words, table }: CliContext,
): Promise<boolean> {
  if (yes === true || confirm === undefined) return true;
  words(lines.map((line) => `  ${printable(line, 1000)}\n`).join(''));
  return confirm(printable(render(say('Write these lines to {file}?', { file }), table), 1000));
}

/** The one that the shell reads. */
async function firstReadable(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const isReadable = await access(file, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (isReadable) return file;
  }
  return undefined;
}

/** Out of all files where the lines may stand: since they were written the shell may have come to read another one. */
async function undo(
  files: readonly [string, ...string[]],
  flags: Flags,
  context: CliContext,
): Promise<number> {
  let isThere = false;
  for (const file of files) {
    const before = (await textOf(file)) ?? '';
    const after = withoutBlock(before);
    if (after === before) continue;
    isThere = true;
    const goes = after.trim() === '' && before.includes(MADE);
    if (!(await mayTakeOut(file, goes, flags, context))) context.tell(say('{file} is as it was', { file }));
    else if (goes) {
      await remove(file);
      context.tell(say('removed {file}, which rondo env had made', { file }));
    } else {
      await rewrite(file, after);
      context.tell(say('taken out of {file}', { file }));
    }
  }
  if (!isThere) {
    const file = (await firstReadable(files)) ?? files[0];
    context.tell(say('{file} has no lines of Rondo', { file }));
  }
  return EXIT.ok;
}

/** The command that takes out what was written. */
function undoOf({ shell }: Flags): string {
  return shell === undefined ? 'rondo env --undo' : `rondo env --shell ${shell} --undo`;
}

/** Where nobody can be asked, nothing of a user's file goes unless `--yes` says so. */
async function mayTakeOut(
  file: string,
  goes: boolean,
  flags: Flags,
  { confirm, table }: CliContext,
): Promise<boolean> {
  if (flags.yes === true) return true;
  if (confirm === undefined)
    throw new RondoError(
      'E_USAGE',
      say('nobody can be asked whether the lines of Rondo may go out of {file}', { file }),
      { hint: `${undoOf(flags)} --yes` },
    );
  const question = goes
    ? say('Remove {file}, which rondo env had made?', { file })
    : say('Take the lines of Rondo out of {file}?', { file });
  return confirm(printable(render(question, table), 1000));
}

/** The newest toolchain that Rondo has installed for this machine, else the Go that is on PATH. */
async function placesOf(flags: Flags, context: CliContext): Promise<GoPlaces> {
  const { platform, systemHome, cwd } = context;
  const own = ownPlatform(context);
  const installed = await installedIn(toolchainsDir(flags, context));
  const found = installed.find(({ os, arch }) => os === own.os && arch === own.arch);
  const folders = userFolders(platform, context.env, systemHome);
  const go = await readGoEnvironment(platform, context.env, folders, cwd);
  const goroot = found?.path ?? go.goroot;
  if (goroot === undefined) {
    throw new RondoError('E_USAGE', say('there is no Go: none on PATH, and none that Rondo has installed'), {
      hint: say('rondo toolchain install {version}', { version: EXAMPLE_VERSION }),
    });
  }
  const { gopath = join(folders.home, 'go') } = goFolders(
    platform,
    context.env,
    { ...go, goroot },
    systemHome,
  );
  return { goroot, gopath };
}

function hintFor(shell: Shell): Text {
  switch (shell) {
    case 'fish':
      return say('for this shell: rondo env | source; for every one: rondo env --write');
    case 'pwsh':
      return say(
        'for this shell: rondo env | Out-String | Invoke-Expression; for every one: rondo env --write',
      );
    case 'bash':
    case 'zsh':
    case 'sh':
      return say('for this shell: eval "$(rondo env)"; for every one: rondo env --write');
  }
}

/** Undefined where there is no such file. */
async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new RondoError('E_CONFIG', say('cannot read {file}: {why}', { file, why: messageOf(error) }), {
      cause: error,
    });
  }
}

async function remove(file: string): Promise<void> {
  try {
    await rm(file);
  } catch (error) {
    throw new RondoError('E_CONFIG', say('cannot remove {file}: {why}', { file, why: messageOf(error) }), {
      cause: error,
    });
  }
}

/** Whole or not at all, and through a link to where the file really lies: many keep theirs in a repository. */
async function rewrite(file: string, text: string): Promise<void> {
  try {
    const path = await realpath(file).catch(() => file);
    await mkdir(dirname(path), { recursive: true });
    const mode = (await stat(path).catch(() => undefined))?.mode ?? 0o644;
    await writeWhole(path, text, mode);
  } catch (error) {
    throw new RondoError('E_CONFIG', say('cannot write {file}: {why}', { file, why: messageOf(error) }), {
      hint: say('rondo env >> {file}, once you may write there', { file: shellWord(file) }),
      cause: error,
    });
  }
}
