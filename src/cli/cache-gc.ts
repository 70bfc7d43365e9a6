import { formatSize } from '../kit/size.ts';
import { collectGarbage, previewGarbage, type Garbage } from '../upkeep/collect-garbage.ts';
import type { CliContext } from './context.ts';
import { withCopy, type CopyTools } from './copy-work.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { jsonText } from './json-text.ts';
import { listed, many, say, type Text } from '../words/text.ts';

/** Why it did not become as small as it was to be. */
const WHY = {
  'nothing-left': say(
    'nothing more may go: it is pinned, in use, asked for a moment ago, or was not written by Rondo; rondo cache ls --sort size shows what is large, and rondo cache rm removes it',
  ),
  'no-index': say('the index of the copy does not work, so it is not known what nobody asks for'),
  busy: say('another Rondo is at it; try again in a moment'),
  stopped: say('it was stopped; the same command again goes on'),
} as const;

/**
 * `rondo cache gc`: makes the copy as small as the flags or the configuration say. Resolves with 0, with 1 where it
 * could not become so small. With --dry-run the keys that would go are on stdout.
 * @throws RondoError as withCopy does
 */
export async function cacheGc(flags: Flags, context: CliContext): Promise<number> {
  return withCopy<Result>(
    {
      flags,
      offline: true,
      makesRoom: true,
      doing: say('making room'),
      async work({ work, budget }) {
        const goal = goalOf(budget, flags);
        return flags.dryRun === true
          ? { dryRun: true, ...(await previewGarbage(goal, work)) }
          : { dryRun: false, ...(await collectGarbage(goal, work)) };
      },
      report: (result) => tell(result, flags, context),
    },
    context,
  );
}

type Result =
  | ({ readonly dryRun: true } & Awaited<ReturnType<typeof previewGarbage>>)
  | ({ readonly dryRun: false } & Garbage);

function tell(result: Result, { json }: Flags, { data, tell: tellPeople, warn }: CliContext): number {
  if (json === true) data(jsonText({ version: 1, ...result }));
  else if (result.dryRun) for (const { key } of result.files) data(`${key}\n`);
  if (!result.dryRun && result.leftovers.bytes > 0)
    tellPeople(
      say('removed {size} that a killed Rondo had left unfinished', {
        size: formatSize(result.leftovers.bytes),
      }),
    );
  tellPeople(summaryOf(result));
  if (result.why === 'enough') return EXIT.ok;
  warn(say('the copy is larger than it is to be: {why}', { why: WHY[result.why] }));
  return EXIT.findings;
}

function summaryOf(result: Result): Text {
  const size = formatSize(result.bytes);
  if (result.dryRun)
    return many(result.files.length, '{count} file, {size}, would go', '{count} files, {size}, would go', {
      size,
    });
  const gone = many(result.files, 'gave up {count} file, {size}', 'gave up {count} files, {size}', { size });
  return result.totals === undefined ? gone : listed([gone, nowWords(result.totals)], '; ');
}

function goalOf(
  { maxBytes, minFreeBytes }: CopyTools['budget'],
  flags: Flags,
): { maxBytes: number; minFreeBytes: number } {
  return { maxBytes: flags.maxSize ?? maxBytes, minFreeBytes: flags.minFree ?? minFreeBytes };
}

function nowWords({ own, files, bytes }: Exclude<Garbage['totals'], undefined>): Text {
  const others = files - own.files;
  const values = { files: own.files, size: formatSize(own.bytes) };
  if (others === 0) return say("the copy has {files} of Rondo's own, {size}", values);
  return say(
    "the copy has {files} of Rondo's own, {size}, and {others} that it does not give up, {othersSize}",
    { ...values, others, othersSize: formatSize(bytes - own.bytes) },
  );
}
