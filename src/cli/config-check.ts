import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkFile, filesNamedIn, type NamedFile } from '../config/check-file.ts';
import { readNamedFile } from '../config/find-files.ts';
import { printable } from '../config/quote.ts';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { userFolders } from '../host/user-folders.ts';
import { jsonText } from './json-text.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { shownLine } from './shown-line.ts';
import { render } from '../words/render.ts';
import { say } from '../words/text.ts';

/**
 * `rondo config check FILE`: `FILE: ok` on stdout, or every mistake on stderr and exit code 2. With --json the
 * mistakes are on stdout.
 * @throws RondoError E_CONFIG for a file that cannot be read
 */
export async function checkConfig(
  words: readonly string[],
  { json }: Flags,
  context: CliContext,
): Promise<number> {
  const { cwd, env, platform, systemHome } = context;
  const path = resolve(cwd, words[0] ?? '');
  const file = await readNamedFile(path);
  const folders = userFolders(platform, env, systemHome);
  const problems = [...checkFile(file, folders), ...(await missingFiles(filesNamedIn(file, folders)))];
  if (json === true) {
    const shown = problems.map(({ code, message, hint = null }) => ({ code, message, hint }));
    context.data(jsonText({ version: 1, file: path, ok: shown.length === 0, problems: shown }));
  } else if (problems.length === 0)
    context.data(shownLine(render(say('{path}: ok', { path }), context.table)));
  else for (const problem of problems) context.showError(problem);
  return problems.length === 0 ? EXIT.ok : EXIT.usage;
}

/** A mistake for each of the files that cannot be read. */
async function missingFiles(named: readonly NamedFile[]): Promise<RondoError[]> {
  const problems = await Promise.all(
    named.map(async ({ where, key, path }) => {
      try {
        await access(path, constants.R_OK);
        return [];
      } catch (cause) {
        const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
        const why = isAbsent
          ? say('there is no such file')
          : say('it cannot be read: {why}', { why: messageOf(cause) });
        return [
          new RondoError(
            'E_CONFIG',
            say('{where}: {key} = {path}: {why}', { where, key, path: printable(path), why }),
            { cause },
          ),
        ];
      }
    }),
  );
  return problems.flat();
}
