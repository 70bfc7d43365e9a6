import type { Verdict } from '../balance/course.ts';
import { TIME_OUTS, UNANSWERED, type Outcome } from '../balance/outcome.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { VisitReport } from '../events/events.ts';
import type { RemoteFile } from '../gomod/module-file.ts';
import { formatDuration } from '../kit/duration.ts';
import type { Mirror } from './mirror.ts';
import { nextGateMs, poolId, type Pool } from './pool.ts';
import type { Roster } from './roster.ts';
import { describeTried } from './tried.ts';
import { standingText } from '../words/standing-text.ts';
import { many, say, type Text } from '../words/text.ts';

/** What a file is called in errors: `github.com/a/b@v1.2.3`, `github.com/a/b (list)`. */
export function describeFile(file: RemoteFile): Text | string {
  switch (file.kind) {
    case 'list':
      return say('{module} (version list)', { module: file.module });
    case 'latest':
      return `${file.module}@latest`;
    case 'query':
      return `${file.module}@${file.query}`;
    case 'info':
    case 'mod':
    case 'zip':
      return `${file.module}@${file.version}`;
    case 'sumdb-lookup':
      return `${file.db}: ${file.module}@${file.version}`;
    case 'sumdb-tile':
      return `${file.db}/${file.path}`;
    case 'sumdb-latest':
      return `${file.db}/latest`;
    case 'sumdb-supported':
      return `${file.db}/supported`;
  }
}

/**
 * The error that ends a request without a 200: its code says what kind of end, its details say what each
 * mirror of the pool answered or why it was left out.
 */
export function verdictError(
  verdict: Verdict,
  {
    file,
    pool,
    roster,
    reports,
    nowMs,
  }: {
    file: RemoteFile;
    pool: Pool;
    roster: Roster;
    reports: readonly VisitReport[];
    nowMs: number;
  },
): RondoError {
  const details = pool.mirrors.map((mirror) => detailOf(mirror, roster, reports));
  const what = describeFile(file);
  const tried = describeTried(reports);
  const known = tried === undefined ? {} : { tried };
  const wordsOf = (cause: Outcome['cause']): string | undefined =>
    reports.find((report) => report.outcome.cause === cause)?.words;
  switch (verdict) {
    case 'not-found': {
      const message =
        wordsOf('not-found')?.replace(/^not found: /, '') ?? say('{what}: no mirror has it', { what });
      const more = { ...known, details: details.length > 1 ? details : [] };
      return new RondoError('E_NOT_FOUND', message, { ...more, saidByPool: poolId(pool) });
    }
    case 'refused': {
      const message = wordsOf('refused') ?? say('{what}: refused by every mirror', { what });
      return new RondoError('E_REFUSED', message, { ...known, details });
    }
    case 'failed':
      return allFailed(pool, reports, what, { ...known, details, hint: MIRRORS_HINT });
    case 'busy':
      return new RondoError('E_BUSY', say('too many requests wait for a mirror already: {what}', { what }), {
        ...known,
        details,
        retryAfterMs: BUSY_RETRY_MS,
        hint: say('try again in a second; more waiting requests: RONDO_LIMITS_QUEUE'),
      });
    case 'nobody': {
      const retryAfterMs = waitForAnybody(pool, roster, nowMs);
      return new RondoError(
        'E_NO_ELIGIBLE_MIRROR',
        say('no mirror may be asked right now for {what}', { what }),
        {
          ...known,
          details,
          retryAfterMs,
          hint: say('try again in {formatDuration}', {
            formatDuration: formatDuration(Math.ceil(retryAfterMs / 1000) * 1000),
          }),
        },
      );
    }
  }
}

/** Nobody has answered the question, in one way or another. */
function allFailed(
  { mirrors }: Pool,
  reports: readonly VisitReport[],
  what: Text | string,
  more: { readonly details: readonly (Text | string)[]; readonly hint: Text },
): RondoError {
  const outcomes = reports.map((report) => report.outcome);
  const count = mirrors.length;
  // Passed on as what it is: the Rondo that asks must not take this one for a mirror that is down.
  if (outcomes.length > 0 && outcomes.every(({ cause }) => cause === 'loop'))
    return new RondoError('E_LOOP', reports[0]?.words ?? ledBack(count), more);
  // Of one that its deadline overtook nothing was heard at all.
  const told = { ...more, unanswered: outcomes.every(({ cause }) => UNANSWERED.has(cause)) };
  return outcomes.every(isTimeOut)
    ? new RondoError(
        'E_MIRROR_TIMEOUT',
        many(count, 'the only mirror timed out for {what}', 'all {count} mirrors timed out for {what}', {
          what,
        }),
        told,
      )
    : new RondoError(
        'E_NO_MIRROR',
        many(count, 'the only mirror failed for {what}', 'all {count} mirrors failed for {what}', { what }),
        told,
      );
}

function ledBack(count: number): Text {
  return many(count, 'the only mirror led back to a Rondo', 'all {count} mirrors led back to a Rondo');
}

function detailOf(mirror: Mirror, roster: Roster, reports: readonly VisitReport[]): Text {
  const last = reports.findLast((report) => report.mirror === mirror.name);
  const { name } = mirror;
  if (last !== undefined)
    // Others stand behind it.
    return say('{mirror}: {detail}', {
      mirror: name,
      detail: (last.words ?? last.outcome.detail).replace(/\.$/, ''),
    });
  return say('{mirror}: not asked, {status}: {why}', {
    mirror: name,
    status: roster.standing(mirror).status,
    why: standingText(roster.words(mirror).why),
  });
}

/**
 * A second at least; no more while the network of this machine is gone, since it is looked for every second, or while a
 * trial is under way, which is over in a few.
 */
function waitForAnybody(pool: Pool, roster: Roster, nowMs: number): number {
  const isTried = pool.mirrors.some((mirror) => roster.standing(mirror).status === 'TRIAL');
  const longestMs = isTried || roster.outage() !== undefined ? 1000 : 30_000;
  return Math.max(1000, Math.min(nextGateMs(pool, roster) - nowMs, longestMs));
}

const BUSY_RETRY_MS = 1000;
const MIRRORS_HINT = say('rondo mirrors shows how the mirrors stand');

function isTimeOut(outcome: Outcome): boolean {
  return TIME_OUTS.has(outcome.cause);
}
