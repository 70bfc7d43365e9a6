import { configJson, renderConfig } from '../config/show-config.ts';
import { jsonText } from './json-text.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { loadUserConfig } from './user-config.ts';

/**
 * `rondo config show`: what is in force, on stdout; warnings on stderr. That no chain is left is no reason to
 * show nothing: it is one of the warnings.
 * @throws RondoError of kind `usage`, as every command that reads the configuration
 */
export async function showConfig(flags: Flags, context: CliContext): Promise<number> {
  const { config } = await loadUserConfig({ ...flags, offline: true }, context);
  context.data(
    flags.json === true
      ? jsonText(configJson(config))
      : renderConfig(config, { origins: flags.origin === true }),
  );
  return EXIT.ok;
}
