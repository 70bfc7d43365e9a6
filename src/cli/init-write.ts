import { constants, copyFile, link, lstat, rename } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { writeWhole } from '../host/write-whole.ts';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { shellWord } from '../kit/shell-word.ts';
import { say } from '../words/text.ts';

/**
 * Sees that a configuration file may be written to `path` now, before anything takes time; whether one is there
 * already.
 * @throws RondoError E_CONFIG where one is there already and `force` does not say otherwise, where something
 * else is there, or where its folder is not.
 */
export async function checkTarget(path: string, force: boolean, chainOnly = false): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) {
    const folder = await lstat(dirname(path)).catch(() => undefined);
    if (folder !== undefined) return false;
    throw new RondoError('E_CONFIG', say('there is no folder {dirname}', { dirname: dirname(path) }), {
      hint: say('mkdir -p {dirname}', { dirname: shellWord(dirname(path)) }),
    });
  }
  if (found.isDirectory()) throw new RondoError('E_CONFIG', say('{path} is a folder', { path }));
  if (!force) throw alreadyThere(path, chainOnly);
  return true;
}

/**
 * Writes `content` to `path`, whole or not at all. With `force` what was there is kept beside it: resolves with
 * that path. Without, an existing file is never replaced, not even one that came a moment ago.
 * @throws RondoError E_CONFIG
 */
export async function writeConfigFile(
  path: string,
  content: string,
  force: boolean,
): Promise<{ readonly kept?: string }> {
  let kept: string | undefined;
  try {
    await writeWhole(path, content, 0o644, async (partial) => {
      kept = force ? await keepOld(path) : undefined;
      if (force) await rename(partial, path);
      else await linkNew(partial, path);
    });
    return kept === undefined ? {} : { kept };
  } catch (error) {
    if (error instanceof RondoError) throw error;
    throw new RondoError('E_CONFIG', say('cannot write {path}: {why}', { path, why: messageOf(error) }), {
      hint: say('make {dirname} a folder that you can write to, or name another file with --config', {
        dirname: dirname(path),
      }),
      cause: error,
    });
  }
}

/** A copy of the old file, before the new one takes its place: at no time is there none. */
async function keepOld(path: string): Promise<string | undefined> {
  for (let copy = 1; ; copy += 1) {
    const kept = `${path}.bak${copy === 1 ? '' : `-${copy}`}`;
    try {
      await copyFile(path, kept, constants.COPYFILE_EXCL);
      return kept;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

/** A link fails where there is a file already; a rename would replace it. */
async function linkNew(partial: string, path: string): Promise<void> {
  try {
    await link(partial, path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw alreadyThere(path);
    // A file system without links: this one does not replace anything either, though a crash may leave a part.
    await copyFile(partial, path, constants.COPYFILE_EXCL);
  }
}

function alreadyThere(path: string, chainOnly = false): RondoError {
  return new RondoError('E_CONFIG', say('there is already a {path}', { path }), {
    hint: chainOnly
      ? say('rondo init --force --chain-only (the old one is kept as {basename}.bak)', {
          basename: basename(path),
        })
      : say('rondo init --force (the old one is kept as {basename}.bak)', { basename: basename(path) }),
  });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
