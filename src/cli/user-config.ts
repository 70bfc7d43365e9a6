import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { readGoEnvironment } from '../host/go-env.ts';
import { refusesConnections } from '../host/loopback.ts';
import { readNetrc } from '../host/netrc.ts';
import { userFolders } from '../host/user-folders.ts';
import type { CliContext } from './context.ts';
import { flagTexts, type Flags } from './flags.ts';

/** What a command runs with. */
export type UserConfig = { readonly config: Config; readonly stateDir: string };

/**
 * The configuration of the user who started this process, its warnings already shown. Offline, a chain
 * that was lost is no error: the copy needs none.
 * @throws RondoError of kind `usage`
 */
export async function loadUserConfig(flags: Flags, context: CliContext): Promise<UserConfig> {
  const { env, cwd, platform, uid, systemHome } = context;
  const folders = userFolders(platform, env, systemHome);
  const go = await readGoEnvironment(platform, env, folders, cwd);
  const config = await loadConfig({
    ...folders,
    flags: { ...flags, texts: flagTexts(flags) },
    env,
    cwd,
    uid,
    go: go.files,
    netrc: await readNetrc(platform, env, cwd),
    refuses: refusesConnections,
    chainNeeded: flags.offline !== true,
  });
  for (const warning of config.warnings) context.warn(warning);
  return { config, stateDir: folders.stateDir };
}
