import { join } from 'node:path';
import { formatSize } from '../kit/size.ts';
import { verifyAll } from '../upkeep/verify-all.ts';
import type { CopyFinding, CopyReport } from '../upkeep/verify-copy.ts';
import type { CliContext } from './context.ts';
import { counted } from './counted.ts';
import { withCopy } from './copy-work.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { sameOptions } from './same-options.ts';
import { shownLine } from './shown-line.ts';

/**
 * `rondo cache verify [--repair]`: what is not right in the copy, a line a file on stdout; what is wrong is set aside, so
 * that it is not served any more. Resolves with the exit code: 0 where all is right or was mended, 1 where something could
 * not be proven or is missing, 4 where something is wrong, and with `--repair` 3 where no mirror had the right
 * one, 2 where the disk is the cause.
 * @throws RondoError as withCopy does
 */
export async function cacheVerify(flags: Flags, context: CliContext): Promise<number> {
  const repair = flags.repair === true;
  return withCopy(
    {
      flags,
      offline: !repair,
      startsOver: true,
      doing: repair ? 'repairing' : 'verifying',
      work: async ({ work, mend, seal, cacheDir }) => ({
        report: await verifyAll(work, repair ? { mend, seal } : undefined),
        cacheDir,
      }),
      report: ({ report, cacheDir }) => tell(report, cacheDir, flags, context),
    },
    context,
  );
}

function tell(report: CopyReport, cacheDir: string, flags: Flags, { data, words }: CliContext): number {
  if (flags.json === true) data(`${JSON.stringify(jsonOf(report), null, 2)}\n`);
  else for (const finding of report.findings) data(shownLine(lineOf(finding)));
  words(`rondo: ${summaryOf(report)}\n`);
  if (report.findings.some(({ quarantine }) => quarantine !== undefined)) {
    const quarantine = join(cacheDir, 'quarantine');
    words(shownLine(`rondo: what was wrong lies in ${quarantine} now; delete it when you like`));
  }
  for (const line of whatHelps(report, flags)) words(shownLine(`rondo: ${line}`));
  return codeOf(report);
}

function whatHelps({ findings }: CopyReport, flags: Flags): string[] {
  const command = `rondo cache verify --repair${sameOptions(flags)}`;
  // The disk first: until that is mended the command would fail as before.
  const hints = new Set(findings.flatMap(({ hint }) => hint ?? []));
  if (findings.some(({ ofDisk }) => ofDisk === true)) return [...hints];
  if (flags.repair === true) {
    return findings.some(({ mended }) => mended === false) ? [`when the network is back: ${command}`] : [];
  }
  if (!findings.some(({ state, problem }) => isToBeMended(state) && problem === undefined)) return [];
  return [`${command} fetches it, where there is a network; a server does when somebody asks for it`];
}

type Counts = Record<'wrong' | 'missing' | 'mended' | 'failed' | 'unproven' | 'unreadable', number>;

function isToBeMended(state: CopyFinding['state']): boolean {
  return state === 'wrong' || state === 'missing';
}

function counts({ findings }: CopyReport): Counts {
  const number = (holds: (finding: CopyFinding) => boolean): number => findings.filter(holds).length;
  return {
    wrong: number(({ state }) => state === 'wrong'),
    missing: number(({ state }) => state === 'missing'),
    mended: number(({ mended }) => mended === true),
    failed: number(({ mended }) => mended === false),
    unproven: number(({ state }) => state === 'unproven'),
    unreadable: number(({ state }) => state === 'unreadable'),
  };
}

function codeOf(report: CopyReport): number {
  const failed = report.findings.filter(({ mended }) => mended === false);
  // As for any other failure of the disk.
  if (failed.some(({ ofDisk }) => ofDisk === true)) return EXIT.usage;
  if (failed.length > 0) return EXIT.upstream;
  const left = report.findings.filter(({ mended }) => mended !== true);
  if (left.some(({ state }) => state === 'wrong')) return EXIT.integrity;
  return left.length > 0 ? EXIT.findings : EXIT.ok;
}

function jsonOf(report: CopyReport): object {
  return { version: 1, ...report, counts: counts(report) };
}

function lineOf(finding: CopyFinding): string {
  const { key, state, why } = finding;
  return `${state.toUpperCase()}  ${key}: ${why}${endOf(finding)}`;
}

function endOf({ state, quarantine, mended, problem }: CopyFinding): string {
  if (mended === true) return state === 'missing' ? '; fetched' : '; fetched again';
  if (mended === false) return `; not fetched again: ${problem}`;
  if (problem !== undefined) return `; not set aside, and served as it is: ${problem}`;
  return quarantine === undefined ? '' : '; set aside';
}

function summaryOf(report: CopyReport): string {
  const { files, bytes } = report;
  const { wrong, missing, unproven, unreadable } = counts(report);
  const parts = [`${counted(files, 'file')}, ${formatSize(bytes)}`];
  const mended = (which: CopyFinding['state']): number =>
    report.findings.filter(({ state, mended }) => state === which && mended === true).length;
  const [ofWrong, ofMissing] = [mended('wrong'), mended('missing')];
  parts.push(
    wrong === 0 ? 'none wrong' : `${wrong} wrong${ofWrong > 0 ? `, ${ofWrong} of them mended` : ''}`,
  );
  if (missing > 0) parts.push(`${missing} missing${ofMissing > 0 ? `, ${ofMissing} of them fetched` : ''}`);
  if (unproven > 0) parts.push(`${unproven} that nothing is known of`);
  if (unreadable > 0) parts.push(`${unreadable} that cannot be read`);
  return parts.join('; ');
}
