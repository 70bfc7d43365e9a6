import { join } from 'node:path';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { findExecutable } from '../host/find-executable.ts';
import { runQuietly } from '../host/run-quietly.ts';
import type { CliContext } from './context.ts';
import { exec } from './exec.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import type { Project } from './project-files.ts';
import { say } from '../words/text.ts';

/**
 * Writes the vendor folder of a project out of the copy alone, and has go prove it: `go list -mod=vendor ./...` needs no
 * network and no module cache. Resolves with 0, or with go's own exit code.
 * @throws RondoError E_USAGE without a go, or where go does not take the folder that it has written
 */
export async function vendorProject(project: Project, flags: Flags, context: CliContext): Promise<number> {
  const { platform, env } = context;
  const inFolder = { ...context, cwd: project.folder };
  const go = await findExecutable('go', platform, env, project.folder);
  if (go.kind !== 'found') {
    throw new RondoError('E_USAGE', say('there is no go, which writes the vendor folder'), {
      hint: say('rondo toolchain install 1.26.8 && eval "$(rondo env)"'),
    });
  }
  const verb = project.isWorkspace ? 'work' : 'mod';
  const code = await exec(['go', verb, 'vendor'], { ...flags, offline: true }, inFolder);
  if (code !== EXIT.ok) return code;
  // Nothing of this user's may help: below a file there can be no folder, nor is one made.
  const nowhere = join(project.folder, 'vendor', 'modules.txt', 'none');
  const alone = { ...env, GOFLAGS: '-mod=vendor', GOPROXY: 'off', GOMODCACHE: nowhere };
  try {
    await runQuietly(go.path, ['list', './...'], { env: alone, cwd: project.folder });
  } catch (error) {
    throw new RondoError(
      'E_USAGE',
      say('go does not take the vendor folder of {folder}: {why}', {
        folder: project.folder,
        why: messageOf(error),
      }),
      {
        hint: say('go mod tidy, then the same command again'),
        cause: error,
      },
    );
  }
  context.tell(
    say('{folder} is whole: go list -mod=vendor ./... works with it alone', {
      folder: join(project.folder, 'vendor'),
    }),
  );
  return EXIT.ok;
}
