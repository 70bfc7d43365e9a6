import { purgeAnswers } from '../upkeep/purge-answers.ts';
import type { CliContext } from './context.ts';
import { withCopy } from './copy-work.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { jsonText } from './json-text.ts';
import { parseModuleWords } from './module-words.ts';
import { many, say } from '../words/text.ts';

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
      doing: say('purging'),
      work: ({ work }) => purgeAnswers(named, work),
      report(purges) {
        const answers = purges.reduce((sum, purge) => sum + purge.answers, 0);
        if (flags.json === true) context.data(jsonText({ version: 1, purges }));
        for (const { module, version, answers: count } of purges) {
          const name = version === undefined ? module : `${module}@${version}`;
          if (count === 0) context.warn(say('the copy has no answer about {name}', { name }));
        }
        context.tell(
          many(
            answers,
            'forgot {count} answer; no file was removed',
            'forgot {count} answers; no file was removed',
          ),
        );
        return EXIT.ok;
      },
    },
    context,
  );
}
