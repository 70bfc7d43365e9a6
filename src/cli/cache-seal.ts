import { linesByCause } from './by-cause.ts';
import type { CliContext } from './context.ts';
import { counted } from './counted.ts';
import { withCopy, type CopyTools } from './copy-work.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { shownLine } from './shown-line.ts';

/** What sealing came to, a report a database. */
export type SealReports = Awaited<ReturnType<CopyTools['seal']>>;

/**
 * `rondo cache seal`: makes the checksum records of the copy provable by the copy alone; on stdout a line for each
 * that could not be. Resolves with 0, with 1 where something is missing.
 * @throws RondoError E_CHECKSUM_FORK; as withCopy does
 */
export async function cacheSeal(flags: Flags, context: CliContext): Promise<number> {
  return withCopy(
    {
      flags,
      offline: flags.offline === true,
      doing: 'sealing',
      work: async ({ work, seal }) => ({
        databases: await seal(),
        readOnly: await work.store.whyNotWritable(),
      }),
      report({ databases, readOnly }) {
        if (flags.json === true) context.data(`${JSON.stringify({ version: 1, databases }, null, 2)}\n`);
        else for (const line of unsealedLines(databases)) context.data(shownLine(line));
        for (const line of sealedWords(databases)) context.words(`rondo: ${line}\n`);
        if (databases.length === 0) context.words('rondo: the copy has no checksum records\n');
        const code = codeOfSeal(databases);
        if (code === EXIT.ok) return code;
        if (readOnly !== undefined)
          context.words(shownLine(`rondo: the copy cannot be written: ${readOnly}`));
        else if (flags.offline === true) context.words('rondo: where there is a network: rondo cache seal\n');
        return code;
      },
    },
    context,
  );
}

/** A line for each thing that could not be sealed; one for many with the same cause. */
export function unsealedLines(reports: SealReports): string[] {
  return linesByCause(
    reports.flatMap(({ unsealed }) => unsealed.map((each) => ({ ...each, state: 'unsealed' }))),
  );
}

/** What is sealed, a line a database. */
export function sealedWords(reports: SealReports): string[] {
  return reports.map(({ database, sealed, treeSize, unsealed }) => {
    const tree = treeSize === undefined ? '' : ` in its tree of ${treeSize}`;
    const open = unsealed.length === 0 ? '' : `; not sealed: ${counted(unsealed.length, 'thing')}`;
    return `sealed ${counted(sealed, 'record')} of ${database}${tree}${open}`;
  });
}

/** 0, or 1 where something is not sealed. */
export function codeOfSeal(reports: SealReports): number {
  return reports.every(({ unsealed }) => unsealed.length === 0) ? EXIT.ok : EXIT.findings;
}
