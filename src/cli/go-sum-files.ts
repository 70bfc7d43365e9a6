import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { RondoError } from '../errors/rondo-error.ts';
import { MAX_GO_SUM_LENGTH, parseGoSum, type GoSum } from '../gomod/go-sum.ts';
import { say } from '../words/text.ts';
import { nearestFile, readNamedText, type FileWords } from './named-files.ts';

/** A go.sum that a command was given. */
export type GoSumFile = { readonly path: string; readonly goSum: GoSum };

/**
 * The go.sum files that are named, or lie in folders that are named, relative to `cwd`; without a name the nearest `go.sum` from `cwd` upwards.
 * @throws RondoError E_USAGE where there is none or it cannot be read; E_GO_SUM, with the file's name
 */
export async function readGoSumFiles(names: readonly string[], cwd: string): Promise<GoSumFile[]> {
  const paths = names.length === 0 ? [await nearestGoSum(cwd)] : names.map((name) => resolve(cwd, name));
  return Promise.all(paths.map(readGoSum));
}

/** A folder stands for the go.sum in it. */
async function readGoSum(named: string): Promise<GoSumFile> {
  const isFolder = (await stat(named).catch(() => undefined))?.isDirectory() === true;
  const path = isFolder ? join(named, 'go.sum') : named;
  return { path, goSum: parse(path, await readNamedText(path, MAX_BYTES, WORDS)) };
}

async function nearestGoSum(cwd: string): Promise<string> {
  const path = await nearestFile('go.sum', cwd);
  if (path !== undefined) return path;
  throw new RondoError('E_USAGE', say('there is no go.sum in {cwd} or above it', { cwd }), {
    hint: say('name one, or go to the folder of a project'),
  });
}

// In bytes it is at least as long as in characters; three times is more than any text takes.
const MAX_BYTES = 3 * MAX_GO_SUM_LENGTH;

const WORDS: FileWords = {
  tooLarge: say('it is too large for a go.sum'),
  hint: say('name a go.sum, or the folder of a project that has one'),
};

function parse(path: string, text: string): GoSum {
  try {
    return parseGoSum(text);
  } catch (error) {
    if (!(error instanceof RondoError)) throw error;
    throw new RondoError(error.code, say('{path}: {message}', { path, message: error.said.message }), {
      hint: say('mend that line, or take the file back from version control'),
      cause: error,
    });
  }
}
