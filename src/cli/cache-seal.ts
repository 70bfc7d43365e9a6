import type { Fetched } from '../upkeep/fetch-each.ts';
import { fetchInfos, fetchRecords } from '../upkeep/fetch-lacking.ts';
import { linesByCause } from './by-cause.ts';
import type { CliContext } from './context.ts';
import { counted } from './counted.ts';
import { withCopy, type CopyTools } from './copy-work.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { sameOptions } from './same-options.ts';
import { shownLine } from './shown-line.ts';

/** What sealing came to, a report a database. */
export type SealReports = Awaited<ReturnType<CopyTools['seal']>>;

/**
 * `rondo cache seal`: makes the checksum records of the copy provable by the copy alone, and fetches what a go behind
 * the gap would ask for besides: records, and `.info` files. On stdout a line for each thing that is missing still.
 * Resolves with 0, with 1 where something is.
 * @throws RondoError E_CHECKSUM_FORK; as withCopy does
 */
export async function cacheSeal(flags: Flags, context: CliContext): Promise<number> {
  const offline = flags.offline === true;
  return withCopy(
    {
      flags,
      offline,
      doing: 'sealing',
      async work({ work, mend, seal }) {
        const records = await fetchRecords(work, offline);
        const databases = await seal();
        const infos = await fetchInfos(work, offline ? undefined : mend);
        return { databases, records, infos, readOnly: await work.store.whyNotWritable() };
      },
      report: (sealed) => tell(sealed, flags, context),
    },
    context,
  );
}

type Sealed = {
  readonly databases: SealReports;
  readonly records: Fetched;
  readonly infos: Fetched;
  /** Why the copy cannot be written, if that is so. */
  readonly readOnly: string | undefined;
};

function tell(sealed: Sealed, flags: Flags, { data, words }: CliContext): number {
  const { databases, records, infos, readOnly } = sealed;
  if (flags.json === true) data(`${JSON.stringify({ version: 1, databases, records, infos }, null, 2)}\n`);
  else {
    for (const line of unsealedLines(databases)) data(shownLine(line));
    for (const { module, version, why } of records.missing)
      data(shownLine(`UNSEALED  ${module}@${version}: its record is not in the copy: ${why}`));
    for (const { module, version, why } of infos.missing)
      data(shownLine(`MISSING  ${module}@${version} .info: ${why}`));
  }
  const fetched = [
    ...(records.fetched > 0 ? [counted(records.fetched, 'checksum record')] : []),
    ...(infos.fetched > 0 ? [counted(infos.fetched, '.info file')] : []),
  ];
  if (fetched.length > 0) words(`rondo: fetched ${fetched.join(' and ')} that the copy lacked\n`);
  for (const line of sealedWords(databases)) words(`rondo: ${line}\n`);
  if (databases.length === 0) words('rondo: the copy has no checksum records\n');
  if (infos.missing.length > 0)
    words(
      `rondo: ${counted(infos.missing.length, 'version')} without .info: go build works, and go mod download fails\n`,
    );
  const missing = records.missing.length + infos.missing.length;
  const code = missing > 0 ? EXIT.findings : codeOfSeal(databases);
  if (code === EXIT.ok) return code;
  if (readOnly !== undefined) words(shownLine(`rondo: the copy cannot be written: ${readOnly}`));
  else if (flags.offline === true)
    words(shownLine(`rondo: where there is a network: rondo cache seal${sameOptions(flags)}`));
  return code;
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
