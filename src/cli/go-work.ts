import { dirname, isAbsolute, join } from 'node:path';
import { goValue } from '../config/go-settings.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { readGoEnvironment } from '../host/go-env.ts';
import { userFolders } from '../host/user-folders.ts';
import { say } from '../words/text.ts';
import type { CliContext } from './context.ts';

/** Which workspace go is in: that of the nearest go.work, none, or one that GOWORK names. */
export type WorkSetting =
  | { readonly kind: 'nearest' }
  | { readonly kind: 'off' }
  | { readonly kind: 'file'; readonly path: string };

/** What go makes of GOWORK here (modload.FindGoWork). Rejects as workSetting. */
export async function readWorkSetting({
  env,
  platform,
  systemHome,
  cwd,
}: Pick<CliContext, 'env' | 'platform' | 'systemHome' | 'cwd'>): Promise<WorkSetting> {
  const go = await readGoEnvironment(platform, env, userFolders(platform, env, systemHome), cwd);
  return workSetting(goValue('GOWORK', env, go.files));
}

/**
 * What a value of GOWORK means (modload.FindGoWork). Pure.
 * @throws RondoError E_USAGE for a path that is not absolute, which go refuses
 */
export function workSetting(value: string): WorkSetting {
  if (value === '' || value === 'auto') return { kind: 'nearest' };
  if (value === 'off') return { kind: 'off' };
  if (isAbsolute(value)) return { kind: 'file', path: value };
  throw new RondoError(
    'E_USAGE',
    say('GOWORK is {value}: go takes an absolute path, or off, or nothing', { value }),
    { hint: say('unset GOWORK') },
  );
}

/** The go.work by which a folder would be a workspace; undefined where none counts there. Pure. */
export function workFileIn(folder: string, setting: WorkSetting): string | undefined {
  if (setting.kind === 'off') return undefined;
  if (setting.kind === 'nearest') return join(folder, 'go.work');
  return dirname(setting.path) === folder ? setting.path : undefined;
}
