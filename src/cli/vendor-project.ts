import { isAbsolute, join, relative, sep } from 'node:path';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { EXAMPLE_VERSION } from '../gomod/toolchain.ts';
import { findExecutable } from '../host/find-executable.ts';
import { runQuietly } from '../host/run-quietly.ts';
import type { CliContext } from './context.ts';
import { exec } from './exec.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import type { Project } from './project-files.ts';
import { many, say, type Text } from '../words/text.ts';

/**
 * Sees that each of the projects can have a vendor folder, before anything takes time.
 * @throws RondoError E_USAGE for one of which there is nothing but a go.sum
 */
export function checkVendor(projects: readonly Project[]): void {
  for (const { kind, file } of projects)
    if (kind === 'go-sum')
      throw new RondoError(
        'E_USAGE',
        say('{file} alone is no module: --vendor needs the go.mod or go.work beside it', { file }),
        { hint: say('name the folder of a project') },
      );
}

/**
 * Writes the vendor folder of a project out of the copy alone, and has go prove it: `go list -mod=vendor` of all packages
 * of its modules needs no network and no module cache. Resolves with 0, or with go's own exit code.
 * @throws RondoError E_USAGE without a go, or where go does not take the folder that it has written
 */
export async function vendorProject(project: Project, flags: Flags, context: CliContext): Promise<number> {
  const { platform } = context;
  const { folder } = project;
  const isWorkspace = project.kind === 'workspace';
  // The workspace that was read and no other; a module below a go.work that was named itself is vendored by itself.
  const env = { ...context.env, GOWORK: isWorkspace ? project.file : 'off' };
  const go = await findExecutable('go', platform, env, folder);
  if (go.kind !== 'found') {
    throw new RondoError('E_USAGE', say('there is no go, which writes the vendor folder'), {
      hint: say('rondo toolchain install {version} && eval "$(rondo env)"', { version: EXAMPLE_VERSION }),
    });
  }
  const verb = isWorkspace ? 'work' : 'mod';
  const code = await exec(
    ['go', verb, 'vendor'],
    { ...flags, offline: true },
    { ...context, cwd: folder, env },
  );
  if (code !== EXIT.ok) return code;
  // Nothing of this user's may help: below a file there can be no folder, nor is one made.
  const nowhere = join(folder, 'vendor', 'modules.txt', 'none');
  const alone = { ...env, GOFLAGS: '-mod=vendor', GOPROXY: 'off', GOMODCACHE: nowhere };
  try {
    await runQuietly(go.path, ['list', ...patternsOf(project)], { env: alone, cwd: folder });
  } catch (error) {
    throw new RondoError(
      'E_USAGE',
      say('go does not take the vendor folder of {folder}: {why}', { folder, why: messageOf(error) }),
      {
        hint: say('go mod tidy, then the same command again'),
        cause: error,
      },
    );
  }
  context.tell(wholeWords(project));
  return EXIT.ok;
}

/** All packages of its modules: in a workspace `./...` means none where no module is in the folder itself. */
function patternsOf({ folder, modules }: Project): string[] {
  return modules.map((module) => {
    const path = relative(folder, module).split(sep).join('/');
    if (path === '') return './...';
    return path.startsWith('../') || isAbsolute(path) ? `${path}/...` : `./${path}/...`;
  });
}

function wholeWords({ kind, folder, modules }: Project): Text {
  const vendor = join(folder, 'vendor');
  if (kind !== 'workspace')
    return say('{folder} is whole: go list -mod=vendor ./... works with it alone', { folder: vendor });
  return many(
    modules.length,
    '{folder} is whole: go list -mod=vendor works with it alone in the {count} module of the workspace',
    '{folder} is whole: go list -mod=vendor works with it alone in the {count} modules of the workspace',
    { folder: vendor },
  );
}
