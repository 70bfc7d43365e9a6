import { purgeAnswers } from '../upkeep/purge-answers.ts';
import type { CliContext } from './context.ts';
import { counted } from './counted.ts';
import { withCopy } from './copy-work.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { parseModuleWords } from './module-words.ts';

/**
 * `rondo cache purge MODULE[@QUERY]…`: forgets what mirrors said of lists, `@latest` and queries. Resolves with 0,
 * also where nothing was known: the next question is asked of the mirrors in any case.
 * @throws RondoError E_USAGE; as withCopy does
 */
export async function cachePurge(
  words: readonly string[],
  flags: Flags,
  context: CliContext,
): Promise<number> {
  const named = parseModuleWords(words, 'query');
  return withCopy(
    {
      flags,
      offline: true,
      doing: 'purging',
      work: ({ work }) => purgeAnswers(named, work),
      report(purges) {
        const answers = purges.reduce((sum, purge) => sum + purge.answers, 0);
        if (flags.json === true) context.data(`${JSON.stringify({ version: 1, purges }, null, 2)}\n`);
        for (const { module, version, answers: count } of purges) {
          const name = version === undefined ? module : `${module}@${version}`;
          if (count === 0) context.warn(`the copy has no answer about ${name}`);
        }
        context.words(`rondo: forgot ${counted(answers, 'answer')}; no file was removed\n`);
        return EXIT.ok;
      },
    },
    context,
  );
}
