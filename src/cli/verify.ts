import { withoutInfo } from '../upkeep/fetch-lacking.ts';
import { verifyGoSum, type GoSumLine } from '../upkeep/verify-go-sum.ts';
import type { CliContext } from './context.ts';
import { counted } from './counted.ts';
import { withCopy } from './copy-work.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { readGoSumFiles, type GoSumFile } from './go-sum-files.ts';
import { sameOptions } from './same-options.ts';
import { shownLine } from './shown-line.ts';

/** One file and what the copy has of it. */
type Verified = GoSumFile & {
  readonly lines: readonly GoSumLine[];
  /** Versions whose zip is held, and whose `.info` is not: go builds without, and `go mod download` fails. */
  readonly withoutInfo: number;
};

/**
 * `rondo verify [go.sum…]`: every line of a go.sum against the copy, without a network; what is not well, a line
 * each on stdout. Resolves with the exit code: 0 where all of it is held and equal, 1 where something is missing
 * or no file could ever satisfy a line, 4 where the copy has something else.
 * @throws RondoError E_USAGE, E_GO_SUM; as withCopy does
 */
export async function verify(words: readonly string[], flags: Flags, context: CliContext): Promise<number> {
  const files = await readGoSumFiles(words, context.cwd);
  return withCopy(
    {
      flags,
      offline: true,
      doing: 'verifying',
      startsOver: true,
      async work({ work }) {
        const done: Verified[] = [];
        for (const file of files) {
          const lines = await verifyGoSum(file.goSum, work);
          const zips = lines.filter(({ kind, state }) => kind === 'zip' && state === 'equal');
          done.push({ ...file, lines, withoutInfo: (await withoutInfo(zips, work.store)).length });
        }
        return done;
      },
      report: (verified) => tell(verified, flags, context),
    },
    context,
  );
}

function tell(verified: readonly Verified[], flags: Flags, { data, words }: CliContext): number {
  if (flags.json === true) data(`${JSON.stringify(jsonOf(verified), null, 2)}\n`);
  else for (const file of verified) for (const line of wordsOf(file)) data(shownLine(line));
  for (const file of verified) words(shownLine(`rondo: ${summaryOf(file)}`));
  for (const line of remedies(verified, sameOptions(flags))) words(shownLine(`rondo: ${line}`));
  for (const { path, withoutInfo: count } of verified) {
    if (count === 0) continue;
    const what = `${counted(count, 'version')} without .info: go build works, and offline go mod download fails`;
    words(
      shownLine(`rondo: ${path}: ${what}; where there is a network: rondo cache seal${sameOptions(flags)}`),
    );
  }
  return Math.max(...verified.map(codeOf));
}

function remedies(verified: readonly Verified[], options: string): string[] {
  const has = (wanted: GoSumLine['state']): boolean =>
    verified.some(({ lines }) => lines.some(({ state }) => state === wanted));
  const repair = `what differs is damaged here, or go.sum is wrong; to mend the copy: rondo cache verify --repair${options}`;
  // go asks nobody for what it has in its own cache.
  const take = `what go has already: rondo cache import "$(go env GOMODCACHE)"${options}`;
  const fetch = `what it has not: rondo exec${options} -- go mod download`;
  return [
    ...(has('different') ? [repair] : []),
    ...(has('missing') ? [`a build may not need all of them; ${take}; ${fetch}`] : []),
  ];
}

function codeOf({ lines, goSum }: Verified): number {
  if (lines.some(({ state }) => state === 'different')) return EXIT.integrity;
  const well = lines.every(({ state }) => state === 'equal') && goSum.flaws.length === 0;
  return well ? EXIT.ok : EXIT.findings;
}

function jsonOf(verified: readonly Verified[]): object {
  const files = verified.map(({ path, goSum: { flaws, unknownHashes }, lines, withoutInfo }) => ({
    file: path,
    counts: countsOf(lines),
    withoutInfo,
    lines,
    flaws,
    unknownHashes,
  }));
  return { version: 1, files };
}

function countsOf(lines: readonly GoSumLine[]): Record<GoSumLine['state'], number> {
  const number = (wanted: GoSumLine['state']): number => lines.filter(({ state }) => state === wanted).length;
  return {
    equal: number('equal'),
    different: number('different'),
    missing: number('missing'),
    unreadable: number('unreadable'),
  };
}

function wordsOf({ path, lines, goSum: { flaws } }: Verified): string[] {
  const findings = lines.filter(({ state }) => state !== 'equal');
  return [
    ...findings.map(({ line, module, version, kind, state, why }) => {
      const what = kind === 'zip' ? `${module}@${version}` : `${module}@${version} go.mod`;
      return `${state.toUpperCase()}  ${path}:${line}: ${what}: ${why}`;
    }),
    ...flaws.map(({ line, why }) => `MALFORMED  ${path}:${line}: ${why}`),
  ];
}

function summaryOf({ path, lines, goSum: { flaws, unknownHashes } }: Verified): string {
  const { equal, different, missing, unreadable } = countsOf(lines);
  const parts = [`${equal} of ${lines.length} lines held and equal`];
  if (different > 0) parts.push(`${different} different`);
  if (missing > 0) parts.push(`${missing} missing`);
  if (unreadable > 0) parts.push(`${unreadable} that cannot be read`);
  if (flaws.length > 0) parts.push(`${flaws.length} malformed`);
  if (unknownHashes > 0) parts.push(`${unknownHashes} with a hash that is not h1`);
  return `${path}: ${parts.join(', ')}`;
}
