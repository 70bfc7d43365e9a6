import { withoutInfo } from '../upkeep/fetch-lacking.ts';
import { verifyGoSum, type GoSumLine } from '../upkeep/verify-go-sum.ts';
import type { CliContext } from './context.ts';
import { withCopy } from './copy-work.ts';
import { dataLine, stateLine } from './data-line.ts';
import { EXIT } from './exit-code.ts';
import type { Flags } from './flags.ts';
import { readGoSumFiles, type GoSumFile } from './go-sum-files.ts';
import { jsonText } from './json-text.ts';
import { sameOptions } from './same-options.ts';
import { listed, many, say, type Text } from '../words/text.ts';

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
      doing: say('verifying'),
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

function tell(verified: readonly Verified[], flags: Flags, context: CliContext): number {
  if (flags.json === true) context.data(jsonText(jsonOf(verified)));
  else for (const file of verified) for (const line of linesOf(file)) dataLine(line, context);
  for (const file of verified) context.tell(summaryOf(file));
  const options = sameOptions(flags);
  for (const line of remedies(verified, options)) context.tell(line);
  for (const { path, withoutInfo: count } of verified) {
    if (count === 0) continue;
    context.tell(
      many(
        count,
        '{path}: {count} version without .info: go build works, and offline go mod download fails; where there is a network: rondo cache seal{options}',
        '{path}: {count} versions without .info: go build works, and offline go mod download fails; where there is a network: rondo cache seal{options}',
        { path, options },
      ),
    );
  }
  return Math.max(...verified.map(codeOf));
}

function remedies(verified: readonly Verified[], options: string): Text[] {
  const has = (wanted: GoSumLine['state']): boolean =>
    verified.some(({ lines }) => lines.some(({ state }) => state === wanted));
  const repair = say(
    'what differs is damaged here, or go.sum is wrong; to mend the copy: rondo cache verify --repair{options}',
    { options },
  );
  // go asks nobody for what it has in its own cache.
  const take = say(
    'a build may not need all of them; what go has already: rondo cache import "$(go env GOMODCACHE)"{options}; what it has not: rondo exec{options} -- go mod download',
    { options },
  );
  return [...(has('different') ? [repair] : []), ...(has('missing') ? [take] : [])];
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

function linesOf({ path, lines, goSum: { flaws } }: Verified): Text[] {
  const findings = lines.filter(({ state }) => state !== 'equal');
  return [
    ...findings.map(({ line, module, version, kind, state, why = '' }) => {
      const what = kind === 'zip' ? `${module}@${version}` : `${module}@${version} go.mod`;
      return stateLine(state, `${path}:${line}: ${what}`, why);
    }),
    ...flaws.map(({ line, why }) => stateLine('malformed', `${path}:${line}`, why)),
  ];
}

function summaryOf({ path, lines, goSum: { flaws, unknownHashes } }: Verified): Text {
  const { equal, different, missing, unreadable } = countsOf(lines);
  const parts = [say('{equal} of {total} lines held and equal', { equal, total: lines.length })];
  if (different > 0) parts.push(say('{different} different', { different }));
  if (missing > 0) parts.push(say('{missing} missing', { missing }));
  if (unreadable > 0) parts.push(say('{unreadable} that cannot be read', { unreadable }));
  if (flaws.length > 0) parts.push(say('{malformed} malformed', { malformed: flaws.length }));
  if (unknownHashes > 0) parts.push(say('{unknownHashes} with a hash that is not h1', { unknownHashes }));
  return say('{path}: {message}', { path, message: listed(parts) });
}
