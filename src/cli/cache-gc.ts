import { formatSize } from '../kit/size.ts';
import { collectGarbage, previewGarbage, type Garbage } from '../upkeep/collect-garbage.ts';
import type { CliContext } from './context.ts';
import { counted } from './counted.ts';
import { MAKING_ROOM, withCopy, type CopyTools } from './copy-work.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';

/** Why it did not become as small as it was to be. */
const WHY = {
  'nothing-left':
    'nothing more may go: it is pinned, in use, asked for a moment ago, or was not written by Rondo; rondo cache ls --sort size shows what is large, and rondo cache rm removes it',
  'no-index': 'the index of the copy does not work, so it is not known what nobody asks for',
  busy: 'another Rondo is at it; try again in a moment',
  stopped: 'it was stopped; the same command again goes on',
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
      doing: MAKING_ROOM,
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

function tell(result: Result, { json }: Flags, { data, words, warn }: CliContext): number {
  if (json === true) data(`${JSON.stringify({ version: 1, ...result }, null, 2)}\n`);
  else if (result.dryRun) for (const { key } of result.files) data(`${key}\n`);
  const size = formatSize(result.bytes);
  if (result.dryRun) words(`rondo: ${counted(result.files.length, 'file')}, ${size}, would go\n`);
  else words(`rondo: gave up ${counted(result.files, 'file')}, ${size}${nowWords(result)}\n`);
  if (result.why === 'enough') return EXIT.ok;
  warn(`the copy is larger than it is to be: ${WHY[result.why]}`);
  return EXIT.findings;
}

function goalOf(
  { maxBytes, minFreeBytes }: CopyTools['budget'],
  flags: Flags,
): { maxBytes: number; minFreeBytes: number } {
  return { maxBytes: flags.maxSize ?? maxBytes, minFreeBytes: flags.minFree ?? minFreeBytes };
}

function nowWords({ totals }: Garbage): string {
  if (totals === undefined) return '';
  const { own, files, bytes } = totals;
  const others = files - own.files;
  const more =
    others === 0 ? '' : `, and ${others} that it does not give up, ${formatSize(bytes - own.bytes)}`;
  return `; the copy has ${own.files} of Rondo's own, ${formatSize(own.bytes)}${more}`;
}
