import { resolve } from 'node:path';
import { checkFile } from '../config/check-file.ts';
import { findProjectFile, foreignText, readNamedFile, type FoundFile } from '../config/find-files.ts';
import { parseIniFile } from '../config/ini-file.ts';
import { createLayer } from '../config/layer.ts';
import { printable } from '../config/quote.ts';
import { loadTrust, rememberTrust } from '../config/trust.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { userFolders, type UserFolders } from '../host/user-folders.ts';
import { shellWord } from '../kit/shell-word.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-code.ts';
import { render } from '../words/render.ts';
import { say, type Text } from '../words/text.ts';
import { shownLine } from './shown-line.ts';

/**
 * `rondo config trust [FILE]`: remembers the content of FILE, or of the nearest project's `.goproxy`, and says
 * what it may do from now on. As soon as the file changes it is not trusted any more.
 * @throws RondoError E_CONFIG where there is no such file, its owner is somebody else, or it has mistakes
 */
export async function trustConfig(words: readonly string[], context: CliContext): Promise<number> {
  const { env, platform, systemHome, table } = context;
  const line = (text: Text): void => context.words(shownLine(render(text, table)));
  const folders = userFolders(platform, env, systemHome);
  const file = await fileToTrust(words[0], folders, context);
  const { path, content, hash } = file;
  const [problem] = checkFile(file, folders);
  if (problem !== undefined) throw problem;
  const { isTrusted } = await loadTrust(folders.stateDir);
  if (isTrusted(hash)) {
    line(say('{path} is trusted already', { path: printable(path) }));
    return EXIT.ok;
  }
  const { ignored, refused } = createLayer(parseIniFile(content, path), path, false);
  await rememberTrust(folders.stateDir, { path, hash });
  const keys = [
    ...(refused === undefined ? [] : [`proxy (${render(refused.problem, table)})`]),
    ...ignored.map(({ path: key, text }) => `${key} = "${printable(text, 400)}"`),
  ];
  const name = { path: printable(path) };
  line(
    keys.length === 0
      ? say('{path} is trusted until it changes; none of its keys was ignored', name)
      : say('{path} is trusted until it changes; what was ignored until now counts:', name),
  );
  for (const key of keys) context.words(`  ${printable(key, 500)}\n`);
  return EXIT.ok;
}

async function fileToTrust(
  word: string | undefined,
  folders: UserFolders,
  { cwd, uid }: CliContext,
): Promise<FoundFile> {
  if (word !== undefined) return readNamedFile(resolve(cwd, word));
  const file = await findProjectFile({ ...folders, cwd, uid });
  if (file === undefined) {
    throw new RondoError('E_CONFIG', say("no project's .goproxy in {cwd} or above it", { cwd }), {
      hint: say('rondo config trust FILE; your own, and one that --config names, need no trust'),
    });
  }
  if ('foreign' in file) {
    throw new RondoError('E_CONFIG', foreignText(file), {
      hint: say('--config {foreign} reads it nevertheless', { foreign: shellWord(file.foreign) }),
    });
  }
  return file;
}
