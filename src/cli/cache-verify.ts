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
 * that it is not served any more. Resolves with the exit code: 0 where all is right or was mended, 1 where something could not be proven, 4 where something is wrong, and
 * with `--repair` 3 where no mirror had the right one.
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
    const repair = `rondo cache verify --repair${sameOptions(flags)}`;
    if (flags.repair !== true)
      words(shownLine(`rondo: to fetch it again: ${repair}; else that happens when somebody asks for it`));
  }
  return codeOf(report);
}

type Counts = Record<'wrong' | 'mended' | 'failed' | 'unproven' | 'unreadable', number>;

function counts({ findings }: CopyReport): Counts {
  const number = (holds: (finding: CopyFinding) => boolean): number => findings.filter(holds).length;
  return {
    wrong: number(({ state }) => state === 'wrong'),
    mended: number(({ mended }) => mended === true),
    failed: number(({ mended }) => mended === false),
    unproven: number(({ state }) => state === 'unproven'),
    unreadable: number(({ state }) => state === 'unreadable'),
  };
}

function codeOf(report: CopyReport): number {
  const { wrong, mended, failed, unproven, unreadable } = counts(report);
  if (failed > 0) return EXIT.upstream;
  if (wrong > mended) return EXIT.integrity;
  return unproven + unreadable > 0 ? EXIT.findings : EXIT.ok;
}

function jsonOf(report: CopyReport): object {
  return { version: 1, ...report, counts: counts(report) };
}

function lineOf(finding: CopyFinding): string {
  const { key, state, why } = finding;
  return `${state.toUpperCase()}  ${key}: ${why}${endOf(finding)}`;
}

function endOf({ quarantine, mended, problem }: CopyFinding): string {
  if (mended === true) return '; fetched again';
  if (mended === false) return `; not fetched again: ${problem}`;
  if (problem !== undefined) return `; not set aside, and served as it is: ${problem}`;
  return quarantine === undefined ? '' : '; set aside';
}

function summaryOf(report: CopyReport): string {
  const { files, bytes } = report;
  const { wrong, mended, unproven, unreadable } = counts(report);
  const parts = [`${counted(files, 'file')}, ${formatSize(bytes)}`];
  parts.push(wrong === 0 ? 'none wrong' : `${wrong} wrong${mended > 0 ? `, ${mended} of them mended` : ''}`);
  if (unproven > 0) parts.push(`${unproven} that nothing is known of`);
  if (unreadable > 0) parts.push(`${unreadable} that cannot be read`);
  return parts.join('; ');
}
