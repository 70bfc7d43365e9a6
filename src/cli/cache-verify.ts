import { join } from 'node:path';
import { formatSize } from '../kit/size.ts';
import { verifyAll } from '../upkeep/verify-all.ts';
import type { CopyFinding, CopyReport } from '../upkeep/verify-copy.ts';
import type { CliContext } from './context.ts';
import { withCopy } from './copy-work.ts';
import { dataLine, stateLine } from './data-line.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { jsonText } from './json-text.ts';
import { sameOptions } from './same-options.ts';
import { render } from '../words/render.ts';
import { listed, many, say, type Text } from '../words/text.ts';

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
      doing: repair ? say('repairing') : say('verifying'),
      work: async ({ work, mend, seal, cacheDir }) => ({
        report: await verifyAll(work, repair ? { mend, seal } : undefined),
        cacheDir,
      }),
      report: ({ report, cacheDir }) => tell(report, cacheDir, flags, context),
    },
    context,
  );
}

function tell(report: CopyReport, cacheDir: string, flags: Flags, context: CliContext): number {
  if (flags.json === true) context.data(jsonText({ version: 1, ...report, counts: counts(report) }));
  else for (const finding of report.findings) dataLine(lineOf(finding), context);
  context.tell(summaryOf(report));
  if (report.findings.some(({ quarantine }) => quarantine !== undefined)) {
    const quarantine = join(cacheDir, 'quarantine');
    context.tell(say('what was wrong lies in {quarantine} now; delete it when you like', { quarantine }));
  }
  for (const line of whatHelps(report, flags)) context.tell(line);
  return codeOf(report);
}

function whatHelps({ findings }: CopyReport, flags: Flags): (Text | string)[] {
  const command = `rondo cache verify --repair${sameOptions(flags)}`;
  // The disk first: until that is mended the command would fail as before.
  if (findings.some(({ ofDisk }) => ofDisk === true)) {
    const hints = findings.flatMap(({ hint }) => (hint === undefined ? [] : [[render(hint), hint] as const]));
    return [...new Map(hints).values()];
  }
  if (flags.repair === true) {
    const failed = findings.some(({ mended }) => mended === false);
    return failed ? [say('when the network is back: {command}', { command })] : [];
  }
  if (!findings.some(({ state, problem }) => isToBeMended(state) && problem === undefined)) return [];
  return [
    say('{command} fetches it, where there is a network; a server does when somebody asks for it', {
      command,
    }),
  ];
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

function lineOf(finding: CopyFinding): Text {
  const { key, state, why } = finding;
  const end = endOf(finding);
  return stateLine(state, key, end === undefined ? why : listed([why, end], '; '));
}

function endOf({ state, quarantine, mended, problem }: CopyFinding): Text | undefined {
  if (mended === true) return state === 'missing' ? say('fetched') : say('fetched again');
  if (mended === false) return say('not fetched again: {problem}', { problem: problem ?? '' });
  if (problem !== undefined) return say('not set aside, and served as it is: {problem}', { problem });
  return quarantine === undefined ? undefined : say('set aside');
}

function summaryOf(report: CopyReport): Text {
  const { files, bytes, findings } = report;
  const { wrong, missing, unproven, unreadable } = counts(report);
  const mendedOf = (which: CopyFinding['state']): number =>
    findings.filter(({ state, mended }) => state === which && mended === true).length;
  const mended = mendedOf('wrong');
  const fetched = mendedOf('missing');
  const parts = [many(files, '{count} file, {size}', '{count} files, {size}', { size: formatSize(bytes) })];
  if (wrong === 0) parts.push(say('none wrong'));
  else
    parts.push(
      mended === 0
        ? say('{wrong} wrong', { wrong })
        : say('{wrong} wrong, {mended} of them mended', { wrong, mended }),
    );
  if (missing > 0)
    parts.push(
      fetched === 0
        ? say('{missing} missing', { missing })
        : say('{missing} missing, {fetched} of them fetched', { missing, fetched }),
    );
  if (unproven > 0) parts.push(say('{unproven} that nothing is known of', { unproven }));
  if (unreadable > 0) parts.push(say('{unreadable} that cannot be read', { unreadable }));
  return listed(parts, '; ');
}
