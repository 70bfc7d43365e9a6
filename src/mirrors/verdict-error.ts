import type { Verdict } from '../balance/course.ts';
import { TIME_OUTS, type Outcome } from '../balance/outcome.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { VisitReport } from '../events/events.ts';
import type { RemoteFile } from '../gomod/module-file.ts';
import { formatDuration } from '../kit/duration.ts';
import type { Mirror } from './mirror.ts';
import { nextGateMs, type Pool } from './pool.ts';
import type { Roster } from './roster.ts';
import { describeTried } from './tried.ts';
import { say } from '../words/text.ts';

/** What a file is called in errors: `github.com/a/b@v1.2.3`, `github.com/a/b (list)`. */
export function describeFile(file: RemoteFile): string {
  switch (file.kind) {
    case 'list':
      return `${file.module} (version list)`;
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
      const message = wordsOf('not-found')?.replace(/^not found: /, '') ?? `${what}: no mirror has it`;
      return new RondoError('E_NOT_FOUND', message, { ...known, details: details.length > 1 ? details : [] });
    }
    case 'refused': {
      const message = wordsOf('refused') ?? `${what}: refused by every mirror`;
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
  what: string,
  more: { readonly details: readonly string[]; readonly hint: string },
): RondoError {
  const outcomes = reports.map((report) => report.outcome);
  const whom = mirrors.length === 1 ? 'the only mirror' : `all ${mirrors.length} mirrors`;
  // Passed on as what it is: the Rondo that asks must not take this one for a mirror that is down.
  if (outcomes.length > 0 && outcomes.every(({ cause }) => cause === 'loop'))
    return new RondoError('E_LOOP', reports[0]?.words ?? `${whom} led back to a Rondo`, more);
  // Of one that its deadline overtook nothing was heard at all.
  return outcomes.every(isTimeOut)
    ? new RondoError('E_MIRROR_TIMEOUT', say('{whom} timed out for {what}', { whom, what }), more)
    : new RondoError('E_NO_MIRROR', say('{whom} failed for {what}', { whom, what }), more);
}

function detailOf(mirror: Mirror, roster: Roster, reports: readonly VisitReport[]): string {
  const last = reports.findLast((report) => report.mirror === mirror.name);
  if (last !== undefined) return `${mirror.name}: ${last.words ?? last.outcome.detail}`;
  return `${mirror.name}: not asked, ${roster.standing(mirror).status}: ${roster.words(mirror).why}`;
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
const MIRRORS_HINT = 'rondo mirrors shows how the mirrors stand';

function isTimeOut(outcome: Outcome): boolean {
  return TIME_OUTS.has(outcome.cause);
}
