import { formatSize } from '../kit/size.ts';
import { removeVersions } from '../upkeep/remove-versions.ts';
import type { CliContext } from './context.ts';
import { withCopy } from './copy-work.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { parseModuleWords } from './module-words.ts';

/**
 * `rondo cache rm MODULE[@VERSION]…`: takes them out of the copy; on stdout a line for each version. Resolves with
 * 0, with 1 where something that was named is not there.
 * @throws RondoError E_USAGE; as withCopy does
 */
export async function cacheRm(words: readonly string[], flags: Flags, context: CliContext): Promise<number> {
  const named = parseModuleWords(words, 'version');
  const removals = await withCopy({ flags, offline: true, doing: 'removing' }, context, ({ work }) =>
    removeVersions(named, work),
  );
  let files = 0;
  let bytes = 0;
  for (const removal of removals) {
    files += removal.files;
    bytes += removal.bytes;
    if (flags.json !== true)
      for (const version of removal.versions) context.data(`${removal.module}@${version}\n`);
    if (removal.files > 0) continue;
    context.warn(
      `${removal.module}${removal.version === undefined ? '' : `@${removal.version}`} is not in the copy`,
    );
  }
  if (flags.json === true) context.data(`${JSON.stringify({ version: 1, removals }, null, 2)}\n`);
  context.words(`rondo: removed ${files} files, ${formatSize(bytes)}\n`);
  return removals.every((removal) => removal.files > 0) ? EXIT.ok : EXIT.findings;
}
