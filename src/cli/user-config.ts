import { resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { configPaths } from '../config/find-files.ts';
import { loadConfig } from '../config/load-config.ts';
import { trustFile } from '../config/trust.ts';
import { goEnvFile, readGoEnvironment } from '../host/go-env.ts';
import { refusesConnections } from '../host/loopback.ts';
import { netrcPaths, readNetrc } from '../host/netrc.ts';
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
  const read = await readUserConfig(flags, context);
  for (const warning of read.config.warnings) context.warn(warning);
  return read;
}

/** As loadUserConfig, and says nothing. */
export async function readUserConfig(flags: Flags, context: CliContext): Promise<UserConfig> {
  const { env, cwd, platform, uid, systemHome } = context;
  const folders = userFolders(platform, env, systemHome);
  const [go, netrc] = await Promise.all([
    readGoEnvironment(platform, env, folders, cwd),
    readNetrc(platform, env, cwd),
  ]);
  const config = await loadConfig({
    ...folders,
    flags: { ...flags, texts: flagTexts(flags) },
    env,
    cwd,
    uid,
    go: go.files,
    netrc,
    refuses: refusesConnections,
    chainNeeded: flags.offline !== true,
  });
  return { config, stateDir: folders.stateDir };
}

/**
 * The files that a configuration is read from, absolute, whether they are there or not: its own, the list of trusted
 * ones, go's environment file and netrc. Which files hold credentials is known only from the configuration itself.
 */
export async function configSources(flags: Flags, context: CliContext): Promise<string[]> {
  const { env, cwd, platform, systemHome } = context;
  const folders = userFolders(platform, env, systemHome);
  const named = flags.config === undefined ? undefined : resolve(cwd, flags.config);
  const goEnv = goEnvFile(env, folders.goConfigDir);
  return [
    ...(await configPaths({ ...folders, named, cwd })),
    trustFile(folders.stateDir),
    ...[...(goEnv === undefined ? [] : [goEnv]), ...netrcPaths(platform, env)].map((path) =>
      resolve(cwd, path),
    ),
  ];
}

/** The files whose credentials a configuration uses. */
export function credentialFiles({ chain }: Config): string[] {
  return chain.mirrors.flatMap(({ authorizationOrigin = '' }) =>
    authorizationOrigin.startsWith('file ') ? authorizationOrigin.slice('file '.length) : [],
  );
}
