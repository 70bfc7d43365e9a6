import { EXAMPLE_VERSION } from '../gomod/toolchain.ts';
import { jsonText } from './json-text.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { shownLine } from './shown-line.ts';
import { say } from '../words/text.ts';
import { installedIn, toolchainsDir } from './toolchain-folder.ts';

/** `rondo toolchain ls`: the toolchains that are installed, the newest first, a line each. Resolves with 0. */
export async function toolchainLs(flags: Flags, context: CliContext): Promise<number> {
  const dir = toolchainsDir(flags, context);
  const toolchains = await installedIn(dir);
  if (flags.json === true) context.data(jsonText({ version: 1, dir, toolchains }));
  else
    for (const { version, os, arch, path } of toolchains)
      context.data(shownLine(`go${version}  ${os}/${arch}  ${path}`));
  if (toolchains.length === 0)
    context.tell(
      say('none in {dir}; to install one: rondo toolchain install {version}', {
        dir,
        version: EXAMPLE_VERSION,
      }),
    );
  return EXIT.ok;
}
