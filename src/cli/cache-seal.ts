import type { Fetched } from '../upkeep/fetch-each.ts';
import { fetchInfos, fetchRecords } from '../upkeep/fetch-lacking.ts';
import { linesByCause } from './by-cause.ts';
import type { CliContext } from './context.ts';
import { withCopy, type CopyTools } from './copy-work.ts';
import { dataLine, stateLine } from './data-line.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { jsonText } from './json-text.ts';
import { sameOptions } from './same-options.ts';
import { listed, many, say, type Text } from '../words/text.ts';

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
      doing: say('sealing'),
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
  readonly readOnly: Text | string | undefined;
};

function tell(sealed: Sealed, flags: Flags, context: CliContext): number {
  const { databases, records, infos, readOnly } = sealed;
  if (flags.json === true) context.data(jsonText({ version: 1, databases, records, infos }));
  else for (const line of linesOf(sealed)) dataLine(line, context);
  const fetched = [
    ...(records.fetched > 0
      ? [many(records.fetched, '{count} checksum record', '{count} checksum records')]
      : []),
    ...(infos.fetched > 0 ? [many(infos.fetched, '{count} .info file', '{count} .info files')] : []),
  ];
  if (fetched.length > 0)
    context.tell(say('fetched {list} that the copy lacked', { list: listed(fetched, ' and ') }));
  for (const line of sealedWords(databases)) context.tell(line);
  if (databases.length === 0) context.tell(say('the copy has no checksum records'));
  if (infos.missing.length > 0)
    context.tell(
      many(
        infos.missing.length,
        '{count} version without .info: go build works, and go mod download fails',
        '{count} versions without .info: go build works, and go mod download fails',
      ),
    );
  const missing = records.missing.length + infos.missing.length;
  const code = missing > 0 ? EXIT.findings : codeOfSeal(databases);
  if (code === EXIT.ok) return code;
  if (readOnly !== undefined) context.tell(say('the copy cannot be written: {why}', { why: readOnly }));
  else if (flags.offline === true)
    context.tell(say('where there is a network: rondo cache seal{options}', { options: sameOptions(flags) }));
  return code;
}

function linesOf({ databases, records, infos }: Sealed): Text[] {
  return [
    ...unsealedLines(databases),
    ...records.missing.map(({ module, version, why }) =>
      stateLine('unsealed', `${module}@${version}`, noRecord(why)),
    ),
    ...infos.missing.map(({ module, version, why }) =>
      stateLine('missing', `${module}@${version} .info`, why),
    ),
  ];
}

/** Why a version is not sealed whose record could not be had. */
export function noRecord(why: Text | string): Text {
  return say('its record is not in the copy: {why}', { why });
}

/** A line for each thing that could not be sealed; one for many with the same cause. */
export function unsealedLines(reports: SealReports): Text[] {
  return linesByCause(
    reports.flatMap(({ unsealed }) => unsealed.map((each) => ({ ...each, state: 'unsealed' }))),
  );
}

/** What is sealed, a line a database. */
export function sealedWords(reports: SealReports): Text[] {
  return reports.map(({ database, sealed, treeSize, unsealed }) => {
    const words =
      treeSize === undefined
        ? many(sealed, 'sealed {count} record of {database}', 'sealed {count} records of {database}', {
            database,
          })
        : many(
            sealed,
            'sealed {count} record of {database} in its tree of {treeSize}',
            'sealed {count} records of {database} in its tree of {treeSize}',
            { database, treeSize },
          );
    if (unsealed.length === 0) return words;
    const open = many(unsealed.length, 'not sealed: {count} thing', 'not sealed: {count} things');
    return listed([words, open], '; ');
  });
}

/** 0, or 1 where something is not sealed. */
export function codeOfSeal(reports: SealReports): number {
  return reports.every(({ unsealed }) => unsealed.length === 0) ? EXIT.ok : EXIT.findings;
}
