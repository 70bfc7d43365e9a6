import { formatSize } from '../kit/size.ts';
import { collectGarbage, previewGarbage, type Garbage } from '../upkeep/collect-garbage.ts';
import type { CliContext } from './context.ts';
import { MAKING_ROOM, withCopy, type CopyTools } from './copy-work.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';

/** Why it did not become as small as it was to be. */
const WHY = {
  'nothing-left':
    'nothing more may go: it is pinned, in use, asked for a moment ago, or was not written by Rondo',
  'no-index': 'the index of the copy does not work, so it is not known what nobody asks for',
  busy: 'another Rondo is at it',
  stopped: 'it was stopped',
} as const;

/**
 * `rondo cache gc`: makes the copy as small as the flags or the configuration say. Resolves with 0, with 1 where it
 * could not become so small. With --dry-run the keys that would go are on stdout.
 * @throws RondoError as withCopy does
 */
export async function cacheGc(flags: Flags, context: CliContext): Promise<number> {
  return withCopy({ flags, offline: true, doing: MAKING_ROOM }, context, (tools) =>
    flags.dryRun === true ? preview(tools, flags, context) : collect(tools, flags, context),
  );
}

async function collect({ work, budget }: CopyTools, flags: Flags, context: CliContext): Promise<number> {
  const garbage = await collectGarbage(goalOf(budget, flags), work);
  const { files, bytes, why } = garbage;
  if (flags.json === true)
    context.data(`${JSON.stringify({ version: 1, dryRun: false, ...garbage }, null, 2)}\n`);
  context.words(`rondo: gave up ${files} files, ${formatSize(bytes)}${nowWords(garbage)}\n`);
  return endOf(why, context);
}

async function preview({ work, budget }: CopyTools, flags: Flags, context: CliContext): Promise<number> {
  const found = await previewGarbage(goalOf(budget, flags), work);
  const { files, bytes, why } = found;
  if (flags.json === true)
    context.data(`${JSON.stringify({ version: 1, dryRun: true, ...found }, null, 2)}\n`);
  else for (const { key } of files) context.data(`${key}\n`);
  context.words(`rondo: ${files.length} files, ${formatSize(bytes)}, would go\n`);
  return endOf(why, context);
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

function endOf(why: 'enough' | keyof typeof WHY, context: CliContext): number {
  if (why === 'enough') return EXIT.ok;
  context.warn(`the copy is larger than it is to be: ${WHY[why]}`);
  return EXIT.findings;
}
