import { formatSize } from '../kit/size.ts';
import { removeVersions, type Removal } from '../upkeep/remove-versions.ts';
import type { CliContext } from './context.ts';
import { withCopy } from './copy-work.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { jsonText } from './json-text.ts';
import { parseModuleWords } from './module-words.ts';
import { many, say } from '../words/text.ts';

/**
 * `rondo cache rm MODULE[@VERSION]…`: takes them out of the copy; on stdout a line for each version. Resolves with
 * 0, with 1 where something that was named is not there.
 * @throws RondoError E_USAGE; as withCopy does
 */
export async function cacheRm(words: readonly string[], flags: Flags, context: CliContext): Promise<number> {
  const named = parseModuleWords(words, 'version');
  return withCopy(
    {
      flags,
      offline: true,
      doing: say('removing'),
      work: ({ work }) => removeVersions(named, work),
      report: (removals) => tell(removals, flags, context),
    },
    context,
  );
}

function tell(removals: readonly Removal[], { json }: Flags, context: CliContext): number {
  const { data, warn } = context;
  let files = 0;
  let bytes = 0;
  for (const { module, version, versions, ...removal } of removals) {
    files += removal.files;
    bytes += removal.bytes;
    if (json !== true) for (const each of versions) data(`${module}@${each}\n`);
    if (removal.files === 0)
      warn(
        say('{name} is not in the copy', { name: version === undefined ? module : `${module}@${version}` }),
      );
  }
  if (json === true) data(jsonText({ version: 1, removals }));
  context.tell(
    many(files, 'removed {count} file, {size}', 'removed {count} files, {size}', { size: formatSize(bytes) }),
  );
  return removals.every((removal) => removal.files > 0) ? EXIT.ok : EXIT.findings;
}
